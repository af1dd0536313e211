import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../../util/duration.ts';
import { createEmitOptions, type EmitFlags } from './emit-flags.ts';
import { withEnvironment } from './environment-forms.ts';
import { type CommonFlags, collect, createSeedOption, readDuration } from './flags.ts';

export interface LoadFlags
  extends CommonFlags,
    AmountFlags,
    SegmentFlags,
    ThresholdFlags,
    OutputFlags,
    EmitFlags,
    WireFlags {
  readonly scenario: readonly string[];
  readonly once: boolean;
  readonly setup: boolean;
  readonly teardown: boolean;
  readonly seed?: number | undefined;
  readonly services?: 'all' | 'none' | undefined;
  readonly dryRun: boolean;
}

/** How often and by whom. */
export interface AmountFlags {
  readonly vus?: number | undefined;
  readonly duration?: number | undefined;
  readonly iterations?: number | undefined;
  readonly stage: readonly { readonly duration: number; readonly target: number }[];
  readonly rate?: string | undefined;
  readonly preAllocatedVus?: number | undefined;
  readonly maxVus?: number | undefined;
}

export interface ThresholdFlags {
  readonly threshold: readonly string[];
  /** `--no-thresholds`. */
  readonly thresholds: boolean;
  readonly allowEmptyThresholds: boolean;
  /** Of `load compare`. */
  readonly failOn: readonly string[];
}

/** Which part of the load this process runs, and from when on. */
export interface SegmentFlags {
  readonly executionSegment?: string | undefined;
  readonly executionSegmentSequence?: string | undefined;
  readonly startAt?: string | undefined;
  /** How many threads of this process run it; absent: one. */
  readonly threads?: 'auto' | number | undefined;
  /** What setup left: written by `load setup`, read by the others. */
  readonly setupData?: string | undefined;
}

/** How requests go over the wire. */
export interface WireFlags {
  /** `--no-connection-reuse`. */
  readonly connectionReuse: boolean;
  /** `--no-vu-connection-reuse`. */
  readonly vuConnectionReuse: boolean;
  readonly discardResponseBodies: boolean;
  readonly http2: boolean;
}

export interface OutputFlags {
  readonly out: readonly string[];
  readonly tag: readonly string[];
  readonly summaryMode: 'compact' | 'full' | 'disabled' | 'json' | 'chunks';
  readonly summaryExport?: string | undefined;
  readonly summaryTrendStats?: string | undefined;
  readonly summaryTimeUnit?: 's' | 'ms' | 'us' | undefined;
  readonly quiet: boolean;
}

export const LOAD_HELP = `
Scenarios, thresholds and outputs can stand in the flow file, below \`load:\` and \`scenarios:\`. Names, units and executors are k6's;
\`executor: find-capacity\` looks for the highest rate at which its thresholds hold.

Examples:
  testmesh load flow.yaml --vus 10 --duration 30s
  testmesh load flow.yaml --rate 50/s --duration 1m --pre-allocated-vus 20 --threshold 'http_req_duration:p(95)<500'
  testmesh load flow.yaml --out influxdb=http://localhost:8086/k6
  testmesh load flow.yaml --once                                 one user, one iteration
  testmesh load flow.yaml --dry-run                              what would run
  testmesh load flow.yaml --execution-segment 0:1/2 --summary-export a.json    the first of two processes
  testmesh load flow.yaml --vus 1000 --duration 1m --threads auto    by several cores
  testmesh load setup flow.yaml --setup-data setup.json          setup alone, for processes that are given the same file
  testmesh load teardown flow.yaml --setup-data setup.json       and teardown, when they are done
  testmesh load merge a.json b.json                              what they measured as one load, and its verdict
  testmesh load flow.yaml --vus 50 --duration 1m --emit kubernetes --shards 5 > load.yaml    as jobs of Kubernetes
  testmesh load compare base.json new.json --fail-on 'p(95) > max(base*1.1, base+5)'

Exit codes:
  0 passed, 99 a threshold is crossed or a check failed that none judges, 2 a mistake in files or flags, 3 nothing could be
  carried out, 70 a bug in testmesh, 129/130/143 interrupted (HUP, INT, TERM) with teardown done
`;

export function createLoadOptions(): Option[] {
  return [
    ...createAmountOptions(),
    new Option('--scenario <names>', 'just these scenarios (comma separated, repeatable)')
      .argParser(collectNames)
      .default([], 'all'),
    new Option('--once', 'one virtual user, one iteration').default(false),
    createSeedOption(),
    ...createSegmentOptions(),
    ...createThresholdOptions(),
    ...createOutputOptions(),
    ...createWireOptions(),
    new Option('--no-setup', 'leave out setup'),
    new Option('--no-teardown', 'leave out teardown'),
    withEnvironment(
      new Option(
        '--services <which>',
        'start all services, stubs and proxies of testmesh.yaml, or none; those that the flows need when absent',
      ).choices(['all', 'none']),
    ),
    new Option('--dry-run', 'say what would run, and contact nothing').default(false),
    withEnvironment(new Option('-q, --quiet', 'no progress and no notes').default(false)),
    ...createEmitOptions('setup and teardown run once, and summaries are kept'),
  ];
}

