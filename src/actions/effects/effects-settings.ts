import * as z from 'zod/mini';
import type { ConfigFinding } from '../../model/action/settings.ts';
import { duration, expression, timeLimit } from '../../model/settings.ts';
import { brokers, sasl, tls } from '../kafka/kafka-settings.ts';
import { isRecord } from '../settings/authored.ts';
import { checkNoTime } from '../settings/no-time.ts';

const howMany = z.union([z.int().check(z.gte(0)), z.literal('any')]);
const ofTable = z.union([
  z.int(),
  z.enum(['changed', 'any', 'none']),
  z.strictObject({ added: z.optional(howMany), deleted: z.optional(howMany), changed: z.optional(howMany) }),
]);
const ofTopic = z.union([z.int().check(z.gte(0)), z.enum(['any', 'none'])]);
const name = () => z.string().check(z.regex(/^\S+$/, 'expected a name, in which `*` stands for any letters'));

/** What may change, and nothing else. */
export const effectsSettings = z.strictObject({
  topics: z.optional(z.record(name(), ofTopic)),
  tables: z.optional(z.record(name(), ofTable)),
  others: z.optional(z.enum(['none', 'any'])),
  ignore: z.optional(z.array(name())),
  groups: z.optional(z.array(z.string().check(z.minLength(1)))),
  where: z.optional(z.union([expression(), z.record(name(), expression())])),
  settle: z.optional(duration()),
  timeout: z.optional(timeLimit()),
  max_rows: z.optional(z.int().check(z.gte(1))),
  connection: z.optional(z.string()),
  brokers: z.optional(brokers()),
  sasl: z.optional(sasl()),
  tls: z.optional(tls()),
});

export type EffectsSettings = z.output<typeof effectsSettings>;
export type TableChange = z.output<typeof ofTable>;
export type TopicChange = z.output<typeof ofTopic>;

/** The settings that are read before anything happens. */
export const ARMING_SETTINGS = [
  ...['topics', 'tables', 'others', 'ignore', 'groups', 'max_rows', 'timeout'],
  ...['connection', 'brokers', 'sasl', 'tls'],
];

const LOOK_ON = 'leave it out for the usual time, or write how long an effect may take';

/** What can be said before the run of what is looked at, and where it is. */
export function checkEffects(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  const error = { severity: 'error' } as const;
  const has = (key: string): boolean => isRecord(authored[key]) && Object.keys(authored[key]).length > 0;
  const nowhere = (
    [
      ['tables', 'connection'],
      ['topics', 'brokers'],
    ] as const
  ).filter(([what, where]) => has(what) && authored[where] === undefined);
  if (nowhere.length > 0)
    return nowhere.map(([what, where]) => ({
      ...{ ...error, code: 'TM392', path: [what], isKey: true },
      message: `\`${what}\` needs \`${where}\`: the steps of this flow name none, or several`,
      help: [`write \`${where}:\` beside \`${what}\``],
    }));
  const missed = 'what the flow causes';
  const noTime = checkNoTime(authored, { key: 'settle', code: 'TM391', missed, help: LOOK_ON });
  if (has('tables') || has('topics')) return noTime;
  const help = ['for example `tables: { shop.orders: +1 }`, or `topics: { order.placed: 1 }`'];
  if (authored['others'] === 'any') {
    const message = '`effects` names neither `tables` nor `topics`, so there is nothing to look at';
    return [{ ...error, code: 'TM391', path: [], message, help }];
  }
  if (authored['brokers'] !== undefined) return noTime;
  const message =
    '`effects` names no tables, and needs `brokers` for its topics: the steps of this flow name none, or several';
  return [{ ...error, code: 'TM392', path: [], message, help }];
}
