import type { LoadOverrides } from '../../plan/load/overrides.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { UsageError } from '../process/usage-error.ts';
import { readSegmentFlags, readStartAt } from './segments.ts';

/** What flags say for themselves, whatever the files do. @throws UsageError */
export function readTerms(flags: LoadFlags) {
  refuseFailOn(flags);
  return {
    segment: readSegmentFlags(flags),
    startAtMs: readStartAt(flags.startAt),
    statistics: readStatistics(flags.summaryTrendStats),
    overrides: readOverrides(flags),
  };
}

/** @throws UsageError for a flag of another command */
function refuseFailOn(flags: LoadFlags): void {
  if (flags.failOn.length > 0)
    throw new UsageError(
      '`--fail-on` is of `testmesh load compare`, and what is measured is held against nothing yet',
      ['give `--threshold`, or write the summary with `--summary-export` and compare that'],
    );
}

/** What flags say besides the files. */
export function readOverrides(flags: LoadFlags): LoadOverrides {
  const { vus, duration, iterations, stage, rate, preAllocatedVus, maxVus } = flags;
  return {
    amounts: {
      ...(vus !== undefined && { vus }),
      ...(duration !== undefined && { duration }),
      ...(iterations !== undefined && { iterations }),
      ...(stage.length > 0 && { stages: [...stage] }),
      ...(rate !== undefined && { rate }),
      ...(preAllocatedVus !== undefined && { pre_allocated_vus: preAllocatedVus }),
      ...(maxVus !== undefined && { max_vus: maxVus }),
    },
    scenarios: flags.scenario,
    isOnce: flags.once,
    thresholds: flags.threshold,
    hasNoThresholds: !flags.thresholds,
    out: flags.out,
    tags: readTags(flags.tag),
    wire: readWire(flags),
  };
}

/** How requests go over the wire. @throws UsageError */
function readWire({
  connectionReuse,
  vuConnectionReuse,
  http2,
  discardResponseBodies,
}: LoadFlags): LoadOverrides['wire'] {
  if (!connectionReuse && !vuConnectionReuse)
    throw new UsageError(
      '`--no-connection-reuse` and `--no-vu-connection-reuse` both say how long a connection is kept',
      ['the first keeps it for one request, the second for one iteration: leave one of them out'],
    );
  const kept = connectionReuse ? (vuConnectionReuse ? 'user' : 'iteration') : 'request';
  return { kept, isHttp2: http2, dropsBodies: discardResponseBodies };
}

function readTags(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at <= 0)
        throw new UsageError(`--tag: expected \`name=value\`, got \`${pair}\``, ['for example --tag team=shop']);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

const STATISTIC = /^(?:avg|min|med|max|count|p\((?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)\))$/;

/** `avg,p(95),p(99.9)`. */
export function readStatistics(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !STATISTIC.test(name));
  if (wrong !== undefined)
    throw new UsageError(`--summary-trend-stats: \`${wrong}\` is no statistic of a trend`, [
      'there are avg, min, med, max, count and p(N), with N from 0 to 100',
    ]);
  return names;
}
