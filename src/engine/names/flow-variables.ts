import type { Host, Value } from '../../expr/index.ts';
import { setKey } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import type { FlowInputs, Replay } from '../../model/inputs.ts';
import type { DeclaredVariable, FlowPlan } from '../../model/plan.ts';
import type { SourceFile } from '../../model/source-file.ts';
import { isPasswordName, MASK } from '../../util/hidden-fields.ts';
import { isSecretLike, isSecretName } from '../../util/secret-name.ts';
import { hidePasswords, mayHoldPasswords } from '../events/address-passwords.ts';
import { isTelling } from '../events/hidden-beside.ts';
import { learnCalled } from '../events/learn-text.ts';
import { isAddress } from '../events/needle.ts';
import type { KnownSecrets } from '../events/secrets.ts';
import { describeThrown } from '../outcome/thrown.ts';
import type { Context } from './context.ts';

export interface VariableOptions {
  readonly plan: FlowPlan;
  readonly inputs: FlowInputs;
  readonly replay: Replay | undefined;
  /** Sees each variable as soon as it is in `declared`. */
  readonly context: Context;
  readonly declared: Map<string, Value>;
  readonly createHost: (stream: string) => Host;
  /** Names that have another value, which is not known yet. */
  readonly unknown?: ReadonlySet<string> | undefined;
}

/**
 * Makes the declared variables in their order, but for those that something else sets; one that cannot be made has no value, and its
 * problem is in `failed` before the next is made. Gives the first problem.
 */
export function renderVariables(
  options: VariableOptions,
  failed = new Map<string, Problem>(),
): { problem?: Problem; error?: unknown } {
  const { plan, context, declared, createHost } = options;
  let failure: { problem?: Problem; error?: unknown } = {};
  for (const variable of plan.declared) {
    if (isOverridden(variable, options)) continue;
    try {
      declared.set(variable.name, variable.value.render(context, createHost(`env/${variable.name}`)));
    } catch (error) {
      const { problem } = describeThrown(error);
      if (!failure.problem) failure = { problem, error };
      failed.set(variable.name, problem);
      declared.delete(variable.name);
    }
  }
  return failure;
}

/** Whether a layer above the declared ones has the name. */
function isOverridden({ name }: DeclaredVariable, { inputs, replay, unknown }: VariableOptions): boolean {
  if (unknown?.has(name)) return true;
  const layers = [inputs.given, inputs.shared, replay?.variables, inputs.row, inputs.environment, inputs.envFile];
  return layers.some((layer) => layer?.has(name));
}

/** Makes the values of secret names known, wherever they come from, before anything is reported. */
export function registerSecrets(secrets: KnownSecrets, names: ReadonlySet<string>, options: VariableOptions): void {
  const { plan, inputs, replay, declared } = options;
  const { given, shared, row, environment, envFile } = inputs;
  const all = [given, shared, row, environment, envFile, replay?.captures, replay?.variables, declared];
  const layers = all.filter((layer): layer is ReadonlyMap<string, Value> => layer !== undefined && layer.size > 0);
  for (const name of names) {
    for (const layer of layers) {
      const value = layer.get(name);
      if (value !== undefined) secrets.add(value);
    }
  }
  for (const { name, literal = null, origin } of plan.declared) {
    const isOfFile = origin === 'env_file' && typeof literal === 'string' && isSecretLike(name, literal);
    if (names.has(name) || isOfFile) secrets.add(literal);
  }
  for (const text of plan.written ?? []) if (isTelling(text) && !isAddress(text)) secrets.add(text);
  if (row) learnCalled(secrets, row);
  if (given.size > 0) learnCalled(secrets, given, isPasswordName);
  if (declared.size > 0) learnCalled(secrets, listLasting(plan, declared), isPasswordName);
  if (mayTell(plan.file)) secrets.addPasswords(plan.file.text);
  for (const layer of layers) {
    for (const value of layer.values()) if (typeof value === 'string') secrets.addPasswords(value);
  }
}

const silent = new WeakSet<SourceFile>();

/** Whether a file may hold a password: its text is the same for all executions, and under a load there are many. */
function mayTell(file: SourceFile): boolean {
  if (silent.has(file)) return false;
  if (mayHoldPasswords(file.text)) return true;
  silent.add(file);
  return false;
}

/** The declared variables without a random or time part. */
function listLasting({ declared: plans }: FlowPlan, declared: ReadonlyMap<string, Value>): readonly [string, Value][] {
  const volatile = new Set(plans.filter(({ isVolatile }) => isVolatile).map(({ name }) => name));
  return [...declared].filter(([name]) => !volatile.has(name));
}

/** The declared variables as they are in this run, but for secrets, what is called one, and passwords of addresses. */
export function listVariables(
  plan: FlowPlan,
  context: Context,
  secretNames: ReadonlySet<string>,
): Readonly<Record<string, Value>> {
  const variables: { [name: string]: Value } = {};
  for (const { name, isVolatile } of plan.declared) {
    const value = context.get(name);
    if (value === undefined) continue;
    const isHidden = secretNames.has(name) || (!isVolatile && typeof value === 'string' && isSecretName(name));
    setKey(variables, name, isHidden ? MASK : typeof value === 'string' ? hidePasswords(value) : value);
  }
  return variables;
}

/** Names of declared variables with a random or time part that nothing else sets. */
export function listVolatileNames(options: VariableOptions): readonly string[] {
  const { plan, inputs } = options;
  const isSet = (name: string): boolean =>
    [inputs.given, inputs.shared, inputs.row, inputs.environment, inputs.envFile].some((layer) => layer?.has(name));
  const names = plan.declared.filter(({ name, isVolatile }) => isVolatile && !isSet(name)).map(({ name }) => name);
  return [...new Set(names)];
}
