import type { ReconcileSummary, ThresholdSummary } from '../metrics/load-summary.ts';

/** Why what was accepted is not what was done; undefined where it is. A threshold on `reconcile_unexpected` decides about that. */
export function judgeReconcile(
  { places, accepted, uncertain, withoutKey, refused, problem, step }: ReconcileSummary,
  thresholds: readonly ThresholdSummary[],
  { isPart = false } = {},
): string | undefined {
  if (problem !== undefined) return problem;
  // What one of several processes did not expect may be another's, and what it had not accepted too.
  const isJudged = isPart || thresholds.some(({ metric }) => metric.replace(/\{.*$/s, '') === 'reconcile_unexpected');
  const faults = places.flatMap(({ name, lost, duplicated, unexpected }) => [
    ...(lost > 0 ? [`${lost} lost in ${name}`] : []),
    ...(duplicated > 0 ? [`${duplicated} duplicated in ${name}`] : []),
    ...(unexpected > uncertain && !isJudged ? [`${unexpected} in ${name} that nobody was told of`] : []),
  ]);
  if (faults.length > 0) return `of ${accepted} accepted by \`${step}\`: ${faults.join(', ')}`;
  if (withoutKey > 0)
    return `\`reconcile\`: ${withoutKey} answers of \`${step}\` have no key, so nobody can look for them`;
  if (refused > 0) return `\`reconcile\`: ${refused} keys found no room, and are not judged`;
  if (accepted === 0 && !isPart) return `\`reconcile\`: nothing was accepted by \`${step}\`, so nothing is proven`;
  return undefined;
}
