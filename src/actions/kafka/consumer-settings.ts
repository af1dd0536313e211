import * as z from 'zod/mini';
import { compilePath } from '../../capture/path.ts';
import { ExprError } from '../../expr/index.ts';
import type { ConfigFinding, Mention } from '../../model/action/settings.ts';
import { anyValue, duration, expression, timeLimit } from '../../model/settings.ts';
import { hasPlaceholder, isOpen, isRecord } from '../settings/authored.ts';
import { checkEmptyMatch } from '../settings/empty-match.ts';
import { checkNoTime } from '../settings/no-time.ts';
import { checkWanted } from '../settings/range.ts';
import { brokers, sasl, tls, topicName } from './kafka-settings.ts';
import { checkPlace } from './message-place.ts';
import { parseSince } from './since.ts';

const SINCE_HELP =
  'expected `flow`, `step:<id>`, `now`, `earliest`, a time such as `2026-01-31T10:00:00Z`, or a length of time back such as `-10m`';

/** Of `after` where messages are waited for. */
export const NOT_ZERO = {
  message: '`after` says when nothing more will come, and this wait is for messages',
  help: ['write `count: 0` for a message that must not come, or leave `after` out'],
};

/** The settings of `kafka_consumer`. */
export const consumerSettings = z.strictObject({
  connection: z.optional(z.string()),
  brokers: brokers(),
  topic: z.union([topicName(), z.array(topicName()).check(z.minLength(1))]),
  timeout: z.optional(timeLimit()),
  match: z.optional(
    z.strictObject({
      key: z.optional(anyValue()),
      headers: z.optional(z.record(z.string(), anyValue())),
      value: z.optional(anyValue()),
      path: z.optional(z.record(z.string(), anyValue())),
      where: z.optional(expression()),
      trace: z.optional(z.literal('current')),
    }),
  ),
  count: z.optional(
    z.union([
      z.int().check(z.gte(0)),
      z.strictObject({ min: z.optional(z.int().check(z.gte(0))), max: z.optional(z.int().check(z.gte(0))) }),
    ]),
  ),
  exactly: z.optional(z.boolean()),
  settle: z.optional(duration()),
  after: z.optional(z.strictObject({ group: z.string().check(z.minLength(1)), message: anyValue() })),
  since: z.optional(
    z
      .union([z.string(), z.number()])
      .check(z.refine((value) => parseSince(value) !== undefined, { error: SINCE_HELP })),
  ),
  sasl: z.optional(sasl()),
  tls: z.optional(tls()),
  group_id: z.optional(z.string()),
  from_beginning: z.optional(z.boolean()),
  auto_offset_reset: z.optional(z.enum(['earliest', 'latest', 'none'])),
});

export type ConsumerSettings = z.output<typeof consumerSettings>;

/** How many messages are waited for: at least `min`, and at most `max` where more would be wrong. */
export interface Wanted {
  readonly min: number;
  readonly max: number | undefined;
}

/** Reads `count` and `exactly`. */
export function readWanted({ count = 1, exactly = false }: Pick<ConsumerSettings, 'count' | 'exactly'>): Wanted {
  if (typeof count === 'number') return { min: count, max: exactly || count === 0 ? count : undefined };
  const min = count.min ?? (count.max === undefined ? 1 : 0);
  return { min, max: count.max ?? (exactly ? min : undefined) };
}

/** What can be said about the settings of a wait before the run. */
export function checkConsumerSettings(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  return [
    ...checkCount(authored),
    ...checkSettle(authored),
    ...checkAfter(authored),
    ...checkTexts(authored),
    ...checkPaths(authored),
    ...checkFields(authored),
  ];
}

/** A wait that is to see one message too many has to look on. */
function checkSettle(authored: Readonly<Record<string, unknown>>): readonly ConfigFinding[] {
  const { count, exactly, after } = authored;
  const isBounded = exactly === true || (isRecord(count) && count['max'] !== undefined);
  if (!isBounded || after !== undefined) return [];
  const help = 'leave it out for 500 ms, or write how long a duplicate may take';
  return checkNoTime(authored, { key: 'settle', code: 'TM331', missed: 'a duplicate that comes', help });
}

