import { countExcused, describeDoubts, isRight } from '../../summary/format-reconcile.ts';
import { html, type Markup } from './markup.ts';
import { drawTable, mark, type Row } from './tables.ts';
import type { LoadView } from './view.ts';

/** What became of all that was accepted. */
export function drawReconciled({ summary }: LoadView): Markup | undefined {
  const reconcile = summary?.reconcile;
  if (!reconcile) return undefined;
  const { places, problem, notes } = reconcile;
  const excused = countExcused(summary);
  const rows = places.map((place): Row => {
    const { name, wanted, found, lost, duplicated, unexpected } = place;
    const isGood = isRight(place, excused);
    const result = mark(isGood, isGood ? 'as accepted' : 'not as accepted');
    return { cells: [name, wanted, result, ...[found, lost, duplicated, unexpected].map(String)], isBad: !isGood };
  });
  const keys = places.flatMap(({ name, lost, duplicated, unexpected, ...place }) => [
    ...listKeys(`lost in ${name}`, lost, place.lostKeys),
    ...listKeys(`duplicated in ${name}`, duplicated, place.duplicatedKeys),
    ...listKeys(`unexpected in ${name}`, unexpected, place.unexpectedKeys),
  ]);
  const numbers = ['found', 'lost', 'duplicated', 'unexpected'];
  return html`<p>${describeDoubts(reconcile)}</p>${
    problem === undefined ? undefined : html`<p>${mark(false, problem)}</p>`
  }${drawTable({ title: 'Reconciled', words: ['where', 'wanted', 'result'], numbers, rows })}${
    keys.length === 0 ? undefined : html`<ul>${keys}</ul>`
  }${notes.map((note) => html`<p>${note}</p>`)}`;
}

function listKeys(what: string, count: number, keys: readonly string[]): readonly Markup[] {
  if (count === 0) return [];
  const more = count > keys.length ? ` and ${count - keys.length} more` : '';
  return [html`<li>${what}: ${keys.join(', ')}${more}</li>`];
}
