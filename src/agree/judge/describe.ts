import { describeType } from '../../expr/index.ts';
import type { Detail, Problem } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import { takeShown } from '../../util/take-shown.ts';
import { nameType } from '../words/type-name.ts';
import type { Contradiction, FieldReport, ThingReport } from './find-contradictions.ts';
import type { Stranger } from './find-strangers.ts';
import type { Occurrence } from './judge-field.ts';

const MAX_PROBLEMS = 20;
const MAX_LINES = 200;

/** The contradictions as problems of the flow, each with both places and what they say. */
export function describeContradictions(found: readonly Contradiction[]): readonly Problem[] {
  const { shown, hidden } = takeShown(found, MAX_PROBLEMS);
  const problems = shown.map(describeContradiction);
  if (hidden === 0) return problems;
  const message = `${countOf(hidden, 'more contradiction')} like these`;
  return [...problems, { outcome: 'failed', kind: 'contradiction', message }];
}

function describeContradiction({ type, id, field, item, first, second }: Contradiction): Problem {
  const [one, other] = [first.look.step, second.look.step];
  const who = one === other ? `two places of \`${one}\`` : `\`${one}\` and \`${other}\``;
  const [kind = '', ...below] = item === undefined ? [] : field.split('.');
  const name = item === undefined ? field : below.join('.');
  const what = `${item === undefined ? '' : `the ${nameType(kind)} with ${item} of `}${nameType(type)} ${id}`;
  const order = one === other ? '' : `\`${one}\` came first: `;
  return {
    outcome: 'failed',
    kind: 'contradiction',
    message: `${who} do not agree on \`${name}\` of ${what}`,
    location: second.look.location,
    explained: { parts: [first, second].map(toPart) },
    hints: [`${order}one is the ${first.root.title}, the other the ${second.root.title}`],
  };
}

/** Records that refer to something that the flow knows nothing of, as problems of the flow. */
export function describeStrangers(found: readonly Stranger[]): readonly Problem[] {
  const { shown, hidden } = takeShown(found, MAX_PROBLEMS);
  const problems = shown.map(({ caused, name, value, known }): Problem => {
    const parts = [
      { ...EMPTY_PART, text: `${known.step}: ${known.name}`, type: describeType(known.value), value: known.value },
      { ...EMPTY_PART, text: `${caused.look.step}: ${caused.path}.${name}`, type: describeType(value), value },
    ];
    return {
      outcome: 'failed',
      kind: 'contradiction',
      message: `\`${name}\` of a record that the flow caused in \`${caused.place}\` is none that the flow knows`,
      location: caused.look.location,
      explained: { parts },
      hints: ['it is of this flow as `effects` sees it; where other flows write there too, `where` tells them apart'],
    };
  });
  if (hidden === 0) return problems;
  const message = `${countOf(hidden, 'more record')} that refer to what the flow does not know`;
  return [...problems, { outcome: 'failed', kind: 'contradiction', message }];
}

const EMPTY_PART = { offset: 0, length: 0 };

function toPart({ look, path, value }: Occurrence) {
  const text = `${look.step}: ${path}`;
  return { offset: 0, length: 0, text, type: describeType(value), value };
}

/** What was compared, for those who ask. */
export function describeCompared(
  reports: readonly ThingReport[],
  { isFull }: { readonly isFull: boolean },
): readonly Detail[] {
  const told = reports.filter(({ fields }) => fields.length > 0);
  const lines = told.flatMap(({ type, id, fields }) => [
    `${nameType(type)} ${id}`,
    ...fields.map((field) => `  ${describeField(field)}`),
  ]);
  if (isFull) lines.push('the flow saw so much that what came last was not compared');
  if (lines.length === 0) return [{ title: 'agree', lines: ['nothing was seen twice'], isExtra: true }];
  const { shown, hidden } = takeShown(lines, MAX_LINES);
  return [
    { title: 'agree', lines: hidden > 0 ? [...shown, `… and ${countOf(hidden, 'more line')}`] : shown, isExtra: true },
  ];
}

function describeField({ field, item, compared, difference, reason }: FieldReport): string {
  const name = item === undefined ? field : `${field} (${item})`;
  if (difference) return `${name}: differs in ${describePlaces([difference.first, difference.second])}`;
  if (compared.length < 2) return `${name}: not compared, ${reason ?? 'seen once'}`;
  return `${name}: the same in ${describePlaces(compared)}`;
}

function describePlaces(places: readonly Occurrence[]): string {
  return places.map(({ look, path }) => `${look.step} ${path}`).join(', ');
}
