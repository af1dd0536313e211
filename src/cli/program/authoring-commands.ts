import { Argument, type Command } from 'commander';
import { createColorOption } from '../arguments/flags.ts';
import { SHELLS, type Shell } from '../completion/shell-scripts.ts';
import {
  createCheckOption,
  createDoctorOptions,
  createInitOptions,
  createNewOptions,
  type DoctorFlags,
  type FormatFlags,
  type InitFlags,
  type NewFlags,
} from './authoring-flags.ts';
import { configure, type Heard } from './configure-command.ts';

/** Commands that help to write flows. */
export interface AuthoringHandlers {
  schema(kind: 'flow' | 'project'): Promise<number>;
  format(paths: readonly string[], flags: FormatFlags): Promise<number>;
  initProject(folder: string, flags: InitFlags): Promise<number>;
  newFlow(words: readonly string[], flags: NewFlags): Promise<number>;
  doctor(paths: readonly string[], flags: DoctorFlags): Promise<number>;
  completion(request: { shell: Shell; words: readonly string[]; program: Command }): Promise<number>;
}

interface Handled extends Heard {
  readonly handlers: AuthoringHandlers;
}

const SCHEMA_HELP = `
Examples:
  testmesh schema > flow.schema.json              then, at the top of a flow: # yaml-language-server: $schema=flow.schema.json
  testmesh schema project > project.schema.json   the same for testmesh.yaml
`;

const FORMAT_HELP = `
Indents by two, puts one blank between things, breaks lists and maps in brackets that are too long for a line, and keeps comments,
anchors, quotes, blocks and the order of keys. A file that is broken is left as it is, with its finding.

Exit codes:
  0 all are laid out, 1 some are not (--check), 2 a file is broken, 3 one cannot be written
`;

const NEW_HELP = `
Example:
  testmesh new -- curl http://localhost:5001/users -H "authorization: Bearer $API_TOKEN" -d '{"name": "Ada"}'

The request is sent (GET and HEAD twice). What is steady in the answer is asserted by value; ids, times and random things by their
types. Secrets become names, which the environment or --secret gives.
`;

const DOCTOR_HELP = `
Asked are the addresses (http, postgres, mysql, redis, brokers) that \`env\` and steps of flows, the chosen environment and its
connections name, all at the same time.

Exit codes:
  0 all is well, 2 a mistake in testmesh.yaml, flows or flags, 3 something cannot be reached
`;

const INIT_HELP = `
Writes testmesh.yaml, a flow, the stub that it passes against, a workflow for GitHub, .gitignore, and schemas for editors. Files that are
there stay as they are. On a terminal it asks two questions, which flags answer too; elsewhere it takes the usual.
`;

const COMPLETION_HELP = `
Write one of these where your shell starts:
  source <(testmesh completion bash)      ~/.bashrc
  source <(testmesh completion zsh)       ~/.zshrc, behind compinit
  testmesh completion fish | source       ~/.config/fish/config.fish
`;

/** Adds them to the program. */
export function addAuthoring(program: Command, heard: Handled, exit: (code: number) => void): void {
  addEditing(program, heard, exit);
  addBeginning(program, heard, exit);
}

/** For those who have flows. */
function addEditing(program: Command, heard: Handled, exit: (code: number) => void): void {
  const { handlers } = heard;
  configure(program.command('schema'), heard)
    .description('the JSON Schema of flow files, or of testmesh.yaml, for editors: every key with what it means')
    .addArgument(new Argument('[kind]', 'of what files').choices(['flow', 'project']).default('flow'))
    .addHelpText('after', SCHEMA_HELP)
    .action(async (kind: 'flow' | 'project') => exit(await handlers.schema(kind)));
  configure(program.command('fmt'), heard)
    .description('give flow files the one layout; values, comments and the order of keys stay')
    .argument('[paths...]', 'files, globs or directories (default: flows/**/*.{yaml,yml})')
    .addOption(createCheckOption())
    .addOption(createColorOption())
    .addHelpText('after', FORMAT_HELP)
    .action(async (paths: string[], flags: FormatFlags) => exit(await handlers.format(paths, flags)));
  configure(program.command('completion'), heard)
    .description('what a shell reads to complete commands, flags, flows, environments and steps')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addArgument(new Argument('[words...]', 'what the shell asks with: the words that are typed, behind `--`'))
    .addHelpText('after', COMPLETION_HELP)
    .action(async (shell: Shell, words: string[]) => exit(await handlers.completion({ shell, words, program })));
}

/** For those who begin. */
function addBeginning(program: Command, heard: Handled, exit: (code: number) => void): void {
  const { handlers } = heard;
  const create = configure(program.command('new'), heard)
    .description('send what a curl command would, and write a flow that expects what was answered')
    .argument('[curl...]', 'the curl command')
    // What follows is for curl.
    .passThroughOptions();
  for (const option of createNewOptions()) create.addOption(option);
  create
    .addHelpText('after', NEW_HELP)
    .action(async (words: string[], flags: NewFlags) => exit(await handlers.newFlow(words, flags)));
  const init = configure(program.command('init'), heard)
    .description('make a project that passes at once: a flow, the stub that answers it, a workflow for CI')
    .argument('[folder]', 'where', '.');
  for (const option of createInitOptions()) init.addOption(option);
  init
    .addHelpText('after', INIT_HELP)
    .action(async (folder: string, flags: InitFlags) => exit(await handlers.initProject(folder, flags)));
  const doctor = configure(program.command('doctor'), heard)
    .description('reach every service, broker and database that the chosen environment and the flows name')
    .argument('[paths...]', 'flow files, globs or directories (default: flows/**/*.{yaml,yml})');
  for (const option of createDoctorOptions()) doctor.addOption(option);
  doctor
    .addHelpText('after', DOCTOR_HELP)
    .action(async (paths: string[], flags: DoctorFlags) => exit(await handlers.doctor(paths, flags)));
}