/** Rules that hold of whatever has such a part; without any other the whole wait is told as that. */
function checkFields({ match, count }: Readonly<Record<string, unknown>>): readonly ConfigFinding[] {
  if (!isRecord(match) || count === 0 || !hasRule(match)) return [];
  return checkEmptyMatch(match, ['value', 'headers', 'key'], { at: ['match'], code: 'TM331', noun: 'message' });
}

/** Whether a match says anything of the message: a map without fields does not. */
export function hasRule(match: Readonly<Record<string, unknown>>): boolean {
  return Object.values(match).some((rule) => rule !== undefined && !(isRecord(rule) && Object.keys(rule).length === 0));
}

/** The step that `since: step:<id>` names. */
export function listMentions(authored: unknown): readonly Mention[] {
  const since = isRecord(authored) ? authored['since'] : undefined;
  if (typeof since !== 'string' || hasPlaceholder(since)) return [];
  const parsed = parseSince(since);
  return parsed?.kind === 'step' ? [{ id: parsed.id, path: ['since'] }] : [];
}

function checkCount({ count, exactly }: Readonly<Record<string, unknown>>): readonly ConfigFinding[] {
  if (!isRecord(count)) return [];
  const { min, max } = count;
  const wrong = checkWanted(count, 'messages');
  if (wrong.length > 0) return wrong;
  if (exactly === true && typeof max === 'number' && max !== min) {
    const message = '`exactly` and `count` with `min` and `max` say different things';
    return [
      {
        severity: 'error',
        code: 'TM331',
        path: ['exactly'],
        message,
        help: ['leave `exactly` out, or give one number as `count`'],
      },
    ];
  }
  return [];
}

/** `after` ends a wait for nothing, once the group has passed a message. */
function checkAfter({ after, count, exactly }: Readonly<Record<string, unknown>>): readonly ConfigFinding[] {
  if (!isRecord(after)) return [];
  const finding = { severity: 'error', code: 'TM334' } as const;
  const wanted = readWanted({ count, exactly } as Pick<ConsumerSettings, 'count' | 'exactly'>);
  if (!isOpen(count) && wanted.max !== 0) return [{ ...finding, path: ['after'], isKey: true, ...NOT_ZERO }];
  return checkPlace(after['message'], ['after', 'message']);
}

/** Keys and headers are text. */
function checkTexts({ match }: Readonly<Record<string, unknown>>): readonly ConfigFinding[] {
  const { key, headers } = isRecord(match) ? match : {};
  const texts: readonly (readonly [path: readonly string[], value: unknown])[] = [
    [['key'], key],
    ...Object.entries(isRecord(headers) ? headers : {}).map(([name, value]) => [['headers', name], value] as const),
  ];
  return texts.flatMap(([path, value]): readonly ConfigFinding[] => {
    if (typeof value !== 'number' && typeof value !== 'boolean') return [];
    const what = path.length === 1 ? 'the key of a message' : `the header \`${path.at(-1)}\``;
    const kind = typeof value === 'number' ? 'number' : 'bool';
    const message = `this can never match: ${what} is text, and \`${value}\` is a ${kind}`;
    const help = [`write \`"${value}"\``];
    return [{ severity: 'warning', code: 'TM208', path: ['match', ...path], message, help }];
  });
}

function checkPaths({ match }: Readonly<Record<string, unknown>>): readonly ConfigFinding[] {
  const paths = isRecord(match) ? match['path'] : undefined;
  if (!isRecord(paths)) return [];
  return Object.keys(paths).flatMap((path): readonly ConfigFinding[] => {
    try {
      compilePath(path);
      return [];
    } catch (error) {
      if (!(error instanceof ExprError)) throw error;
      const help = error.hint === undefined ? [] : [error.hint];
      const message = `\`${path}\`: ${error.message}`;
      return [{ severity: 'error', code: 'TM110', path: ['match', 'path', path], isKey: true, message, help }];
    }
  });
}