function createAmountOptions(): Option[] {
  return [
    withEnvironment(new Option('-u, --vus <n>', 'virtual users').argParser(readCount)),
    withEnvironment(new Option('-d, --duration <duration>', 'how long they run').argParser(readDuration)),
    withEnvironment(new Option('-i, --iterations <n>', 'how many iterations in all').argParser(readCount)),
    new Option('-s, --stage <duration:target>', 'from the users before to `target`, as in `30s:10` (repeatable)')
      .argParser(collectStage)
      .default([], 'none'),
    withEnvironment(
      new Option('--rate <n/unit>', 'iterations that begin in a second, or in another time: `50/s`, `100/m`'),
    ),
    withEnvironment(new Option('--pre-allocated-vus <n>', 'virtual users for a rate').argParser(readCount)),
    withEnvironment(new Option('--max-vus <n>', 'so many where those are not enough').argParser(readCount)),
  ];
}

function createSegmentOptions(): Option[] {
  return [
    withEnvironment(new Option('--execution-segment <a:b>', 'the part of the load that this process runs: `0:1/3`')),
    withEnvironment(
      new Option(
        '--execution-segment-sequence <list>',
        'how the load is cut: `0,1/3,2/3,1`; into equal parts when absent',
      ),
    ),
    withEnvironment(
      new Option(
        '--threads <n>',
        'how many threads of this process run it: a number, or `auto` for one less than there are cores',
      ).argParser(readThreads),
    ),
    withEnvironment(
      new Option('--setup-data <file>', 'what setup made: `load setup` writes it, and then setup runs nowhere else'),
    ),
    withEnvironment(
      new Option('--start-at <time>', 'when scenarios begin, the same for all processes: `2030-01-31T10:00:00Z`'),
    ),
  ];
}

function createThresholdOptions(): Option[] {
  return [
    new Option('--threshold <metric:condition>', "such as 'http_req_duration{step:pay}:p(95)<500' (repeatable)")
      .argParser(collect)
      .default([], 'none'),
    new Option('--fail-on <condition>', "of `load compare`: 'p(95) > max(base*1.1, base+5)' (repeatable)")
      .argParser(collect)
      .default([], 'none'),
    new Option('--no-thresholds', 'hold nothing against those of the files'),
    new Option('--allow-empty-thresholds', 'a threshold without samples is no failure').default(false),
  ];
}

function createOutputOptions(): Option[] {
  return [
    new Option(
      '-o, --out <name=target>',
      'where samples go: influxdb, prometheus-rw, opentelemetry, json, csv, html, web; `influxdb=http://localhost:8086/k6` (repeatable)',
    )
      .argParser(collect)
      .default([], 'none'),
    new Option('--tag <k=v>', 'a tag of all samples (repeatable)').argParser(collect).default([], 'none'),
    withEnvironment(
      new Option(
        '--summary-mode <mode>',
        'how much the summary says; `chunks` are lines of a log that `load merge` reads',
      )
        .choices(['compact', 'full', 'disabled', 'json', 'chunks'])
        .default('compact'),
    ),
    withEnvironment(new Option('--summary-export <file>', 'write the summary as JSON')),
    withEnvironment(new Option('--summary-trend-stats <list>', 'which of trends: `avg,p(95),p(99.9)`')),
    withEnvironment(new Option('--summary-time-unit <unit>', 'of lengths of time').choices(['s', 'ms', 'us'])),
  ];
}

function createWireOptions(): Option[] {
  return [
    new Option('--no-connection-reuse', 'a new connection for each HTTP request'),
    new Option('--no-vu-connection-reuse', 'new connections for each iteration'),
    withEnvironment(
      new Option(
        '--discard-response-bodies',
        'read the bodies of answers and forget them: `body` is nil, but for setup and teardown',
      ).default(false),
    ),
    withEnvironment(new Option('--http2', 'HTTP/2 for steps that do not say `http2: false`').default(false)),
  ];
}

function readThreads(text: string): 'auto' | number {
  if (text === 'auto') return text;
  if (!/^(?:[1-9]|[1-5]\d|6[0-4])$/.test(text))
    throw new InvalidArgumentError('expected `auto` or a whole number from 1 to 64');
  return Number(text);
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1');
  return Number(text);
}

function collectNames(text: string, earlier: readonly string[]): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('expected the name of a scenario');
  return [...earlier, ...names];
}

function collectStage(text: string, earlier: AmountFlags['stage']): AmountFlags['stage'] {
  const stages = text.split(',').map((one) => {
    const [, time = '', target = ''] = /^([^:]*):(\d+)$/.exec(one.trim()) ?? [];
    const duration = parseDuration(time);
    if (duration === undefined) throw new InvalidArgumentError('expected a duration and a target, such as `30s:10`');
    return { duration, target: Number(target) };
  });
  return [...earlier, ...stages];
}
