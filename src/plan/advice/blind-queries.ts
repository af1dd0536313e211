import type { ReadColumn, Reading } from '../../model/action/traits.ts';
import type { Span } from '../../model/source-file.ts';
import { findEntry } from '../../source/yaml/node.ts';
import { listNames } from '../../util/suggest.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { createItemReads, type ItemReads } from './item-reads.ts';
import { addLooks, listJudgedSteps, listRefs } from './judged-steps.ts';

/** A column that is read so that rows can be counted. */
const KEY = /^(?:id|uuid|guid|\w+_id)$/i;

/** Warns of columns that a query names and nobody looks at: any value in them passes. */
export function warnBlindQueries(flow: PlannedFlow, findings: Findings): void {
  let refs: ReturnType<typeof listRefs> | undefined;
  for (const judged of listJudgedSteps(flow)) {
    const { step } = judged;
    const { reading } = step.expectsError ? {} : step.foresight;
    const looks = createItemReads(step.action);
    if (!reading || !looks || reading.columns.length === 0) continue;
    refs ??= listRefs(flow);
    const isAsked = addLooks(judged, refs, looks) && !step.fields.misspelt.has('assert');
    if (!isAsked || looks.isWhole || looks.isAbsence) continue;
    const unseen = reading.columns.filter(({ name }) => !looks.fields.has(name.toLowerCase()));
    if (unseen.length > 0 && !isForCounting(reading, unseen)) reportUnseen(step, { reading, unseen, looks }, findings);
  }
}

/** `SELECT id … WHERE user_id = $1` with a number of rows. */
function isForCounting({ columnCount }: Reading, [first]: readonly ReadColumn[]): boolean {
  return columnCount === 1 && first !== undefined && KEY.test(first.name);
}

interface Unseen {
  readonly reading: Reading;
  readonly unseen: readonly ReadColumn[];
  readonly looks: ItemReads;
}

function reportUnseen(step: PlannedStep, { reading, unseen, looks }: Unseen, findings: Findings): void {
  const { noun, list, first = list } = looks.items;
  const names = unseen.map(({ name }) => name);
  const verb = names.length === 1 ? 'is read but never checked' : 'are read but never checked';
  const values = names.map((name) => `${name}: …`).join(', ');
  const place = placeOf(step, reading, unseen[0]);
  findings.warn(CODES.unseenColumns, `${listNames(names, 5)} ${verb}: any value passes`, place, [
    `compare the ${noun}, as in \`matches_partial(${first}, {${values}})\`, or read only what is compared`,
  ]);
}

/** The column where it stands: in the file of the query, or in the flow; the whole query where that is not known. */
function placeOf(step: PlannedStep, { setting }: Reading, column: ReadColumn | undefined): Span {
  const { fields, authored, span, config } = step;
  const place = config.spanAt([setting]);
  if (!column) return place;
  const { offset, length } = column;
  if (place.file !== span.file) {
    const start = place.start + offset;
    return { file: place.file, start, end: start + length };
  }
  const settings = fields.get('config')?.value;
  const query = settings && findEntry(settings, setting)?.value;
  const text = (authored as Readonly<Record<string, unknown>>)[setting];
  return query?.kind === 'scalar' && query.text.text === text ? query.text.locate(offset, length) : place;
}
