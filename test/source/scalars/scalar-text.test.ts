import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, parse, Scalar } from 'yaml';
import { createSourceFile } from '../../../src/model/source-file.ts';
import type { ScalarNode } from '../../../src/source/yaml/node.ts';
import { findNode } from '../../../src/source/yaml/node.ts';
import { readYaml } from '../../../src/source/yaml/read-yaml.ts';
import { repeats } from '../../support/sample.ts';

const STYLES = ['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;

/** Words with blanks, breaks, quotes, escapes and characters beyond the first plane. */
const anyText = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom('alpha', 'b', 'status == 200', '{{x}}', '日本', '😀', 'é', "it's", '"q"'),
      },
      { weight: 2, arbitrary: fc.constantFrom(' ', '  ', '\n', '\n\n', '\n  ', '\t', ' #', ': ', '\\', "''") },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
    ),
    { minLength: 1, maxLength: 14 },
  )
  .map((parts) => parts.join(''));

function writeScalar(
  text: string,
  style: (typeof STYLES)[number],
  shape: { lineWidth: number; isCrlf: boolean },
): string {
  const scalar = new Scalar(text);
  scalar.type = style;
  const document = new Document({ deep: [{ key: scalar }] });
  const source = document.toString({ lineWidth: shape.lineWidth, minContentWidth: 0, indentSeq: true });
  return shape.isCrlf ? source.replaceAll('\n', '\r\n') : source;
}

function readScalar(source: string): ScalarNode {
  const file = createSourceFile('f.yaml', '/f.yaml', source);
  const [root] = readYaml(file).documents;
  const node = root && findNode(root, ['deep', 0, 'key']);
  if (node?.kind !== 'scalar') throw new Error(`no scalar in ${source}`);
  return node;
}

/** Whether the source stretch can produce the character: itself, a fold, an escape or a doubled quote. */
function canProduce(stretch: string, unit: string, isEscaping: boolean): boolean {
  if (stretch === unit) return true;
  if (unit === ' ' && /^\r?\n$/.test(stretch)) return true;
  if (unit === '\n' && /^\r?\n$/.test(stretch)) return true;
  if (unit === "'" && stretch === "''") return true;
  return isEscaping && stretch.startsWith('\\') && String(JSON.parse(`"${toJsonEscape(stretch)}"`)).includes(unit);
}

function toJsonEscape(stretch: string): string {
  const hex = /^\\(?:x|u|U)([\da-fA-F]+)$/.exec(stretch)?.[1];
  if (hex !== undefined) return JSON.stringify(String.fromCodePoint(Number.parseInt(hex, 16))).slice(1, -1);
  const rare: Record<string, string> = {
    '0': '\0',
    a: '\x07',
    e: '\x1b',
    v: '\v',
    N: '\x85',
    _: '\xa0',
    L: '\u2028',
    P: '\u2029',
    ' ': ' ',
    '\t': '\t',
  };
  return JSON.stringify(rare[stretch[1] ?? ''] ?? '').slice(1, -1) || stretch;
}

describe('locate', () => {
  it('maps each character back to the source that produces it, in every style', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.constantFrom(...STYLES),
        fc.constantFrom(0, 20),
        fc.boolean(),
        (text, style, lineWidth, isCrlf) => {
          fc.pre(text.isWellFormed() && !text.includes('\r'));
          const source = writeScalar(text, style, { lineWidth, isCrlf });
          const node = readScalar(source);
          fc.pre(typeof node.value === 'string');
          const decoded = parse(source).deep[0].key;
          expect(node.value).toBe(decoded);
          let last = 0;
          for (let at = 0; at < decoded.length; at++) {
            const { start, end } = node.text.locate(at);
            const stretch = source.slice(start, end);
            // Halves of a pair stand as one in an escape only.
            const unit = decoded[at] ?? '';
            if (!canProduce(stretch, unit, node.style === 'double')) {
              throw new Error(
                `${JSON.stringify(stretch)} does not produce ${JSON.stringify(unit)} at ${at} in ${JSON.stringify(source)}`,
              );
            }
            expect(start).toBeGreaterThanOrEqual(last);
            last = start;
          }
        },
      ),
      { numRuns: repeats('scalars in YAML', 1500) },
    );
  });

  it.each([
    ['plain', 'k: one two\n', 4, 3, 'two'],
    ['plain over lines', 'k: one\n   two\n\n   three\n', 8, 5, 'three'],
    ['single quotes', "k: 'it''s two'\n", 5, 3, 'two'],
    ['double quotes', 'k: "a\\tb\\u00e9 two"\n', 5, 3, 'two'],
    ['double quotes over lines', 'k: "one \\\n   two"\n', 4, 3, 'two'],
    ['literal', 'k: |\n  one\n    two\n', 6, 3, 'two'],
    ['literal with CRLF', 'k: |\r\n  one\r\n  two\r\n', 4, 3, 'two'],
    ['literal with indicator and comment', 'k: |2- # why\n    one\n  two\n', 6, 3, 'two'],
    ['folded', 'k: >-\n  one\n  two\n\n  three\n', 8, 5, 'three'],
    ['folded with deeper lines', 'k: >\n  one\n\n    deep\n  two\n', 12, 3, 'two'],
  ])('finds a word in a scalar: %s', (_name, source, offset, length, expected) => {
    const file = createSourceFile('f.yaml', '/f.yaml', source);
    const node = readYaml(file).documents[0];
    const scalar = node && findNode(node, ['k']);
    if (scalar?.kind !== 'scalar') throw new Error('no scalar');
    expect(scalar.text.text.slice(offset, offset + length)).toBe(expected);
    const span = scalar.text.locate(offset, length);
    expect(source.slice(span.start, span.end)).toBe(expected);
  });

  it.each(['|', '>', '|+'])('keeps the break that YAML adds at the end of a file inside the file: %s', (header) => {
    const source = `deep:\n  - key: ${header}\n      status ==`;
    const { text } = readScalar(source);
    expect(text.text).toBe('status ==\n');
    for (let at = 0; at <= text.text.length; at++) expect(text.locate(at).end).toBeLessThanOrEqual(source.length);
  });

  it('keeps positions behind the end inside the scalar', () => {
    const source = "k: 'ab'\n";
    const node = readYaml(createSourceFile('f.yaml', '/f.yaml', source)).documents[0];
    const scalar = node && findNode(node, ['k']);
    if (scalar?.kind !== 'scalar') throw new Error('no scalar');
    expect(scalar.text.locate(99, 3)).toMatchObject({ start: 6, end: 6 });
    expect(scalar.text.locate(1, 99)).toMatchObject({ start: 5, end: 6 });
    expect(scalar.text.locate(0, 0)).toMatchObject({ start: 4, end: 4 });
  });
});
