import { formatValue, type Value, type ValueMap } from '../../expr/index.ts';
import { hideFields } from '../../util/hidden-fields.ts';
import {
  describeChangedRow,
  describeWholeRow,
  type RowDifference,
  readRow,
  readRowNow,
} from '../changes/row-differences.ts';
import type { Message } from '../kafka/message.ts';
import type { Counts, Way } from './expectation.ts';

const MAX_TEXT = 400;

/** One thing that happened to a table or a topic. */
export type Effect = RowEffect | MessageEffect;

interface EffectBase {
  /** The table or topic, as it is named in reports. */
  readonly place: string;
  readonly what: Way;
  /** How many rows or messages it stands for. */
  readonly number: number;
}

export interface RowEffect extends EffectBase {
  readonly thing: 'row';
  /** The primary key, where the table has one. */
  readonly key: ValueMap | null;
  /** As it was and as it is; nil where it was not there, is too long to be kept, or rows were only counted. */
  readonly before: ValueMap | null;
  readonly after: ValueMap | null;
  readonly text: string;
}

export interface MessageEffect extends EffectBase {
  readonly thing: 'message';
  readonly message: Message;
  readonly text: string;
}

/** What became of an effect in the verdict. */
export type Standing = 'expected' | 'unexpected' | 'own' | 'ignored' | 'of_others' | 'unjudged';

/** An effect with its verdict. */
export interface SeenEffect {
  readonly effect: Effect;
  readonly standing: Standing;
}

/** Whether it is the flow's, and counts. */
export function isMine({ standing }: SeenEffect): boolean {
  return standing === 'expected' || standing === 'unexpected';
}

/** How many rows or messages came, went and changed. */
export function countEffects(effects: readonly Effect[]): Counts {
  const counts = { added: 0, deleted: 0, changed: 0 };
  for (const { what, number } of effects) counts[what] += number;
  return counts;
}

/** Makes an effect of a row that is not what it was; `key` is undefined of a table without a primary key. */
export function toRowEffect(place: string, difference: RowDifference, key: string | undefined): RowEffect {
  const { what, number, id, before } = difference;
  const isCounted = id === '';
  return {
    ...{ thing: 'row', place, what, number },
    key: key === undefined ? null : readRow(id),
    before: readRow(before),
    after: readRowNow(difference),
    text: isCounted ? 'only counted' : describeRow(difference, key),
  };
}

/** Makes an effect of a message. */
export function toMessageEffect(message: Message): MessageEffect {
  const { topic, partition, offset, key, value } = message;
  const head = `[${partition}] offset ${offset}, ${key === null ? 'no key' : `key ${formatValue(key, 80)}`}`;
  const text = hideFields(`${head}, ${formatValue(value, MAX_TEXT)}`);
  return { thing: 'message', place: topic, what: 'added', number: 1, message, text };
}

/** The effect as a line: `+ {"id": 3, "total": 5}`. */
export function describeEffect({ what, number, text }: Effect): string {
  const mark = { added: '+', deleted: '-', changed: '~' }[what];
  return `${mark} ${text}${number > 1 ? ` (${number} times)` : ''}`;
}

/** The effect as data. */
export function toValue({ effect, standing }: SeenEffect): Value {
  const { place, what, number, thing } = effect;
  const count = number > 1 ? { number } : {};
  if (thing === 'message') return { topic: place, what, standing, message: effect.message };
  const { key, before, after } = effect;
  const rows = what === 'changed' ? { before, after } : { row: after ?? before };
  return { table: place, what, standing, ...count, key, ...rows };
}

function describeRow(difference: RowDifference, key: string | undefined): string {
  return hideFields(difference.what === 'changed' ? describeChangedRow(difference) : describeWholeRow(difference, key));
}
