import type { FastifyInstance } from 'fastify';
import type { DefectName } from './defects.ts';
import type { Event, Topic } from './events.ts';
import type { Trace } from './trace.ts';

/** An answer on its way out. */
export interface Answer {
  /** Method and path as the route has it: `GET /api/v1/users/:id`. */
  route: string;
  status: number;
  contentType?: string;
  body: Record<string, unknown>;
}

/** An event on its way out. */
export interface Sent {
  topic: Topic;
  event: Event;
  trace: Trace;
  delaySeconds?: number;
}

/** What planted faults do to what a service says, by their names; faults of what it does are where it does that. */
export interface Faults {
  answers?: Partial<Record<DefectName, (answer: Answer) => Answer>>;
  /** What is sent instead: nothing, another event, several. */
  events?: Partial<Record<DefectName, (sent: Sent) => Sent[]>>;
}

/** Has the answers of a service go through the fault that was planted in it, if it is one of answers. */
export function spoilAnswers(app: FastifyInstance, { answers }: Faults, defect: DefectName | undefined): void {
  const spoil = defect === undefined ? undefined : answers?.[defect];
  if (spoil === undefined) return;
  app.addHook('preSerialization', async (request, reply, payload) => {
    const route = `${request.method} ${request.routeOptions.url}`;
    // what the fault works on is what a caller would get: dates as text
    const body: Answer['body'] = JSON.parse(JSON.stringify(payload));
    const answer = spoil({ route, status: reply.statusCode, body });
    reply.code(answer.status);
    if (answer.contentType !== undefined) reply.type(answer.contentType);
    return answer.body;
  });
}

/** The events that are sent for one: itself, unless the planted fault is one of events. */
export function spoilEvents({ events }: Faults, defect: DefectName | undefined): (sent: Sent) => Sent[] {
  return (defect === undefined ? undefined : events?.[defect]) ?? ((sent) => [sent]);
}

/** A fault of the answers of one route. */
export function onRoute(route: string, change: (body: Answer['body']) => Answer['body']): (answer: Answer) => Answer {
  return (answer) =>
    answer.route === route && answer.status < 400 ? { ...answer, body: change(answer.body) } : answer;
}

/** A fault that gives another status, and another body if one is given. */
export function withStatus(from: number, to: number, body?: Answer['body']): (answer: Answer) => Answer {
  return (answer) => (answer.status === from ? { ...answer, status: to, body: body ?? answer.body } : answer);
}

/** A fault of the events of one topic. */
export function onTopic(topic: Topic, change: (sent: Sent) => Sent[]): (sent: Sent) => Sent[] {
  return (sent) => (sent.topic === topic ? change(sent) : [sent]);
}

/** A fault of what the events of one topic say. */
export function inEvent(topic: Topic, change: (event: Event) => Event): (sent: Sent) => Sent[] {
  return onTopic(topic, (sent) => [{ ...sent, event: change(sent.event) }]);
}

/** A change that gives a field the value that it had the time before, and at first one that nobody has. */
export function swapWithPrevious(field: string): (event: Event) => Event {
  let previous: unknown = '00000000-0000-4000-8000-000000000000';
  return (event) => {
    const swapped = { ...event, [field]: previous };
    previous = event[field];
    return swapped;
  };
}

/** A change that renames a field. */
export function rename(field: string, name: string): (event: Event) => Event {
  return ({ [field]: value, ...others }) => ({ ...others, [name]: value });
}

const everyTime = 500;

/** Whether it is the turn of one in 500: the 250th, the 750th and so on. */
export function createTurns(): () => boolean {
  let count = 0;
  return () => ++count % everyTime === everyTime / 2;
}

/** A change of one event in 500. */
export function atTimes(change: (sent: Sent) => Sent[]): (sent: Sent) => Sent[] {
  const isTurn = createTurns();
  return (sent) => (isTurn() ? change(sent) : [sent]);
}
