import type { KafkaConnection } from '../drivers/kafka/connection.ts';
import type { KafkaRecord } from '../drivers/kafka/types.ts';
import type { Value } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import type { ActionOutcome } from '../model/action/outcome.ts';
import type { Detail, Problem } from '../model/events.ts';
import type { KafkaExchange } from '../model/exchange.ts';
import { describeSince } from '../model/since.ts';
import { countOf } from '../util/count.ts';
import { formatDuration } from '../util/duration.ts';
import { listNames } from '../util/suggest.ts';
import { awaitGroup } from './kafka/after-group.ts';
import { armConsumer, choosePositions, listTopics, readSince, readTimeout } from './kafka/arm.ts';
import { connect, nameConnection, showBrokers, toActionError } from './kafka/connect.ts';
import {
  type ConsumerSettings,
  checkConsumerSettings,
  consumerSettings,
  listMentions,
  readWanted,
  type Wanted,
} from './kafka/consumer-settings.ts';
import { describeAwaited, describeStart } from './kafka/exchange.ts';
import { type Armed, type KafkaFlowState, nameRecord, openFlowState } from './kafka/flow-state.ts';
import { foreseeMessages } from './kafka/foresight.ts';
import { KAFKA_CONNECTION, KAFKA_DEFAULTS } from './kafka/kafka-settings.ts';
import { describeNoLag, measureLag } from './kafka/lag.ts';
import { lookAround, type Reasons } from './kafka/look-around.ts';
import { describeNils } from './kafka/namesakes.ts';
import { messageItems } from './kafka/remembered.ts';
import { createRules, type Rule, WHERE_NAMES } from './kafka/rules.ts';
import { describeUnknown, listMissing } from './kafka/unknown-topics.ts';
import { type Claims, Wait } from './kafka/wait.ts';
import { roundMs } from './settings/numbers.ts';

const DEFAULT_SETTLE_MS = 500;
/** What the record keeps of a wait for messages of the flow's trace. */
const TRACE = 'trace';

/** Waits for messages of this run: those written since it began, however late the step is. */
export const kafkaConsumer: ActionDefinition<ConsumerSettings> = {
  name: 'kafka_consumer',
  aliases: ['kafka_consume'],
  summary: 'Waits for messages of this run on a Kafka topic',
  settings: {
    schema: consumerSettings,
    connection: KAFKA_CONNECTION,
    defaults: KAFKA_DEFAULTS,
    expressions: { 'match.where': WHERE_NAMES },
    mentions: listMentions,
    check: checkConsumerSettings,
  },
  result: {
    keys: {
      messages: 'array',
      message: 'map?',
      count: 'number',
      seen: 'number',
      lag_ms: 'number?',
      duration_ms: 'number',
    },
    items: messageItems,
  },
  judges: true,
  traits: { ownsDeadline: true, foresee: foreseeMessages },
  preparation: {
    settings: ['brokers', 'topic', 'sasl', 'tls', 'since', 'timeout', 'from_beginning', 'auto_offset_reset'],
    prepare: armConsumer,
  },
  async run(config, io) {
    const startedAt = io.clock.monotonic();
    noteIneffective(config, io);
    const deadlineAt = startedAt + readTimeout(config, io);
    const state = await openFlowState(io);
    try {
      const connection = await connect(config, io);
      const limits = { signal: io.stop.signal, timeoutMs: Math.max(0, deadlineAt - io.clock.monotonic()) };
      io.report.progress(`asking ${showBrokers(config)} where to begin`);
      const start = await choosePositions(config, io, { connection, state, limits });
      const facts = { traceId: chooseTrace(config, io) };
      const rules = createRules(config.match, { expressions: io.expressions, facts });
      return await waitFor({ config, io, state, connection, start, rules, startedAt, deadlineAt });
    } catch (error) {
      throw toActionError(error, config, { io });
    }
  },
};

/** The trace whose messages count: that of the recorded run, where its messages are looked at again. */
function chooseTrace({ match }: ConsumerSettings, { memory, facts }: ActionIo): string {
  if (!match?.trace) return facts.traceId;
  const recalled = memory.isReplay ? memory.recall(TRACE) : undefined;
  const traceId = typeof recalled === 'string' ? recalled : facts.traceId;
  memory.remember(TRACE, traceId);
  return traceId;
}

interface Consumption {
  readonly config: ConsumerSettings;
  readonly io: ActionIo;
  readonly state: KafkaFlowState;
  readonly connection: KafkaConnection;
  readonly start: Armed;
  readonly rules: readonly Rule[];
  readonly startedAt: number;
  readonly deadlineAt: number;
}

