import { Command, CommanderError } from 'commander';
import { applyEnvironment } from '../arguments/environment-forms.ts';
import { protectExpression } from '../arguments/expression-operand.ts';
import {
  type CommonFlags,
  createAgainstOption,
  createColorOption,
  createCommonOptions,
  createEnvironmentOption,
  createEvalOptions,
  createFormatOption,
  createListOptions,
  createLogOption,
  createMockOptions,
  createProtectedOption,
  createRunOptions,
  createUpOptions,
  type ListFlags,
  type MockFlags,
  type RunFlags,
  type UpFlags,
  type ValidateFlags,
  type VerifyFlags,
} from '../arguments/flags.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { spellOptionalValues } from '../arguments/order-flags.ts';
import {
  createMergeOptions,
  createReportOptions,
  MERGE_HELP,
  type MergeFlags,
  REPORT_HELP,
  type ReportRunFlags,
} from '../arguments/report-flags.ts';
import type { EvalFlags } from '../commands/eval-command.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT } from '../process/usage-error.ts';
import { type AuthoringHandlers, addAuthoring } from './authoring-commands.ts';
import { configure, type Heard } from './configure-command.ts';

export interface ProgramHandlers extends ReportHandlers, AuthoringHandlers {
  run(paths: readonly string[], flags: RunFlags): Promise<number>;
  validate(paths: readonly string[], flags: ValidateFlags): Promise<number>;
  list(paths: readonly string[], flags: ListFlags): Promise<number>;
  evaluate(expression: string | undefined, flags: EvalFlags): Promise<number>;
  mock(file: string | undefined, flags: MockFlags): Promise<number>;
  verify(file: string, flags: VerifyFlags): Promise<number>;
  up(names: readonly string[], flags: UpFlags): Promise<number>;
  load(paths: readonly string[], flags: LoadFlags): Promise<number>;
  explain(code: string | undefined, flags: Pick<CommonFlags, 'color'>): Promise<number>;
}

/** Commands that report what ran. */
interface ReportHandlers {
  report(record: string, flags: ReportRunFlags): Promise<number>;
  mergeReports(paths: readonly string[], flags: MergeFlags): Promise<number>;
}

const EXAMPLES = `
Examples:
  testmesh init                                     a project that passes at once
  testmesh new -- curl http://localhost:5001/users  a flow that expects what is answered now
  testmesh run flow.yaml                            run a flow
  testmesh run flow.yaml --only verify_order_in_db  one step, with the values of the last run
  testmesh validate flows/                          every mistake, before anything is contacted
  testmesh list flows/ --tags smoke                 which flows there are, and what they do
  testmesh load flow.yaml --vus 10 --duration 30s   the same flow by ten users at a time
  testmesh up                                       what testmesh.yaml has beside the flows, until Ctrl-C
  testmesh merge-reports blobs/ --reporter markdown one report of all shards
  testmesh explain TM104                            what a finding means
  testmesh explain testmesh.yaml                    what a project has: services, stubs, proxies
`;

interface Handled extends Heard {
  readonly handlers: ProgramHandlers;
}

