import type { ActionResult } from '../../model/action/result.ts';
import type { Awaited, Bound, Foresight, LooseWait, ResultGrowth } from '../../model/action/traits.ts';
import { countOf } from '../../util/count.ts';
import { isRecord } from '../settings/authored.ts';
import { hasRule } from './consumer-settings.ts';

/** What a message has besides its content. */
export const ENVELOPE = ['topic', 'partition', 'offset', 'key', 'headers', 'timestamp'];

/** Rules of `match` that do not look at what a message says. */
const OUTSIDE_RULES: Readonly<Record<string, string>> = {
  key: 'its key',
  headers: 'its headers',
  trace: 'its trace',
};

const GROWTH: ResultGrowth = {
  keys: ['messages', 'count', 'seen'],
  toLookOn: '`exactly: true`, or `count: {min: …, max: …}`',
};

/** What a wait ends with. */
export function foreseeMessages(authored: unknown): Foresight {
  if (!isRecord(authored)) return {};
  const count = boundCount(authored);
  const absence = isForNone(authored) ? 'count' : undefined;
  return {
    awaited: describeAwaited(authored),
    growth: isBounded(authored) ? undefined : GROWTH,
    expected: { settings: ['match'], absence },
    ...(count && { bounds: { count } }),
  };
}

/** Whether no message may have come since the flow began. */
function isForNone({ count, since = 'flow' }: Readonly<Record<string, unknown>>): boolean {
  return (count === 0 || (isRecord(count) && count['max'] === 0)) && since === 'flow';
}

/** Whether more messages than so many would fail it, so that it looks for more. */
function isBounded({ count, exactly }: Readonly<Record<string, unknown>>): boolean {
  return exactly === true || count === 0 || (isRecord(count) && count['max'] !== undefined);
}

/** The keys that the result has with `messages`. */
export function describeBatch(authored: unknown): ActionResult['keys'] | undefined {
  if (!isRecord(authored)) return undefined;
  return authored['messages'] === undefined ? {} : { messages: 'array', count: 'number' };
}

/** How many messages are sent. */
export function foreseeBatch(authored: unknown): Foresight {
  const messages = isRecord(authored) ? authored['messages'] : undefined;
  if (!Array.isArray(messages)) return {};
  const { length } = messages;
  const why = `${countOf(length, 'message')} ${length === 1 ? 'is' : 'are'} sent, or the step fails`;
  return { bounds: { count: { atLeast: length, atMost: length, why } } };
}

/** A wait ends with as many messages as it waits for, or fails. */
function boundCount({ count = 1, exactly }: Readonly<Record<string, unknown>>): Bound | undefined {
  const min = isRecord(count) ? count['min'] : count;
  if (typeof min !== 'number' || min < 1) return undefined;
  const why = `the wait ends with ${countOf(min, 'message')}, or it fails`;
  return exactly === true || isRecord(count)
    ? { atLeast: min, why }
    : { atLeast: min, why, help: 'leave it out; `exactly: true` in `config` says that there are no more' };
}

const ANY_MESSAGE: LooseWait = {
  setting: 'topic',
  message: 'any message on the topic satisfies this wait, whoever sent it',
  help: 'say under `match` which one is meant: its `key`, or a field of its `value` that this flow sends',
  pick: (field, value) => `match: {value: {${field}: ${value}}}`,
};

/** Whether nothing is said of the message; one rule of the wrong kind is reported as that. */
function isLoose({ match, count }: Readonly<Record<string, unknown>>): boolean {
  const isSaid = isRecord(match) ? hasRule(match) : match !== undefined;
  return !isSaid && count !== 0;
}

function describeAwaited({ topic, match, since, count }: Readonly<Record<string, unknown>>): Awaited {
  const rules = isRecord(match) && count !== 0 ? Object.keys(match) : [];
  const outside = rules.flatMap((rule) => (Object.hasOwn(OUTSIDE_RULES, rule) ? [OUTSIDE_RULES[rule] ?? ''] : []));
  return {
    identity: match === undefined ? undefined : [topic, match, since],
    apart: 'write `since: step:<id>` with the step that triggers the second message',
    ownBy: isRecord(match) && match['trace'] === 'current' ? true : [Array.isArray(topic) ? undefined : topic, match],
    toOwn:
      'name a value of the flow itself under `match` (a UUID, the id of what it created, `trace: current`), and it runs beside others',
    loose: isLoose({ match, count }) ? ANY_MESSAGE : undefined,
    foundBy: outside.length === rules.length ? outside : [],
    look: 'compare it, as in `message.value == {…}`, or say under `match.value` what it has to hold',
  };
}
