import { InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../process/usage-error.ts';
import type { RowRange } from './choice-flags.ts';
import { withEnvironment } from './environment-forms.ts';

/** Before which steps somebody stops, to look. */
export interface DebugFlags {
  readonly debug: boolean;
  /** Ids or addresses; none: before each. */
  readonly break: readonly string[];
}

/** What is taken from the record of an earlier run. */
export interface RecordFlags {
  /** `last`, the id of a run, or the path of a record. */
  readonly replay?: string | undefined;
  /** Whether nothing is contacted, and what was recorded takes the place of actions. */
  readonly offline: boolean;
  /** Whether just those steps run that failed when they last ran. */
  readonly failed: boolean;
}

/** Which steps of the flows run, and where values of the others come from. */
export interface StepFlags extends RecordFlags {
  readonly only: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly skip: readonly string[];
  /** Whether the steps run too that give what the chosen ones need. */
  readonly withDeps: boolean;
  readonly row: readonly RowRange[];
  readonly withSetup: boolean;
  readonly withTeardown: boolean;
}

/** The options of `run` that choose steps. */
export function createStepOptions(): Option[] {
  return [
    new Option(
      '--only <ids>',
      'just these steps, with the values of the last run: ids, addresses (`each[2]>check`), patterns (`verify_*`); comma separated, repeatable. `flow.yaml:LINE` is the step on that line',
    )
      .argParser(collectIds)
      .default([], 'all'),
    withEnvironment(
      new Option('--from <id>', 'setup, then this step and those behind it, with the values of the last run').argParser(
        readId,
      ),
    ),
    withEnvironment(new Option('--to <id>', 'up to this step, then teardown').argParser(readId)),
    new Option('--skip <ids>', 'all but these steps; they are told as skipped (comma separated, repeatable)')
      .argParser(collectIds)
      .default([], 'none'),
    withEnvironment(
      new Option(
        '--failed',
        'just the steps that failed when they last ran, with the values of that run; also those that give secrets to them',
      ).default(false),
    ),
    withEnvironment(
      new Option(
        '--replay <run>',
        'where values of steps that do not run come from: `last`, the id of a run, the folder or file of a record',
      ).argParser(readRun),
    ),
    withEnvironment(
      new Option(
        '--offline',
        'contact nothing: judge the assertions and captures as they are now on what the last run got, or that of --replay',
      ).default(false),
    ),
    withEnvironment(
      new Option(
        '--with-deps',
        'with --only, a line or --from: run the steps too that give what these need, and take nothing from an earlier run',
      ).default(false),
    ),
    withEnvironment(
      new Option(
        '--debug',
        'stop before each step, and where one failed: n c r p v s l q; reads standard input where that is no terminal',
      ).default(false),
    ),
    new Option('--break <ids>', 'with --debug: stop before these steps alone (comma separated, repeatable)')
      .argParser(collectIds)
      .default([], 'each'),
    withEnvironment(new Option('--with-setup', 'with --only: run setup too').default(false)),
    withEnvironment(new Option('--with-teardown', 'with --only: run teardown too').default(false)),
  ];
}

/** @throws UsageError where flags that choose steps contradict each other; `lines` are steps that paths name by their lines */
export function checkStepFlags(flags: StepFlags, lines: readonly string[]): void {
  const [line] = lines;
  const [range] = (['from', 'to'] as const).filter((flag) => flags[flag] !== undefined);
  const some = flags.only.length > 0 ? '`--only`' : line === undefined ? undefined : `\`${line}\``;
  if (flags.only.length > 0 && line !== undefined)
    throw new UsageError(`\`${line}\` and \`--only\` both say which steps run`, ['name all of them with `--only`']);
  if (some !== undefined && range !== undefined)
    throw new UsageError(`${some} and \`--${range}\` both say which steps run`, [
      'leave out one of them: `--from` and `--to` are a range, `--only` is some steps',
    ]);
  if (flags.failed) checkFailed(flags, some ?? (range && `\`--${range}\``));
  const chosen = some ?? (flags.failed ? '`--failed`' : undefined);
  if (flags.withDeps) checkDeps(flags, chosen ?? (flags.from === undefined ? undefined : '`--from`'));
  const chooses = chosen !== undefined || range !== undefined || flags.skip.length > 0;
  if (flags.offline) checkOffline(flags);
  else if (flags.replay !== undefined && !chooses)
    throw new UsageError('`--replay` gives values of steps that do not run, and all steps run', [
      'say which steps run: `--only`, `--from` or `--skip`; or judge all of them on the record: `--offline`',
    ]);
}

function checkFailed({ skip }: StepFlags, other: string | undefined): void {
  const word = other ?? (skip.length > 0 ? '`--skip`' : undefined);
  if (word !== undefined)
    throw new UsageError(`${word} and \`--failed\` both say which steps run`, ['leave out one of them']);
}

function checkOffline(flags: StepFlags): void {
  const flag = (
    [
      ['withDeps', '--with-deps'],
      ['withSetup', '--with-setup'],
      ['withTeardown', '--with-teardown'],
    ] as const
  ).find(([name]) => flags[name])?.[1];
  if (flag !== undefined)
    throw new UsageError(`\`--offline\` contacts nothing, and \`${flag}\` runs more than the chosen steps`, [
      'leave out one of them',
    ]);
}

function checkDeps({ replay, skip }: StepFlags, some: string | undefined): void {
  if (some === undefined)
    throw new UsageError('`--with-deps` runs what the chosen steps need, and no step is chosen', [
      'name some: `--only`, `--from`, `--failed`, or `flow.yaml:LINE`',
    ]);
  if (replay !== undefined)
    throw new UsageError('`--with-deps` makes all values anew, and `--replay` takes them from an earlier run', [
      'leave out one of them',
    ]);
  if (skip.length > 0)
    throw new UsageError('`--with-deps` runs what is needed, and `--skip` leaves out steps', ['leave out one of them']);
}

function collectIds(value: string, earlier: readonly string[]): string[] {
  const ids = value
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  // An empty variable of a pipeline must not run the whole flow.
  if (ids.length === 0) throw new InvalidArgumentError('expected the id of a step');
  return [...earlier, ...ids];
}

function readId(text: string): string {
  const id = text.trim();
  if (id === '') throw new InvalidArgumentError('expected the id of a step');
  if (id.includes(',')) throw new InvalidArgumentError('expected the id of one step: a range has one end');
  return id;
}

function readRun(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('expected `last`, the id of a run, or the path of a record');
  return text;
}
