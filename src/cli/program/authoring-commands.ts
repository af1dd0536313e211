import { Argument, type Command } from 'commander';
import { configure, type Heard } from './configure-command.ts';

/** Commands that help to write flows. */
export interface AuthoringHandlers {
  schema(kind: 'flow' | 'project'): Promise<number>;
}

interface Handled extends Heard {
  readonly handlers: AuthoringHandlers;
}

const SCHEMA_HELP = `
Examples:
  testmesh schema > flow.schema.json              then, at the top of a flow: # yaml-language-server: $schema=flow.schema.json
  testmesh schema project > project.schema.json   the same for testmesh.yaml
`;

/** Adds them to the program. */
export function addAuthoring(program: Command, heard: Handled, exit: (code: number) => void): void {
  const { handlers } = heard;
  configure(program.command('schema'), heard)
    .description('the JSON Schema of flow files, or of testmesh.yaml, for editors: every key with what it means')
    .addArgument(new Argument('[kind]', 'of what files').choices(['flow', 'project']).default('flow'))
    .addHelpText('after', SCHEMA_HELP)
    .action(async (kind: 'flow' | 'project') => exit(await handlers.schema(kind)));
}
