import { takeShown } from '../../../util/take-shown.ts';
import { formatMs } from '../../summary/units.ts';
import { html, type Markup } from './markup.ts';
import { type Durations, STATISTICS } from './view.ts';

const MOST_ROWS = 500;

export interface Table {
  readonly title: string;
  /** Those that say what a row is about come first, to the left; numbers follow, to the right. */
  readonly words: readonly string[];
  readonly numbers: readonly string[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly cells: readonly (string | Markup)[];
  readonly isBad?: boolean;
}

/** A table that scrolls by itself where the page is narrower. */
export function drawTable({ title, words, numbers, rows }: Table): Markup {
  const { shown, hidden } = takeShown(rows, MOST_ROWS);
  const heads = [
    ...words.map((head) => html`<th scope="col">${head}</th>`),
    ...numbers.map((head) => html`<th scope="col" class="n">${head}</th>`),
  ];
  const lines = shown.map(({ cells, isBad }) => {
    const columns = cells.map((cell, at) => {
      if (at === 0) return html`<th scope="row">${cell}</th>`;
      return at < words.length ? html`<td>${cell}</td>` : html`<td class="n">${cell}</td>`;
    });
    return isBad ? html`<tr class="bad">${columns}</tr>\n` : html`<tr>${columns}</tr>\n`;
  });
  const more = hidden > 0 ? html`<p>and ${hidden} more</p>` : undefined;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${title}"><table><thead><tr>${heads}</tr></thead><tbody>
${lines}</tbody></table></div>${more}`;
}

/** The cells of how long something took, in the order of the statistics. */
export function durationCells({ count, values }: Pick<Durations, 'count' | 'values'>): readonly string[] {
  return STATISTICS.map((name) => (count === 0 ? '–' : formatMs(values[name] ?? 0)));
}

/** In words that are seen without colours too. */
export function mark(isGood: boolean, text: string): Markup {
  return isGood ? html`<span class="good">✓ ${text}</span>` : html`<span class="wrong">✗ ${text}</span>`;
}
