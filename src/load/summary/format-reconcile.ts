import type { Paint } from '../../util/paint.ts';
import type { ReconcilePlaceSummary, ReconcileSummary } from '../metrics/load-summary.ts';

/** What became of all that was accepted, for people. */
export function formatReconcile(reconcile: ReconcileSummary | undefined, paint: Paint): readonly string[] {
  if (!reconcile) return [];
  const { step, accepted, uncertain, withoutKey, places, chanceOfMistake, problem, notes } = reconcile;
  const doubts = [
    ...(uncertain > 0 ? [`${uncertain} uncertain (nobody answered)`] : []),
    ...(withoutKey > 0 ? [`${withoutKey} without a key`] : []),
  ];
  const head = `${paint.bold('  █ RECONCILE')}   ${[`${accepted} accepted by ${step}`, ...doubts].join(', ')}`;
  const width = Math.max(...places.map(({ name }) => name.length));
  return [
    head,
    ...places.flatMap((place) => formatPlace(place, { width, uncertain, paint })),
    ...(problem === undefined ? [] : [`    ${paint.red('✗')} ${problem}`]),
    ...notes.map((note) => `    ${paint.dim(note)}`),
    ...(chanceOfMistake > 1e-6
      ? [
          `    ${paint.dim(`keys are told by 64 bits: that one was taken for another has a chance of ${chanceOfMistake.toExponential(0)}`)}`,
        ]
      : []),
  ];
}

function formatPlace(
  { name, wanted, found, ...place }: ReconcilePlaceSummary,
  { width, uncertain, paint }: { width: number; uncertain: number; paint: Paint },
): readonly string[] {
  const { lost, duplicated, unexpected, lostKeys, duplicatedKeys, unexpectedKeys } = place;
  const isRight = lost === 0 && duplicated === 0 && unexpected <= uncertain;
  const mark = isRight ? paint.green('✓') : paint.red('✗');
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
