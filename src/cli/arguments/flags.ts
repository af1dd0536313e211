import { InvalidArgumentError, Option } from 'commander';
import { reporterNames } from '../../reporters/registry.ts';
import { parseDuration } from '../../util/duration.ts';
import { type ChoiceFlags, collectRows, createChoiceOptions } from './choice-flags.ts';
import { createEmitOptions, type EmitFlags } from './emit-flags.ts';
import { withEnvironment } from './environment-forms.ts';
import type { ValueFlags } from './given-inputs.ts';
import { createLastFailedOption, createOrderOptions, type OrderFlags } from './order-flags.ts';
import { createStepOptions, type DebugFlags, type StepFlags } from './step-flags.ts';

export const OUTPUT_DIR = '.testmesh';

/** Flags that `run`, `validate`, `mock` and `up` share. */
export interface CommonFlags extends ValueFlags {
  readonly strict: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

export interface RunFlags
  extends CommonFlags,
    ChoiceFlags,
    OrderFlags,
    StepFlags,
    TimeFlags,
    ResultFlags,
    EmitFlags,
    WatchFlags,
    DebugFlags {
  readonly logLevel?: string | undefined;
  /** Absent: what testmesh.yaml says, else 1. */
  readonly workers?: number | undefined;
  readonly seed?: number | undefined;
  readonly verbose: number;
  readonly quiet: boolean;
  /** Which of testmesh.yaml are started; absent: those that the flows need. */
  readonly services?: 'all' | 'none' | undefined;
  /** Whether what would run is printed, and nothing runs. */
  readonly dryRun: boolean;
  /** Whether a run in which nothing ran is as good as one that passed. */
  readonly passWithNoTests: boolean;
}

export interface WatchFlags {
  /** Whether flows run again whenever a file changes that they read. */
  readonly watch: boolean;
}

/** Where what came of a run goes. */
interface ResultFlags {
  readonly reporter: readonly string[];
  readonly outputDir: string;
  /** Where an entry of the run is left for `report --history`. */
  readonly historyDir?: string | undefined;
}

/** How long things may take, ms. */
export interface TimeFlags {
  readonly timeout?: number | undefined;
  readonly stepTimeout?: number | undefined;
  readonly teardownTimeout?: number | undefined;
}

export interface MockFlags extends CommonFlags {
  readonly port?: number | undefined;
  readonly admin?: number | undefined;
  readonly watch: boolean;
  readonly proxy?: string | undefined;
  readonly record?: string | undefined;
}

export interface UpFlags extends CommonFlags {
  readonly quiet: boolean;
}

export interface VerifyFlags extends CommonFlags {
  readonly against?: string | undefined;
}

export interface ListFlags extends CommonFlags, ChoiceFlags {
  readonly json: boolean;
  readonly verbose: boolean;
}

export interface ValidateFlags extends CommonFlags {
  readonly logLevel?: string | undefined;
  readonly format: 'text' | 'json' | 'github' | 'sarif';
}

/** The options that `run`, `validate`, `mock` and `up` share. */
export function createCommonOptions(): Option[] {
  return [
    new Option('--var <k=v>', 'set a variable; `k:=json` sets a typed one (repeatable)')
      .argParser(collect)
      .default([], 'none'),
    new Option('--var-file <file>', 'variables from a YAML or JSON file (repeatable)')
      .argParser(collect)
      .default([], 'none'),
    new Option('--env-file <file>', 'variables from a dotenv file, below the process environment (repeatable)')
      .argParser(collect)
      .default([], 'none'),
    new Option('--secret <k=v>', 'a variable whose value is masked everywhere (repeatable)')
      .argParser(collect)
      .default([], 'none'),
    withEnvironment(new Option('--strict', 'treat warnings as errors').default(false)),
    createColorOption(),
  ];
}

/** Of what reads testmesh.yaml. */
export function createEnvironmentOption(): Option {
  const about = 'an environment of testmesh.yaml: its variables and secrets, below `--env-file`';
  return withEnvironment(new Option('-e, --env <name>', about));
}

/** Of what may disturb others. */
export function createProtectedOption(): Option {
  const about = 'the protected environment that may be given load and faults';
  return withEnvironment(new Option('--allow-protected <name>', about));
}

/** Of `run` and `validate`. */
export function createLogOption(): Option {
  return withEnvironment(
    new Option('--log-level <level>', "testmesh's own log, to standard error").choices([
      'debug',
      'info',
      'warn',
      'error',
    ]),
  );
}

/** The options of `run` alone. */
export function createRunOptions(): Option[] {
  return [
    ...createChoiceOptions(),
    createLastFailedOption(),
    ...createStepOptions(),
    new Option('--row <rows>', "just these rows of the flows' data, counted from 1: `3`, `2-5` (repeatable)")
      .argParser(collectRows)
      .default([], 'all'),
    withEnvironment(
      new Option('-j, --workers <n>', 'how many flows run at the same time: as testmesh.yaml says, else 1').argParser(
        readWorkers,
      ),
    ),
    ...createOrderOptions(),
    withEnvironment(
      new Option(
        '-w, --watch',
        'run flows again whenever a file changes that they read; keys: a f o p Enter q',
      ).default(false),
    ),
    withEnvironment(
      new Option('--dry-run', 'print what would run, with the values that are known; nothing is contacted').default(
        false,
      ),
    ),
    createReporterOption('what testmesh.yaml says, else tree'),
    withEnvironment(new Option('--output-dir <dir>', 'where records of runs go').default(OUTPUT_DIR)),
    withEnvironment(
      new Option('--history-dir <dir>', 'leave what came of the run there, a small file, for `report --history`'),
    ),
    withEnvironment(
      new Option(
        '--services <which>',
        'start all services, stubs and proxies of testmesh.yaml, or none; those that the flows need when absent',
      ).choices(['all', 'none']),
    ),
    withEnvironment(new Option('--timeout <duration>', 'timeout of a flow that sets none').argParser(readDuration)),
    withEnvironment(
      new Option('--step-timeout <duration>', 'timeout of an attempt of a step that sets none').argParser(readDuration),
    ),
    withEnvironment(
      new Option('--teardown-timeout <duration>', 'timeout of a whole teardown (30s)').argParser(readDuration),
    ),
    createSeedOption(),
    ...createVerbosityOptions(),
    withEnvironment(
      new Option('--pass-with-no-tests', 'exit code 0, not 4, when nothing matched or ran').default(false),
    ),
    ...createEmitOptions('records and reports are kept'),
  ];
}

/** Where what came of a run goes. */
export function createReporterOption(otherwise = 'tree'): Option {
  return new Option(
    '--reporter <name[=file]>',
    `${reporterNames.join(', ')}; without a file to standard output, in the place of the tree (repeatable)`,
  )
    .argParser(collect)
    .default([], otherwise);
}

/** How much of it is shown. */
export function createVerbosityOptions(): Option[] {
  return [
    new Option('-v, --verbose', 'show captures and exchanges; -vv bodies too')
      .argParser((_, count: number) => count + 1)
      .default(0, 'off'),
    withEnvironment(new Option('-q, --quiet', 'show only failures and the summary').default(false)),
  ];
}

/** The options of `mock` alone. */
export function createMockOptions(): Option[] {
  return [
    withEnvironment(new Option('--port <n>', "to listen on; absent: the file's, or a free one").argParser(readPort)),
    withEnvironment(new Option('--watch', 'read the file again whenever it changes').default(false)),
    withEnvironment(
      new Option('--admin <n>', 'a port for GET /requests, /routes and /ca, and POST /reset').argParser(readPort),
    ),
    withEnvironment(new Option('--proxy <url>', 'the real service, asked what no route takes')),
    withEnvironment(new Option('--record <file>', 'write what the real service answered as the file of a stub')),
  ];
}

/** The options of `up` alone. */
export function createUpOptions(): Option[] {
  return [
    withEnvironment(
      new Option('-q, --quiet', 'print addresses and what goes wrong, not each line and request').default(false),
    ),
  ];
}

/** The option of `mock verify` alone. */
export function createAgainstOption(): Option {
  return withEnvironment(new Option('--against <url>', 'the service that the stub stands for'));
}

/** The options of `list` alone. */
export function createListOptions(): Option[] {
  return [
    ...createChoiceOptions(),
    withEnvironment(new Option('--json', 'as JSON, for programs').default(false)),
    withEnvironment(new Option('-v, --verbose', 'show the steps of each flow').default(false)),
  ];
}

/** How `validate` prints what it found. */
export function createFormatOption(): Option {
  return withEnvironment(
    new Option('--format <format>', 'how findings are printed')
      .choices(['text', 'json', 'github', 'sarif'])
      .default('text'),
  );
}

/** The options of `eval`. */
export function createEvalOptions(): Option[] {
  return [
    withEnvironment(new Option('--json <file>', 'the names and their values: a JSON object, `-` for standard input')),
    withEnvironment(
      new Option('--jsonl', 'answer lines {"expr": …, "env": …} from standard input, in order').default(false),
    ),
    createSeedOption(),
    createColorOption(),
  ];
}

export function createColorOption(): Option {
  return withEnvironment(new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'));
}

export function createSeedOption(): Option {
  return withEnvironment(new Option('--seed <n>', 'repeat the random values of an earlier run').argParser(readSeed));
}

export function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

function readWorkers(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1 to 9999');
  return Number(text);
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('expected a port from 0 (a free one) to 65535');
  return port;
}

export function readDuration(text: string): number {
  const ms = /^0+(?:\.0+)?$/.test(text) ? 0 : parseDuration(text);
  if (ms === 0) throw new InvalidArgumentError('expected a time above zero');
  if (ms === undefined) throw new InvalidArgumentError('expected a duration such as `300ms`, `1.5s` or `1h30m`');
  return ms;
}

function readSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || seed > 0xffff_ffff)
    throw new InvalidArgumentError('expected a whole number from 0 to 4294967295');
  return seed;
}