async function waitFor(consumption: Consumption): Promise<ActionOutcome> {
  const { config, io, connection, start, rules, deadlineAt } = consumption;
  const wanted = readWanted(config);
  const settleMs = config.settle ?? DEFAULT_SETTLE_MS;
  const claims = createClaims(consumption);
  const isCounted = wanted.max === undefined && io.step.isCounted === true;
  const findEnds = awaitGroup(config, io, { connection, deadlineAt });
  const wait = new Wait({ connection, start, wanted, rules, claims, settleMs, isCounted, deadlineAt, findEnds }, io);
  io.report.exchange(() => describeWait(consumption, wait));
  let end: Awaited<ReturnType<Wait['run']>>;
  try {
    end = await wait.run();
  } catch (error) {
    throw toActionError(error, config, { io, details: describeSightings(consumption, wait) });
  }
  const waitedMs = io.clock.monotonic() - consumption.startedAt;
  const lagMs = wait.arrival && measureLag(wait.arrival);
  if (lagMs !== undefined) io.report.measure?.value('event_lag', lagMs);
  if (end === 'enough') io.report.measure?.value('kafka_wait_duration', waitedMs);
  if (wait.arrival && lagMs === undefined) io.report.note(describeNoLag(wait.arrival));
  const count = wait.messages.length;
  if (end === 'enough' || (end === 'time' && count >= wanted.min)) {
    // That nothing more came is half known where something is kept back.
    if (wait.settles) for (const text of describeHeld(wait)) io.report.note(text);
    if (count === 0) for (const text of wait.sightings.describeMisspelt()) io.report.note(text);
    for (const text of describeTaken(consumption, wait)) io.report.note(text);
    if (isCounted && end === 'enough') io.report.note(describeLookingOn(settleMs));
    if (end === 'time' || wait.settles) await noteUnknown(consumption);
    return describeOutcome(wait, waitedMs);
  }
  if (end === 'time' && io.step.isErrorExpected) await noteUnknown(consumption);
  wait.release();
  const { hints, remarks } = end === 'time' ? await explainShortfall(consumption, wait) : { hints: [], remarks: [] };
  const details = describeSightings(consumption, wait, remarks);
  const problem = describeProblem(consumption, { wait, wanted, waitedMs, hints });
  return { ...describeOutcome(wait, waitedMs), problems: [problem], details };
}

/** What went by, and until when: what came later is not lost, but late. */
function describeSightings(
  { config, io }: Consumption,
  wait: Wait,
  remarks: readonly string[] = [],
): readonly Detail[] {
  for (const message of wait.sightings.described) io.report.rejected({ messages: [message], message });
  const until = new Date(io.clock.now()).toISOString();
  return wait.sightings.describe(`${describeSince(readSince(config))}, until ${until}`, remarks);
}

/** Why it took longer than the messages. */
function describeLookingOn(settleMs: number): string {
  return `it looked for more for ${formatDuration(settleMs)}, since the flow asks how many messages there are: \`exactly: true\` in \`config\` says so`;
}

/** What the rules may have taken, or left, for want of a key, and what of a message nobody sees. */
function describeTaken({ config, rules }: Consumption, wait: Wait): readonly string[] {
  const { messages, sightings } = wait;
  if (messages.length === 0) return sightings.seen > 0 ? describeNils({ ...config.match }) : [];
  return [
    ...rules.flatMap((rule) => messages.flatMap((message) => rule.remark?.(message) ?? [])),
    ...wait.twinKeys.map((key) => `\`${key}\` occurs twice as a key in a map of \`value\`: the last one counts`),
  ];
}

function describeHeld({ held }: Wait): readonly string[] {
  if (held === 0) return [];
  return [
    `a transaction that is still open holds back ${countOf(held, 'offset')}: its messages count once it is committed`,
  ];
}

function describeOutcome(wait: Wait, waitedMs: number): ActionOutcome {
  const { messages, arrival } = wait;
  const lagMs = arrival && measureLag(arrival);
  const { seen } = wait.sightings;
  const lag = lagMs === undefined ? '' : `, lag ${formatDuration(lagMs)}`;
  return {
    result: {
      messages,
      message: messages[0] ?? null,
      count: messages.length,
      seen,
      lag_ms: lagMs ?? null,
      duration_ms: roundMs(waitedMs),
    },
    summary: `${messages.length} matched of ${seen} seen${lag}`,
  };
}

