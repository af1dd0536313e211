import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src', import.meta.url));

/** Fields of events that are sentences: what they say is data beside them, so nothing may look into them. */
const SENTENCES = 'message|reason|summary|hint|hints|clue|clues|skipReason|note|notes';
const LOOKS = 'match|matchAll|startsWith|endsWith|includes|indexOf|search|charAt';
const READS = [
  new RegExp(`\\b(${SENTENCES})\\b\\??\\.(${LOOKS})\\(`),
  new RegExp(`\\.(test|exec)\\((\\w+\\??\\.)*(${SENTENCES})\\b`),
  new RegExp(`\\b(${SENTENCES})\\s*[!=]==\\s*['"\`]\\w`),
];
/** Notes are kept once each, and what a flow's author expects of a sentence is looked for in it. */
const ALLOWED = ['kept.notes.includes(text)', 'problem.message.includes(message)'];

describe('what reports and the engine know', () => {
  it('is data: nothing looks into a sentence', () => {
    const found = ['reporters', 'engine', 'records', 'cli/output', 'cli/commands']
      .flatMap(readLines)
      .filter(({ line }) => {
        const code = ALLOWED.reduce((text, allowed) => text.replace(allowed, ''), line.replace(/\/\/.*$/, ''));
        return READS.some((pattern) => pattern.test(code));
      });
    expect(found.map(({ path, line }) => `${path}: ${line.trim()}`)).toEqual([]);
  });

  it.each([
    "kind === 'interrupted' && INTERRUPTED.test(message)",
    "!problem.message.includes('cannot be evaluated')",
    "reason.startsWith('not ')",
    "step.skipReason === 'not reached'",
    "step.summary.includes('assertion')",
  ])('would notice %s', (line) => {
    expect(READS.some((pattern) => pattern.test(line))).toBe(true);
  });
});

function readLines(folder: string): readonly { readonly path: string; readonly line: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const path = join(folder, name);
      return readFileSync(join(root, path), 'utf8')
        .split('\n')
        .map((line) => ({ path, line }));
    });
}