/** Reads the command line and calls the command; gives the exit code. */
export async function runProgram(
  words: readonly string[],
  options: { version: string; terminal: Terminal; handlers: ProgramHandlers },
): Promise<number> {
  const { terminal } = options;
  let exitCode: number = EXIT.passed;
  const heard = { words, ...options };
  const program = configure(new Command('testmesh'), heard)
    .description('Runs YAML flows across services (HTTP, Kafka, SQL) and gives a verdict that is true.')
    .version(options.version, '-V, --version', 'print the version')
    // `mock verify` takes flags that `mock` takes, too.
    .enablePositionalOptions()
    .addHelpText('after', EXAMPLES)
    .hook('preAction', (_, command) => applyEnvironment(command, terminal.env));
  const exit = (code: number): void => {
    exitCode = code;
  };
  addCommands(program, heard, exit);
  await addLoad(program, heard, exit);
  if (words.length === 0) {
    terminal.write(program.helpInformation() + EXAMPLES);
    return EXIT.passed;
  }
  try {
    await program.parseAsync([...spellOptionalValues(protectExpression(readHelp(words, program)))], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.passed : EXIT.usage;
  }
  return exitCode;
}

function addCommands(program: Command, heard: Handled, exit: (code: number) => void): void {
  const { handlers } = heard;
  const run = configure(program.command('run [paths...]'), heard).description(
    'run flows: files, globs or directories (default: `flows` of testmesh.yaml, else flows/**/*.{yaml,yml})',
  );
  for (const option of [
    ...createRunOptions(),
    createEnvironmentOption(),
    createProtectedOption(),
    ...createCommonOptions(),
    createLogOption(),
  ])
    run.addOption(option);
  run
    .addHelpText('after', EXIT_HELP)
    .action(async (paths: string[], flags: RunFlags) => exit(await handlers.run(paths, flags)));
  const validate = configure(program.command('validate [paths...]'), heard)
    .description('report every mistake in flows; nothing is contacted')
    .addOption(createFormatOption());
  for (const option of [createEnvironmentOption(), ...createCommonOptions(), createLogOption()])
    validate.addOption(option);
  validate.action(async (paths: string[], flags: ValidateFlags) => exit(await handlers.validate(paths, flags)));
  addList(program, heard, exit);
  const evaluate = configure(program.command('eval [expression]'), heard).description(
    'evaluate an expression over the names of a JSON file, or lines {"expr", "env"} from standard input',
  );
  for (const option of createEvalOptions()) evaluate.addOption(option);
  evaluate.action(async (expression: string | undefined, flags: EvalFlags) =>
    exit(await handlers.evaluate(expression, flags)),
  );
  addMock(program, heard, exit);
  const up = configure(program.command('up [names...]'), heard).description(
    'start services, stubs and proxies of testmesh.yaml (those named, with what they need; else all) and keep them until Ctrl-C; runs in this project use them meanwhile',
  );
  for (const option of [...createUpOptions(), createEnvironmentOption(), ...createCommonOptions()])
    up.addOption(option);
  up.addHelpText('after', UP_HELP).action(async (names: string[], flags: UpFlags) =>
    exit(await handlers.up(names, flags)),
  );
  addReports(program, heard, exit);
  addAuthoring(program, heard, exit);
  configure(program.command('explain [code]'), heard)
    .description(
      'explain what the code of a finding means, with examples; `explain actions` lists what steps do, `explain functions` what expressions can call, and the name of one shows how it is written; `explain testmesh.yaml` shows what a project has, `explain services`, `environments`, `defaults`, `before_all`, `stubs`, `routes`, `then`, `proxies`, `faults`, `mocks`, `agree` and `effects` its parts',
    )
    .addOption(createColorOption())
    .action(async (code: string | undefined, flags: Pick<CommonFlags, 'color'>) =>
      exit(await handlers.explain(code, flags)),
    );
}

function addReports(program: Command, heard: Handled, exit: (code: number) => void): void {
  const { handlers } = heard;
  const report = configure(program.command('report [record]'), heard).description(
    'a recorded run through any reporter: `last` (the default), the id of a run, a file of events or a blob',
  );
  for (const option of createReportOptions()) report.addOption(option);
  report
    .addHelpText('after', REPORT_HELP)
    .action(async (record = 'last', flags: ReportRunFlags) => exit(await handlers.report(record, flags)));
  const merge = configure(program.command('merge-reports <blobs...>'), heard).description(
    'the blobs of shards (files, or folders of them) into one report and one exit code, through any reporter',
  );
  for (const option of createMergeOptions()) merge.addOption(option);
  merge
    .addHelpText('after', MERGE_HELP)
    .action(async (paths: string[], flags: MergeFlags) => exit(await handlers.mergeReports(paths, flags)));
}

/** The many flags of `load` are read only where it is called. */
async function addLoad(program: Command, heard: Handled, exit: (code: number) => void): Promise<void> {
  const { words, handlers } = heard;
  const load = configure(program.command('load [paths...]'), heard).description(
    'run flows by many virtual users, or at a rate, and hold what is measured against thresholds',
  );
  if (!words.includes('load') && words[0] !== 'completion') return;
  const { createLoadOptions, LOAD_HELP } = await import('../arguments/load-flags.ts');
  for (const option of [
    ...createLoadOptions(),
    createEnvironmentOption(),
    createProtectedOption(),
    ...createCommonOptions(),
  ])
    load.addOption(option);
  load
    .addHelpText('after', LOAD_HELP)
    .action(async (paths: string[], flags: LoadFlags) => exit(await handlers.load(paths, flags)));
}

function addList(program: Command, heard: Handled, exit: (code: number) => void): void {
  const list = configure(program.command('list [paths...]'), heard).description(
    'list flows with their tags, rows, steps and actions; nothing is contacted',
  );
  for (const option of [...createListOptions(), createEnvironmentOption(), ...createCommonOptions()])
    list.addOption(option);
  list.action(async (paths: string[], flags: ListFlags) => exit(await heard.handlers.list(paths, flags)));
}

function addMock(program: Command, heard: Handled, exit: (code: number) => void): void {
  const { handlers } = heard;
  const mock = configure(program.command('mock [file]'), heard).description(
    'run a stub from a file with the settings of `mock_server_start` until Ctrl-C, and print each request',
  );
  for (const option of [...createMockOptions(), ...createCommonOptions()]) mock.addOption(option);
  mock.action(async (file: string | undefined, flags: MockFlags) => exit(await handlers.mock(file, flags)));
  const verify = configure(mock.enablePositionalOptions().command('verify <file>'), heard)
    .description(
      "ask the real service for what a stub's routes answer, and name what drifted: status, headers, fields, types",
    )
    .addOption(createAgainstOption());
  for (const option of createCommonOptions()) verify.addOption(option);
  verify
    .addHelpText('after', VERIFY_HELP)
    .action(async (file: string, flags: VerifyFlags) => exit(await handlers.verify(file, flags)));
}

const EXIT_HELP = `
Exit codes:
  0 all passed, 1 failed, 2 a mistake in files or flags, 3 could not be carried out, 4 nothing matched,
  70 a bug in testmesh, 129/130/143 interrupted (HUP, INT, TERM) with teardown done
`;

const UP_HELP = `
Examples:
  testmesh up                     all of testmesh.yaml
  testmesh up orders stubs.users  the service \`orders\` and the stub \`users\`, with what they need
`;

const VERIFY_HELP = `
Every request is sent, those that change something too: name a service that is there for tests. Requests are made of a route's
\`match\`, of its \`example\` ({path, params, query, headers, form, body}), and of the examples of the document under \`from\` or \`contract\`.

Exit codes:
  0 nothing drifted, 1 something did, 2 a mistake in files or flags, 3 a request had no answer, 4 no route could be sent
`;

/** `help rnu`: a word that is no command is told as such. */
function readHelp(words: readonly string[], program: Command): readonly string[] {
  const [first, second] = words;
  const isKnown = second === undefined || program.commands.some((one) => one.name() === second);
  return first === 'help' && !isKnown ? words.slice(1) : words;
}
