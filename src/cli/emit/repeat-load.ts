import type { LoadFlags } from '../arguments/load-flags.ts';
import { HERE, number, OF_EACH_POD, off, on, type PodFlags, repeatForPods, text, texts, time } from './pod-flags.ts';

const FLAGS: PodFlags<LoadFlags> = {
  vus: number('--vus'),
  duration: time('--duration'),
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
  env: text('--env'),
  allowProtected: text('--allow-protected'),
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
  executionSegment: OF_EACH_POD,
  executionSegmentSequence: OF_EACH_POD,
  setupData: OF_EACH_POD,
  summaryExport: OF_EACH_POD,
  ...{ summaryMode: HERE, summaryTrendStats: HERE, summaryTimeUnit: HERE, color: HERE, failOn: HERE, dryRun: HERE },
  ...{ emit: HERE, shards: HERE, image: HERE, volume: HERE },
  ...{ var: HERE, varFile: HERE, envFile: HERE, secret: HERE, out: HERE, tag: HERE },
};

/** The flags of a load as words for a pod. @throws UsageError for one that pods are given by themselves */
export function repeatLoadFlags(flags: LoadFlags): readonly string[] {
  return repeatForPods(flags, FLAGS);
}
