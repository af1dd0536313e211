import type { RunFlags } from '../arguments/flags.ts';
import { HERE, number, OF_EACH_POD, on, type PodFlags, repeatForPods, text, time } from './pod-flags.ts';

const OF_RECORDS = {
  why: 'reads records of earlier runs, which pods do not have',
  help: 'leave it out: without `--emit` it runs here',
};

const OF_SOME_STEPS = {
  why: 'is for a look at some steps, and pods run whole flows',
  help: 'leave it out: without `--emit` it runs here',
};

const FLAGS: PodFlags<RunFlags> = {
  tags: text('--tags'),
  suite: text('--suite'),
  env: text('--env'),
  allowProtected: text('--allow-protected'),
  grep: text('--grep'),
  grepInvert: text('--grep-invert'),
  row: (ranges) => ranges.flatMap(({ from, to }) => ['--row', from === to ? String(from) : `${from}-${to}`]),
  workers: number('--workers'),
  shuffle: (seed) => [seed === true ? '--shuffle' : `--shuffle=${seed}`],
  repeatEach: number('--repeat-each', 1),
  retries: number('--retries', 0),
  failOnFlaky: on('--fail-on-flaky'),
  bail: (count) => [`--bail=${count}`],
  maxFailures: number('--max-failures'),
  slowest: number('--slowest', 0),
  timeout: time('--timeout'),
  stepTimeout: time('--step-timeout'),
  teardownTimeout: time('--teardown-timeout'),
  services: text('--services'),
  seed: number('--seed'),
  strict: on('--strict'),
  verbose: (count) => Array.from({ length: count }, () => '--verbose'),
  quiet: on('--quiet'),
  logLevel: text('--log-level'),
  passWithNoTests: on('--pass-with-no-tests'),
  onlyChanged: {
    why: 'asks git, which pods do not have',
    help: 'choose flows with `--tags`, `--suite`, `--grep` or paths',
  },
  lastFailed: OF_RECORDS,
  ...{
    only: OF_RECORDS,
    from: OF_RECORDS,
    to: OF_SOME_STEPS,
    skip: OF_SOME_STEPS,
    replay: OF_RECORDS,
    offline: OF_RECORDS,
    failed: OF_RECORDS,
    withDeps: OF_SOME_STEPS,
  },
  withSetup: OF_RECORDS,
  withTeardown: OF_RECORDS,
  durations: { why: 'is not brought to pods', help: 'leave it out: the parts have equally many flows' },
  historyDir: { why: 'is not brought to pods', help: 'leave it out: `report --history` reads the blobs of pods, too' },
  shard: OF_EACH_POD,
  ...{ outputDir: HERE, reporter: HERE, color: HERE, dryRun: HERE, watch: HERE, debug: HERE, break: HERE },
  ...{ emit: HERE, shards: HERE, image: HERE, volume: HERE },
  ...{ var: HERE, varFile: HERE, envFile: HERE, secret: HERE },
};

/** The flags of a run as words for a pod. @throws UsageError for one that needs what pods do not have */
export function repeatRunFlags(flags: RunFlags): readonly string[] {
  return repeatForPods(flags, FLAGS);
}
