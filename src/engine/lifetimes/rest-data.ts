import { decodeValue, encodeValue, type MissingName, type Value } from '../../expr/index.ts';
import type { Phase } from '../../model/phase.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { childrenAndCleanups, listPhases, listSteps } from '../../model/walk-steps.ts';
import { listSecretsIn, type Secrets } from '../events/secrets.ts';
import { type Context, createContext } from '../names/context.ts';
import { createLocals } from '../names/locals.ts';
import { listCaptured, withCaptured } from '../names/with-captured.ts';
import type { FlowRest } from './flow-part.ts';

/** A name and a value in the form of `encodeValue`. */
type Named = readonly [name: string, encoded: unknown];

/** What an execution of a flow left, as JSON: another process, or another thread, goes on with it. Exact numbers and dates survive. */
export interface RestData {
  readonly captures: readonly Named[];
  readonly results: readonly ResultData[];
  readonly missing: readonly (readonly [name: string, why: MissingName])[];
  readonly secretNames: readonly string[];
  /** What of all this nobody is to see. */
  readonly secrets: readonly string[];
  /** What is still to be undone. */
  readonly cleanups: readonly CleanupData[];
}

interface ResultData {
  readonly phase: Phase;
  readonly id: string;
  readonly value: unknown;
  /** What the step captured beside it. */
  readonly captured: readonly Named[];
}

interface CleanupData {
  readonly step: string;
  readonly address: string;
  readonly locals?: readonly Named[];
}

const PHASES: readonly Phase[] = ['setup', 'steps', 'teardown'];

/** Writes what an execution left. @throws ExprError when a value is nested too deeply */
export function encodeRest({ context, secretNames, cleanups }: FlowRest, known: Secrets): RestData {
  const { captures, results, missing } = context.listMade();
  const locals = cleanups.map((cleanup) => cleanup.locals?.toRecord());
  const all = [
    ...captures.values(),
    ...PHASES.flatMap((phase) =>
      [...results[phase].values()].flatMap((value) => [value, ...listCaptured(value).map(([, one]) => one)]),
    ),
    ...locals.flatMap((record) => Object.values(record ?? {})),
  ];
  return {
    captures: encodeAll(captures),
    results: PHASES.flatMap((phase) => [...results[phase]].map(([id, value]) => encodeResult({ phase, id }, value))),
    missing: [...missing],
    secretNames: [...secretNames],
    secrets: listSecretsIn(all, known),
    cleanups: cleanups.map(({ step, address }, index) => {
      const own = locals[index];
      return { step: step.address, address, ...(own && { locals: encodeAll(Object.entries(own)) }) };
    }),
  };
}

/** Reads what `encodeRest` gave, after any trip through JSON, for a flow of the same text. */
export function decodeRest(data: RestData, plan: FlowPlan, secrets: Secrets): FlowRest {
  const none = new Map();
  const inputs = { given: none, environment: none, envFile: none, overrides: [], secretNames: [] };
  const builtIns = { get: () => undefined, keys: () => [] };
  let context: Context = createContext({ inputs, replay: undefined, declared: none, builtIns });
  for (const [name, value] of data.captures) context = context.withCapture(name, decodeValue(value));
  for (const { phase, id, value, captured } of data.results)
    context = context.withResult(phase, id, withCaptured(decodeValue(value), decodeAll(captured)));
  if (data.missing.length > 0) context = context.withMissing(new Map(data.missing));
  for (const text of data.secrets) secrets.add(text);
  const steps = new Map(listSteps(listPhases(plan), childrenAndCleanups).map((step) => [step.address, step]));
  return {
    context,
    secretNames: new Set(data.secretNames),
    cleanups: data.cleanups.flatMap((cleanup) => decodeCleanup(cleanup, steps)),
  };
}

function decodeCleanup({ step: at, address, locals }: CleanupData, steps: ReadonlyMap<string, StepPlan>) {
  const step = steps.get(at);
  return step
    ? [{ step, address, locals: locals && createLocals(undefined, Object.fromEntries(decodeAll(locals))) }]
    : [];
}

function encodeResult({ phase, id }: { phase: Phase; id: string }, value: Value): ResultData {
  return { phase, id, value: encodeValue(value), captured: encodeAll(listCaptured(value)) };
}

function encodeAll(named: Iterable<readonly [string, Value]>): readonly Named[] {
  return [...named].map(([name, value]) => [name, encodeValue(value)]);
}

function decodeAll(named: readonly Named[]): (readonly [string, Value])[] {
  return named.map(([name, encoded]) => [name, decodeValue(encoded)]);
}
