import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { PROJECT_FILE } from '../arguments/find-project.ts';
import { writeSchema } from '../commands/schema-command.ts';

/** The schema of flow files, in the folder of the project. */
export const SCHEMA_FILE = 'flow.schema.json';

/** The line by which an editor knows what a flow file may hold; the schema that it names is written where there is none. */
export function writeEditorLine(path: string, cwd: string): string {
  const schema = join(findProjectFolder(dirname(path)) ?? cwd, SCHEMA_FILE);
  if (!existsSync(schema)) writeFileSync(schema, `${JSON.stringify(writeSchema('flow'))}\n`, { flag: 'wx' });
  return `# yaml-language-server: $schema=${relative(dirname(path), schema).split(sep).join('/')}`;
}

/** The folder that has a project's file or the schema. */
function findProjectFolder(from: string): string | undefined {
  if ([PROJECT_FILE, SCHEMA_FILE].some((name) => existsSync(join(from, name)))) return from;
  return dirname(from) === from ? undefined : findProjectFolder(dirname(from));
}
