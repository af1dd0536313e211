import type { Paint } from '../../util/paint.ts';
import type { LoadSummary, ReconcilePlaceSummary, ReconcileSummary } from '../metrics/load-summary.ts';

/** What became of all that was accepted, for people. */
export function formatReconcile(summary: LoadSummary, paint: Paint): readonly string[] {
  const { reconcile } = summary;
  if (!reconcile) return [];
  const { places, chanceOfMistake, problem, notes } = reconcile;
  const excused = countExcused(summary);
  const head = `${paint.bold('  █ RECONCILE')}   ${describeDoubts(reconcile)}`;
  const width = Math.max(...places.map(({ name }) => name.length));
  return [
    head,
    ...places.flatMap((place) => formatPlace(place, { width, excused, paint })),
    ...(problem === undefined ? [] : [`    ${paint.red('✗')} ${problem}`]),
    ...notes.map((note) => `    ${paint.dim(note)}`),
    ...(chanceOfMistake > 1e-6
      ? [
          `    ${paint.dim(`keys are told by 64 bits: that one was taken for another has a chance of ${chanceOfMistake.toExponential(0)}`)}`,
        ]
      : []),
  ];
}

/** `1800 accepted by create_order, 2 uncertain (nobody answered)`. */
export function describeDoubts({ step, accepted, uncertain, withoutKey }: ReconcileSummary): string {
  const doubts = [
    ...(uncertain > 0 ? [`${uncertain} uncertain (nobody answered)`] : []),
    ...(withoutKey > 0 ? [`${withoutKey} without a key`] : []),
  ];
  return [`${accepted} accepted by ${step}`, ...doubts].join(', ');
}

/** How many unexpected keys are no fault: of a segment any number, for others had keys accepted too. */
export function countExcused({ reconcile, run }: LoadSummary): number {
  return run.shard ? Number.POSITIVE_INFINITY : (reconcile?.uncertain ?? 0);
}

/** Whether all that was accepted is in a place, and no more besides than is excused. */
export function isRight({ lost, duplicated, unexpected }: ReconcilePlaceSummary, excused: number): boolean {
  return lost === 0 && duplicated === 0 && unexpected <= excused;
}

function formatPlace(
  place: ReconcilePlaceSummary,
  { width, excused, paint }: { width: number; excused: number; paint: Paint },
): readonly string[] {
  const { name, wanted, found, lost, duplicated, unexpected, lostKeys, duplicatedKeys, unexpectedKeys } = place;
  const mark = isRight(place, excused) ? paint.green('✓') : paint.red('✗');
  const counts = `${found} found, ${lost} lost, ${duplicated} duplicated, ${unexpected} unexpected`;
  const list = (word: string, count: number, keys: readonly string[]): readonly string[] =>
    count === 0
      ? []
      : [`        ${word}: ${keys.join(', ')}${count > keys.length ? ` and ${count - keys.length} more` : ''}`];
  return [
    `    ${mark} ${name.padEnd(width)}  ${wanted}: ${counts}`,
    ...list('lost', lost, lostKeys),
    ...list('duplicated', duplicated, duplicatedKeys),
    ...list('unexpected', unexpected, unexpectedKeys),
  ];
}
