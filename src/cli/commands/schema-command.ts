import { actions } from '../../actions/registry.ts';
import { codeDocs } from '../../plan/code-docs/all-codes.ts';
import { writeFlowSchema } from '../../plan/editor/flow-schema.ts';
import type { JsonSchema } from '../../plan/editor/json-schema.ts';
import { writeProjectSchema } from '../../plan/editor/project-schema.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT } from '../process/usage-error.ts';
import { docsOfSettings, writeSettingDoc } from '../setting-docs/setting-docs.ts';
import { FLOW_ROWS, STEP_ROWS } from './explain-flow.ts';
import { KEYS_OF_FILE } from './explain-project.ts';

/** What a schema can be of. */
export const SCHEMA_KINDS = ['flow', 'project'] as const;
export type SchemaKind = (typeof SCHEMA_KINDS)[number];

/** Prints the JSON Schema of flow files, or of testmesh.yaml. */
export function printSchema(kind: SchemaKind, terminal: Terminal): number {
  terminal.write(`${JSON.stringify(writeSchema(kind), null, 2)}\n`);
  return EXIT.passed;
}

/** The JSON Schema of a kind of file. */
export function writeSchema(kind: SchemaKind): JsonSchema {
  if (kind === 'flow')
    return writeFlowSchema(actions, { flow: toDocs(FLOW_ROWS), step: toDocs(STEP_ROWS), settings: writeSettingDocs });
  return writeProjectSchema(actions, { docs: toDocs(KEYS_OF_FILE), codes: codeDocs.map(({ code }) => code) });
}

function writeSettingDocs(action: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(docsOfSettings(action)).map(([key, doc]) => [key, writeSettingDoc(doc)]));
}

/** A row may be about several keys. */
function toDocs(rows: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(rows.flatMap(([keys, text]) => keys.split(', ').map((key) => [key, text] as const)));
}
