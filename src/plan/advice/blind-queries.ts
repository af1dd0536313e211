import type { ReadColumn, Reading } from '../../model/action.ts';
import type { Span } from '../../model/source-file.ts';
import { findEntry } from '../../source/yaml/node.ts';
import { listNames } from '../../util/suggest.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { createItemLooks, ROWS } from './item-looks.ts';
import { addLooks, listJudgedSteps, listRefs } from './judged-steps.ts';

/** A column that is read so that rows can be counted. */
const KEY = /^(?:id|uuid|guid|\w+_id)$/i;

/** Warns of columns that a query names and nobody looks at: any value in them passes. */
export function warnBlindQueries(flow: PlannedFlow, findings: Findings): void {
  let refs: ReturnType<typeof listRefs> | undefined;
  for (const judged of listJudgedSteps(flow)) {
    const { step } = judged;
    const reading = step.expectsError ? undefined : step.action.reads?.(step.authored);
    if (!reading || reading.columns.length === 0) continue;
    refs ??= listRefs(flow);
    const looks = createItemLooks(ROWS);
    const isAsked = addLooks(judged, refs, looks) && !step.fields.misspelt.has('assert');
    if (!isAsked || looks.isWhole || looks.isAbsence) continue;
    const unseen = reading.columns.filter(({ name }) => !looks.fields.has(name.toLowerCase()));
    if (unseen.length > 0 && !isForCounting(reading, unseen)) tellUnseen(step, unseen, findings);
  }
}

/** `SELECT id … WHERE user_id = $1` with a number of rows. */
function isForCounting({ columnCount }: Reading, [first]: readonly ReadColumn[]): boolean {
  return columnCount === 1 && first !== undefined && KEY.test(first.name);
}

function tellUnseen(step: PlannedStep, unseen: readonly ReadColumn[], findings: Findings): void {
  const names = unseen.map(({ name }) => name);
  const verb = names.length === 1 ? 'is read, and nobody looks at it' : 'are read, and nobody looks at them';
  const row = names.map((name) => `${name}: …`).join(', ');
  findings.warn(CODES.unseenColumns, `${listNames(names, 5)} ${verb}: any value passes`, placeOf(step, unseen[0]), [
    `compare the row, as in \`matches_partial(first_row, {${row}})\`, or read only what is compared`,
  ]);
}

/** The column where it stands: in the file of the query, or in the flow; the whole query where that is not known. */
function placeOf({ fields, authored, span, config }: PlannedStep, column: ReadColumn | undefined): Span {
  const place = config.spanAt(['query']);
  if (!column) return place;
  const { offset, length } = column;
  if (place.file !== span.file) {
    const start = place.start + offset;
    return { file: place.file, start, end: start + length };
  }
  const settings = fields.get('config')?.value;
  const query = settings && findEntry(settings, 'query')?.value;
  const { query: text } = authored as { readonly query?: unknown };
  return query?.kind === 'scalar' && query.text.text === text ? query.text.locate(offset, length) : place;
}
