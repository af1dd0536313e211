import type { KafkaConnection } from '../../drivers/kafka/connection.ts';
import { KafkaError } from '../../drivers/kafka/errors.ts';
import type { KafkaLimits, KafkaPositions } from '../../drivers/kafka/types.ts';
import type { ActionIo, PrepareIo, StepFacts } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { Since } from '../../model/since.ts';
import { listNames } from '../../util/suggest.ts';
import { connect, nameConnection, showBrokers, toActionError } from './connect.ts';
import type { ConsumerSettings } from './consumer-settings.ts';
import { type Armed, type KafkaFlowState, noteTopics, openFlowState } from './flow-state.ts';
import { decodePositions, encodePositions } from './remembered.ts';
import { parseSince } from './since.ts';
import { describeUnmade, listMissing } from './unknown-topics.ts';

/** What the record keeps of a wait. */
const POSITIONS = 'positions';
const LONGEST_ARMING_MS = 5000;
const DEFAULT_TIMEOUT_MS = 30_000;

/** How long a wait may take: its own setting and the step's are one deadline, the smaller. */
export function readTimeout(config: ConsumerSettings, { step }: { readonly step: StepFacts }): number {
  const ownMs = config.timeout ?? step.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  return Math.min(ownMs, step.timeoutMs ?? ownMs);
}

export function readSince(config: ConsumerSettings): Since {
  return parseSince(config.since ?? 'flow') ?? { kind: 'flow' };
}

export function listTopics(config: ConsumerSettings): readonly string[] {
  return typeof config.topic === 'string' ? [config.topic] : [...new Set(config.topic)];
}

/** Looks up, before anything happens, where the messages of this run will begin. */
export async function armConsumer(config: ConsumerSettings, io: PrepareIo): Promise<void> {
  const since = readSince(config);
  if (since.kind !== 'flow' && since.kind !== 'step') return;
  const state = await openFlowState(io);
  if (io.memory.isReplay) return restore(config, io, state);
  const arm = async (): Promise<void> => {
    const limits = { signal: io.stop.signal, timeoutMs: Math.min(LONGEST_ARMING_MS, readTimeout(config, io)) };
    const atMs = io.clock.now();
    try {
      const connection = await connect(config, io);
      const positions = await connection.arm(listTopics(config), limits);
      keep(config, io, state, { positions, atMs, brokers: showBrokers(config) });
      for (const text of await describeUnmade(listMissing(positions), { connection, signal: io.stop.signal }))
        noteOnce(`${text}; they do not create topics by themselves`, io, state);
    } catch (error) {
      const shouldWait = io.isConditional && error instanceof KafkaError;
      if (!shouldWait) throw toActionError(error, config, { io });
      state.unasked.set(io.step.address, atMs);
    }
  };
  await arm();
  if (since.kind === 'step') io.beforeStep(since.id, arm);
}

/** Where a wait that begins now reads from. */
export async function choosePositions(
  config: ConsumerSettings,
  io: ActionIo,
  wait: { readonly connection: KafkaConnection; readonly state: KafkaFlowState; readonly limits: KafkaLimits },
): Promise<Armed> {
  const { connection, state, limits } = wait;
  const topics = listTopics(config);
  const since = readSince(config);
  const nowMs = io.clock.now();
  switch (since.kind) {
    case 'now':
      return { positions: await connection.arm(topics, limits), atMs: nowMs };
    case 'earliest':
      return { positions: await connection.beginnings(topics, limits), atMs: nowMs };
    case 'ago':
    case 'time': {
      const atMs = since.kind === 'ago' ? nowMs - since.ms : since.ms;
      return { positions: await connection.offsetsAt(topics, atMs, limits), atMs };
    }
    case 'flow':
    case 'step':
      if (io.memory.isReplay) await refuseOtherCluster(config, io, { connection, limits });
      return (
        findArmed(config, io, wait) ?? armLate(config, io, { connection, limits, sinceMs: findUnasked(io, state) })
      );
    default:
      return since satisfies never;
  }
}

