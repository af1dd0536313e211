import { encodeEvent } from '../model/event-codec.ts';
import type { Captured, Exchange, FlowFinished, FlowStarted, RunEvent, StepFinished } from '../model/events.ts';
import { isLighterThan } from './weigh.ts';

/** Above this a value is left out of the record: about a million characters. */
const MAX_VALUE_WEIGHT = 1_000_000;

// What is for people to look at; nothing is restored from it.
const MAX_BODY = 64_000;
const MAX_DETAIL_LINES = 500;

/** A value that was too large to be kept. */
export interface Omission {
  readonly what: 'result' | 'capture' | 'variable' | 'memory' | 'data';
  readonly name: string;
}

/** Turns an event into a line of the record, its type first; values over the limit are left out and named under `omitted`. */
export function toRecordLine(event: RunEvent, maxWeight = MAX_VALUE_WEIGHT): string {
  const omitted: Omission[] = [];
  const limited = limitEvent(event, { maxWeight, omitted });
  const fields = encodeEvent(limited);
  if (omitted.length === 0 && isTypeFirst(fields)) return `${JSON.stringify(fields)}\n`;
  return `${JSON.stringify({ type: event.type, ...fields, ...(omitted.length > 0 ? { omitted } : {}) })}\n`;
}

function isTypeFirst(fields: object): boolean {
  for (const name in fields) return name === 'type';
  return false;
}

interface Limit {
  readonly maxWeight: number;
  readonly omitted: Omission[];
}

function limitEvent(event: RunEvent, limit: Limit): RunEvent {
  switch (event.type) {
    case 'flow_started':
      return limitFlowStarted(event, limit);
    case 'step_finished':
      return limitStep(event, limit);
    case 'flow_finished':
      return limitFlowFinished(event, limit);
    case 'step_remembered':
      return isLighterThan(event.value, limit.maxWeight)
        ? event
        : { ...event, value: omit('memory', event.key, limit) };
    case 'log_written':
      return isLighterThan(event.data, limit.maxWeight) ? event : { ...event, data: omit('data', 'data', limit) };
    default:
      return event;
  }
}

function limitFlowStarted(event: FlowStarted, limit: Limit): FlowStarted {
  const variables = limitRecord(event.variables, 'variable', limit);
  return variables === event.variables ? event : { ...event, variables };
}

function limitFlowFinished(event: FlowFinished, limit: Limit): FlowFinished {
  const captures = limitRecord(event.captures, 'capture', limit);
  return captures === event.captures ? event : { ...event, captures };
}

function limitRecord<T>(record: Readonly<Record<string, T>>, what: Omission['what'], limit: Limit) {
  const entries = Object.entries(record);
  const kept = entries.filter(([name, value]) => {
    if (isLighterThan(value, limit.maxWeight)) return true;
    limit.omitted.push({ what, name });
    return false;
  });
  return kept.length === entries.length ? record : Object.fromEntries(kept);
}

function limitStep(event: StepFinished, limit: Limit): StepFinished {
  const isKept = isLighterThan(event.result, limit.maxWeight);
  const isShort = event.problems.length + event.captures.length + event.details.length === 0;
  if (isKept && isShort && !event.exchange) return event;
  if (!isKept) limit.omitted.push({ what: 'result', name: event.address });
  return {
    ...event,
    result: isKept ? event.result : undefined,
    exchange: event.exchange && limitExchange(event.exchange),
    problems: isLighterThan(event.problems, limit.maxWeight) ? event.problems : event.problems.map(stripProblem),
    captures: event.captures.map((captured) => limitCapture(captured, limit)),
    details: event.details.map(({ title, lines }) => ({ title, lines: lines.slice(0, MAX_DETAIL_LINES).map(cut) })),
  };
}

function limitCapture(captured: Captured, limit: Limit): Captured {
  if (!captured.isSecret && isLighterThan(captured.value, limit.maxWeight)) return captured;
  const { value: _, ...rest } = captured;
  if (!captured.isSecret) limit.omitted.push({ what: 'capture', name: captured.name });
  return rest;
}

function limitExchange(exchange: Exchange): Exchange {
  return Object.fromEntries(Object.entries(exchange).map(([key, text]) => [key, cut(text)]));
}

function stripProblem(problem: StepFinished['problems'][number]): StepFinished['problems'][number] {
  const { parts: _, differences: __, loops: ___, compared: ____, ...rest } = problem;
  return rest;
}

function omit(what: Omission['what'], name: string, limit: Limit): null {
  limit.omitted.push({ what, name });
  return null;
}

function cut<T extends string | undefined>(text: T): T | string {
  return text === undefined || text.length <= MAX_BODY ? text : `${text.slice(0, MAX_BODY)}… (cut in the record)`;
}
