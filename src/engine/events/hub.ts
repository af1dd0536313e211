import type { Clock } from '../../model/action/resources.ts';
import type { Consumer, Wants } from '../../model/consumer.ts';
import type { RunEvent, StepFinished } from '../../model/events.ts';
import { maskBrief, maskEvent } from './mask-event.ts';
import type { Secrets } from './secrets.ts';
import { joinWants, selectWanted } from './wants.ts';

/** The one way from the engine to whoever follows the run. */
export interface Hub {
  /** What its consumers want. */
  readonly wants: Wants;
  /** Masks secrets, of the run or of those given, then hands the event to each consumer in turn, with what it wants. */
  emit(event: RunEvent, known?: Secrets): void;
  /** Closes all consumers; gives those that could not write. */
  close(): Promise<readonly ConsumerFailure[]>;
}

export interface ConsumerFailure {
  readonly name: string;
  /** In a line. */
  readonly message: string;
  readonly cause: unknown;
  /** Where in testmesh it happened, for whoever is to mend it: a few lines, with secrets masked as in the message. */
  readonly trace: string;
}

export interface HubOptions {
  readonly consumers: readonly Consumer[];
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** What else is known of an event in which secrets are masked, by earlier runs; one that throws is asked no more. */
  readonly annotate?: ((event: RunEvent) => RunEvent) | undefined;
}

const MAX_MESSAGE = 300;
const MAX_TRACE = 2000;

/** Makes a hub. A consumer that throws gets no more events, and the others are reported. */
export function createHub({ consumers, secrets, clock, annotate }: HubOptions): Hub {
  const active = new Set(consumers);
  const failures = new Map<Consumer, ConsumerFailure>();
  const queue: RunEvent[] = [];
  let isDelivering = false;

  const fail = (consumer: Consumer, error: unknown): string => {
    const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
    const line = shorten(secrets.maskText(message));
    const trace = secrets.maskText(stack).slice(0, MAX_TRACE);
    active.delete(consumer);
    if (!failures.has(consumer)) failures.set(consumer, { name: consumer.name, message: line, cause: error, trace });
    return line;
  };
  const withKnown = annotate ? untilItThrows(annotate) : undefined;
  const deliver = (masked: RunEvent): void => {
    const event = withKnown?.(masked) ?? masked;
    for (const consumer of active) {
      try {
        const selected = selectWanted(event, consumer.wants);
        if (selected) consumer.on(selected);
      } catch (error) {
        const text = `\`${consumer.name}\` was dropped, and the run goes on without it: ${fail(consumer, error)}`;
        queue.push({ type: 'run_noted', at: clock.now(), level: 'warning', text });
      }
    }
  };

  const wants = joinWants(consumers.map((consumer) => consumer.wants));
  const isPlain = (event: RunEvent): event is StepFinished =>
    wants.brief === true && event.type === 'step_finished' && event.problems.length === 0;

  return {
    wants,
    emit(event, known = secrets) {
      queue.push(isPlain(event) ? maskBrief(event, known) : maskEvent(event, known));
      if (isDelivering) return;
      isDelivering = true;
      for (let next = queue.shift(); next; next = queue.shift()) deliver(next);
      isDelivering = false;
    },
    async close() {
      const closings = consumers.map(async (consumer) => {
        try {
          await consumer.close();
        } catch (error) {
          fail(consumer, error);
        }
      });
      await Promise.all(closings);
      return [...failures.values()];
    },
  };
}

/** The same function until it throws; from then on events stay as they are. */
function untilItThrows(annotate: (event: RunEvent) => RunEvent): (event: RunEvent) => RunEvent {
  let known: typeof annotate | undefined = annotate;
  return (event) => {
    try {
      return known?.(event) ?? event;
    } catch {
      known = undefined;
      return event;
    }
  };
}

/** Whatever an error says, in a line. */
function shorten(text: string): string {
  const [line = ''] = text.trimStart().split('\n');
  return line.length <= MAX_MESSAGE ? line : `${line.slice(0, MAX_MESSAGE)}…`;
}
