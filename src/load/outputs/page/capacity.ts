import { describeCapacity, describeGaveWay, listHoldCells, listHoldHeads } from '../../summary/format-capacity.ts';
import { html, type Markup } from './markup.ts';
import { drawTable, mark, type Row } from './tables.ts';
import type { LoadView } from './view.ts';

/** What was found of each capacity, with all rates that were tried. */
export function drawCapacity({ summary }: LoadView): Markup | undefined {
  const found = summary?.capacity ?? [];
  if (found.length === 0) return undefined;
  return html`${found.map((one) => {
    const rows = one.holds.map((hold): Row => {
      const why = hold.gaveWay ? describeGaveWay(hold.gaveWay) : '';
      const result = mark(hold.held, hold.held ? 'held' : 'gave way');
      return { cells: [result, why, ...listHoldCells(hold, one)], isBad: !hold.held };
    });
    const table = drawTable({ title: one.scenario, words: ['result', 'why'], numbers: listHoldHeads(one), rows });
    return html`<p>${one.scenario}: ${mark(one.rate !== null, describeCapacity(one))}</p>${table}`;
  })}`;
}