/** Offsets of one cluster mean nothing to another: unless the topics' ids show that it is the same by another name, nothing says where to begin. */
async function refuseOtherCluster(
  config: ConsumerSettings,
  io: ActionIo,
  { connection, limits }: { readonly connection: KafkaConnection; readonly limits: KafkaLimits },
): Promise<void> {
  const topics = listTopics(config);
  const recorded = decodePositions(io.memory.recall(POSITIONS), topics);
  const brokers = showBrokers(config);
  if (!recorded || recorded.brokers === brokers) return;
  const present = await connection.arm(topics, limits);
  const idIn = (positions: KafkaPositions, topic: string): string | undefined => positions.get(topic)?.id;
  const others = topics.filter((topic) => {
    const id = idIn(recorded.positions, topic);
    return id === undefined || id !== idIn(present, topic);
  });
  if (others.length === 0) return;
  throw createNowhereError(
    `the recorded positions of ${listNames(others)} are those of ${recorded.brokers}, not of ${brokers}`,
  );
}

/** The address of this round of a loop, then those without the positions of its loops, from the innermost: what was armed before them. */
function listAddresses(address: string): readonly string[] {
  const outer = address.replace(/^(.*)\[\d+\](?=>)/, '$1');
  return outer === address ? [address] : [address, ...listAddresses(outer)];
}

function findArmed(
  config: ConsumerSettings,
  io: ActionIo,
  { state }: { readonly state: KafkaFlowState },
): Armed | undefined {
  const topics = listTopics(config);
  return listAddresses(io.step.address)
    .map((address) => state.armed.get(address))
    .find((armed) => armed && topics.every((topic) => armed.positions.has(topic)));
}

function findUnasked({ step }: ActionIo, { unasked }: KafkaFlowState): number | undefined {
  return listAddresses(step.address)
    .map((at) => unasked.get(at))
    .find((atMs) => atMs !== undefined);
}

/** The brokers could not be asked before the trigger: the time is the next best thing, and the report says so. */
async function armLate(
  config: ConsumerSettings,
  io: ActionIo,
  { connection, limits, sinceMs }: { connection: KafkaConnection; limits: KafkaLimits; sinceMs: number | undefined },
): Promise<Armed> {
  const topics = listTopics(config);
  if (sinceMs === undefined) {
    io.report.note('brokers or topic were known only now: messages sent before this step are not seen');
    return { positions: await connection.arm(topics, limits), atMs: io.clock.now() };
  }
  io.report.note('the broker could not be reached before the run: messages are taken by their time from then on');
  return { positions: await connection.offsetsAt(topics, sinceMs, limits), atMs: sinceMs };
}

function noteOnce(text: string, { report }: PrepareIo, { said }: KafkaFlowState): void {
  if (!said.has(text)) report.note(text);
  said.add(text);
}

function keep(
  config: ConsumerSettings,
  io: PrepareIo,
  state: KafkaFlowState,
  armed: Armed & { readonly brokers: string },
): void {
  state.armed.set(io.step.address, armed);
  noteTopics(state, nameConnection(config), armed);
  io.memory.remember(POSITIONS, encodePositions(armed, armed.brokers));
}

/** Takes the offsets that the recorded run began with, so that its messages are found again. */
function restore(config: ConsumerSettings, io: PrepareIo, state: KafkaFlowState): void {
  const topics = listTopics(config);
  const recalled = decodePositions(io.memory.recall(POSITIONS), topics);
  if (recalled) {
    keep(config, io, state, recalled);
    return;
  }
  throw createNowhereError(
    `no recorded run says where \`${io.step.address}\` should begin to read ${listNames(topics)}`,
  );
}

function createNowhereError(message: string): ActionError {
  return new ActionError({
    kind: 'authoring',
    code: 'TM333',
    message,
    hints: [
      'run it together with what it waits for: the whole flow, once',
      'or read what is there: `since: earliest`, or `since: -10m`',
    ],
  });
}
