import type { Value } from '../expr/index.ts';
import { decodeValue, encodeValue } from '../expr/index.ts';
import type { Captured, FlowFinished, FlowStarted, Problem, RunEvent, StepFinished } from './events.ts';
import type { ExplainedItem, ExplainedLoop, ExplainedPart } from './explained.ts';

const EVENT_TYPES: ReadonlySet<unknown> = new Set<RunEvent['type']>([
  'run_started',
  'flow_started',
  'phase_started',
  'step_started',
  'step_progress',
  'log_written',
  'step_remembered',
  'step_finished',
  'flow_finished',
  'run_finished',
  'run_noted',
]);

type Fields = Readonly<Record<string, unknown>>;
type Turn = (value: unknown) => unknown;

/** Makes an event plain JSON data, with every value in the form of `encodeValue`: exact numbers, dates and odd doubles survive. */
export function encodeEvent(event: RunEvent): Fields {
  return turnEvent(event, (value) => encodeValue(value as Value));
}

/** Reads what `encodeEvent` made, after `JSON.parse`; undefined when it is no event of this version's types. */
export function decodeEvent(data: unknown): RunEvent | undefined {
  if (!isFields(data) || !EVENT_TYPES.has(data['type']) || typeof data['at'] !== 'number') return undefined;
  return turnEvent(data as unknown as RunEvent, decodeValue as Turn) as unknown as RunEvent;
}

function turnEvent(event: RunEvent, turn: Turn): Fields {
  switch (event.type) {
    case 'flow_started':
      return turnFlowStarted(event, turn);
    case 'log_written':
      return event.data === undefined ? fieldsOf(event) : { ...event, data: turn(event.data) };
    case 'step_remembered':
      return { ...event, value: turn(event.value) };
    case 'step_finished':
      return turnStepFinished(event, turn);
    case 'flow_finished':
      return turnFlowFinished(event, turn);
    default:
      return fieldsOf(event);
  }
}

function turnFlowStarted(event: FlowStarted, turn: Turn): Fields {
  return { ...event, variables: turnRecord(event.variables, turn) };
}

function turnStepFinished(event: StepFinished, turn: Turn): Fields {
  const result = event.result === undefined ? undefined : turn(event.result);
  // A step that passed, with plain data: nearly all of them.
  if (result === event.result && event.captures?.length === 0 && event.problems?.length === 0) return fieldsOf(event);
  return {
    ...event,
    ...(result === undefined ? {} : { result }),
    problems: turnProblems(event.problems, turn),
    captures: listOf<Captured>(event.captures).map((captured) => turnKeys(captured, ['value'], turn)),
  };
}

function turnFlowFinished(event: FlowFinished, turn: Turn): Fields {
  return { ...event, captures: turnRecord(event.captures, turn), problems: turnProblems(event.problems, turn) };
}

function turnProblems(problems: readonly Problem[], turn: Turn): readonly Fields[] {
  return listOf<Problem>(problems).map((problem) => {
    const { parts, loops, differences, compared, ...rest } = problem;
    return {
      ...rest,
      ...(parts && { parts: parts.map((part) => turnKeys(part, ['value'], turn)) }),
      ...(loops && { loops: turnLoops(loops, turn) }),
      ...(differences && { differences: differences.map((one) => turnKeys(one, ['expected', 'actual'], turn)) }),
      ...(compared && { compared: turnKeys(compared, ['expected', 'actual'], turn) }),
    };
  });
}

function turnLoops(loops: readonly ExplainedLoop[], turn: Turn): readonly Fields[] {
  return listOf<ExplainedLoop>(loops).map((loop) => ({
    ...turnKeys(loop, ['value'], turn),
    items: listOf<ExplainedItem>(loop.items).map((item) => ({
      ...turnKeys(item, ['value'], turn),
      parts: listOf<ExplainedPart>(item.parts).map((part) => turnKeys(part, ['value'], turn)),
      loops: turnLoops(item.loops, turn),
    })),
  }));
}

function turnKeys(source: object, keys: readonly string[], turn: Turn): Fields {
  const fields: Record<string, unknown> = { ...source };
  for (const key of keys) {
    if (fields[key] === undefined) delete fields[key];
    else fields[key] = turn(fields[key]);
  }
  return fields;
}

function turnRecord(record: Readonly<Record<string, unknown>> | undefined, turn: Turn): Fields {
  // fromEntries defines own properties, so a variable named `__proto__` stays one.
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, turn(value)]));
}

function listOf<T>(list: readonly T[] | undefined): readonly T[] {
  return Array.isArray(list) ? list : [];
}

/** An event of which nothing has to be turned. */
function fieldsOf(event: RunEvent): Fields {
  return event as unknown as Fields;
}

function isFields(data: unknown): data is Fields {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
