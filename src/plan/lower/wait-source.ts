import type { Span } from '../../model/source-file.ts';
import type { Node } from '../../source/yaml/node.ts';
import type { FlowSettings } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import type { Fields } from '../read/keys.ts';
import { makeMap, makeScalar, writeExpression } from './synthetic.ts';

/** Other spellings of `poll`. */
export const WAIT_WORDS: readonly string[] = ['db_poll', 'wait_for', 'wait_until'];

/** What one look does, and what has to hold for its result. */
export interface Look {
  readonly step: Node;
  readonly until: Node;
}

/** What a wait is lowered from. */
export interface WaitSource {
  /** The word in the file. */
  readonly name: string;
  readonly fields: Fields;
  /** Where it stands. */
  readonly anchor: Span;
  readonly findings: Findings;
  /** What testmesh.yaml says of all flows. */
  readonly flowSettings?: FlowSettings | undefined;
}

/** Reports a setting that has to be there. */
export function reportNeeded({ name, anchor, fields, findings }: WaitSource, key: string, example: string): undefined {
  if (!fields.misspelt.has(key)) {
    findings.error(CODES.missingKey, `\`${name}\` needs \`${key}\``, fields.empty.get(key) ?? anchor, [
      `write it below \`config:\`, as \`${example}\``,
    ]);
  }
}

/** The step of a look. */
export function makeLook(action: string, config: Readonly<Record<string, Node | undefined>>, anchor: Span): Node {
  return makeMap(
    { id: makeScalar('probe', anchor), action: makeScalar(action, anchor), config: makeMap(config, anchor) },
    anchor,
  );
}

/** A number or bool in quotes, as tools write it that know texts alone. */
const QUOTED = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?|true|false)$/;

/** Compares with an authored value; one in quotes that reads as a number or bool is this, too: columns and bodies have types. */
export function writeComparison(actual: string, value: Node): string {
  const expected = writeExpression(value);
  if (value.kind !== 'scalar' || typeof value.value !== 'string' || !QUOTED.test(value.value))
    return `${actual} == ${expected}`;
  return `${actual} in [${expected}, ${value.value}]`;
}