interface Shortfall {
  readonly wait: Wait;
  readonly wanted: Wanted;
  readonly waitedMs: number;
  readonly hints: readonly string[];
}

function describeProblem(consumption: Consumption, { wait, wanted, waitedMs, hints }: Shortfall): Problem {
  const topics = listNames(listTopics(consumption.config));
  const count = wait.messages.length;
  const that = consumption.rules.length > 0 ? ' that match' : '';
  const verb = consumption.rules.length > 0 ? ' that matches' : '';
  const amount = describeWanted(wanted);
  const noun = isOne(wanted) ? `message on ${topics}${verb}` : `messages on ${topics}${that}`;
  const got = count === 0 ? 'none' : String(count);
  const within = formatDuration(
    wanted.max !== undefined && count > wanted.max ? waitedMs : readTimeout(consumption.config, consumption.io),
  );
  const message = `expected ${amount} ${noun}, got ${got} of ${wait.sightings.seen} seen within ${within}`;
  return { outcome: 'failed', kind: 'expectation', message, hints };
}

function isOne({ min, max }: Wanted): boolean {
  return max === undefined ? min === 1 : max <= 1;
}

function describeWanted({ min, max }: Wanted): string {
  if (max === undefined) return min === 1 ? '1' : `${min}`;
  if (max === 0) return 'no';
  if (min === max) return `exactly ${min}`;
  return min === 0 ? `at most ${max}` : `${min} to ${max}`;
}

/** Why there is too little; of an unknown topic it is enough to remark that, where the message is found on another one. */
async function explainShortfall(consumption: Consumption, wait: Wait) {
  const { older, elsewhere } = await findReasons(consumption, wait);
  const unknown = await findUnknown(consumption);
  const reasons = [...describeHeld(wait), ...older, ...elsewhere];
  return elsewhere.length > 0 ? { hints: reasons, remarks: unknown } : { hints: [...unknown, ...reasons], remarks: [] };
}

async function findReasons(
  { config, io, state, connection, start, rules }: Consumption,
  { messages, sightings }: Wait,
): Promise<Reasons> {
  const others = state.topics.get(nameConnection(config)) ?? new Map<string, Armed>();
  const key = config.match?.key as Value | undefined;
  const [count, that] = [messages.length, sightings.seen > 0 && rules.length > 0 ? ' that matches' : ''];
  const came = `${count === 0 ? `none${that}` : `only ${count}`} came ${describeSince(readSince(config))}`;
  return lookAround({ connection, start, rules, came, key, others, signal: io.stop.signal });
}

/** Topics that were not there at the beginning, and are not there now. */
function findUnknown({ start, connection, io }: Consumption): Promise<readonly string[]> {
  return describeUnknown(listMissing(start.positions), { connection, signal: io.stop.signal });
}

async function noteUnknown(consumption: Consumption): Promise<void> {
  for (const text of await findUnknown(consumption))
    consumption.io.report.note(`that nothing came proves little: ${text}`);
}

function createClaims({ config, io, state }: Consumption): Claims {
  const cluster = nameConnection(config);
  const name = (record: KafkaRecord) => nameRecord(cluster, record);
  const own = new Set<string>();
  return {
    find: (record) => state.claims.get(name(record)),
    add(record) {
      if (state.claims.has(name(record))) return;
      own.add(name(record));
      state.claims.set(name(record), io.step.address);
    },
    release(record) {
      if (own.delete(name(record))) state.claims.delete(name(record));
    },
  };
}

function noteIneffective(config: ConsumerSettings, io: ActionIo): void {
  if (config.group_id !== undefined)
    io.report.note('`group_id` has no effect: no consumer group is joined, nothing is committed');
  const meansBeginning = config.from_beginning === true || config.auto_offset_reset === 'earliest';
  if (!meansBeginning || config.since !== undefined) return;
  const name = config.from_beginning === true ? 'from_beginning' : 'auto_offset_reset: earliest';
  io.report.note(`\`${name}\` means from the beginning of this run; the whole topic is \`since: earliest\``);
}

function describeWait({ config, start }: Consumption, wait: Wait): KafkaExchange {
  const { where, ...plain } = config.match ?? {};
  const match = { ...(plain as Readonly<Record<string, Value>>), ...(where && { where: where.text.text }) };
  const { messages, sightings } = wait;
  return describeAwaited(config, {
    since: readSince(config),
    topics: describeStart(start),
    match: config.match && match,
    count: messages.length,
    messages,
    seen: sightings.seen,
  });
}
