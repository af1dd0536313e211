import type { LoadFlags } from '../arguments/load-flags.ts';
import { UsageError } from '../process/usage-error.ts';
import { escapeReferences } from './pod-values.ts';

type Written<T> = (value: T) => readonly string[];

/** Flags that say something of what is written here, or of the values, and are given to pods in another way. */
const HERE = null;
/** Flags that pods are given by themselves. */
const REFUSED = 'refused';

const number =
  (flag: string): Written<number> =>
  (value) => [flag, String(value)];
const text =
  (flag: string): Written<string> =>
  (value) => [flag, value];
const texts =
  (flag: string): Written<readonly string[]> =>
  (values) =>
    values.flatMap((value) => [flag, value]);
const on =
  (flag: string): Written<boolean> =>
  (value) =>
    value ? [flag] : [];
const off =
  (flag: string): Written<boolean> =>
  (value) =>
    value ? [] : [flag];

/** How each flag is given to a pod. */
const FLAGS: {
  readonly [K in keyof LoadFlags]-?: Written<NonNullable<LoadFlags[K]>> | typeof HERE | typeof REFUSED;
} = {
  vus: number('--vus'),
  duration: (ms) => ['--duration', `${ms}ms`],
  iterations: number('--iterations'),
  stage: (stages) => stages.flatMap(({ duration, target }) => ['--stage', `${duration}ms:${target}`]),
  rate: text('--rate'),
  preAllocatedVus: number('--pre-allocated-vus'),
  maxVus: number('--max-vus'),
  scenario: (names) => (names.length > 0 ? ['--scenario', names.join(',')] : []),
  once: on('--once'),
  setup: off('--no-setup'),
  teardown: off('--no-teardown'),
  services: text('--services'),
  threshold: texts('--threshold'),
  thresholds: off('--no-thresholds'),
  allowEmptyThresholds: on('--allow-empty-thresholds'),
  threads: (count) => ['--threads', String(count)],
  startAt: text('--start-at'),
  strict: on('--strict'),
  quiet: on('--quiet'),
  connectionReuse: off('--no-connection-reuse'),
  vuConnectionReuse: off('--no-vu-connection-reuse'),
  discardResponseBodies: on('--discard-response-bodies'),
  http2: on('--http2'),
  seed: number('--seed'),
  executionSegment: REFUSED,
  executionSegmentSequence: REFUSED,
  setupData: REFUSED,
  summaryExport: REFUSED,
  ...{ summaryMode: HERE, summaryTrendStats: HERE, summaryTimeUnit: HERE, color: HERE, failOn: HERE, dryRun: HERE },
  ...{ emit: HERE, shards: HERE, image: HERE, volume: HERE },
  ...{ var: HERE, varFile: HERE, envFile: HERE, secret: HERE, out: HERE, tag: HERE },
};

/** The flags of a load as words for a pod, those apart that differ from pod to pod. @throws UsageError for one that pods are given by themselves */
export function repeatLoadFlags(flags: LoadFlags): readonly string[] {
  return Object.keys(FLAGS).flatMap((name) => {
    const key = name as keyof LoadFlags;
    const write = FLAGS[key];
    const value = flags[key];
    if (write === HERE || value === undefined) return [];
    if (write === REFUSED) {
      const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      throw new UsageError(`\`${flag}\` is given to each pod as it needs it, and not with \`--emit\``, [
        'leave it out',
      ]);
    }
    return (write as Written<unknown>)(value).map(escapeReferences);
  });
}
