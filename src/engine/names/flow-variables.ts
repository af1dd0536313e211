import type { Host, Value } from '../../expr/index.ts';
import { setKey } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import type { FlowInputs, Replay } from '../../model/inputs.ts';
import type { DeclaredVariable, FlowPlan } from '../../model/plan.ts';
import { MASK, type Secrets } from '../events/secrets.ts';
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

/** Makes the declared variables in their order, but for those that something else sets; gives the first problem. */
export function renderVariables(options: VariableOptions): { problem?: Problem; error?: unknown } {
  const { plan, context, declared, createHost } = options;
  let failure: { problem?: Problem; error?: unknown } = {};
  for (const variable of plan.declared) {
    if (isOverridden(variable, options)) continue;
    try {
      declared.set(variable.name, variable.value.render(context, createHost(`env/${variable.name}`)));
    } catch (error) {
      if (!failure.problem) failure = { problem: describeThrown(error).problem, error };
    }
  }
  return failure;
}

/** Whether a layer above the declared ones has the name. */
function isOverridden({ name }: DeclaredVariable, { inputs, replay, unknown }: VariableOptions): boolean {
  if (unknown?.has(name)) return true;
  const layers = [inputs.given, replay?.variables, inputs.row, inputs.environment, inputs.envFile];
  return layers.some((layer) => layer?.has(name));
}

/** Makes the values of secret names known, wherever they come from, before anything is reported. */
export function registerSecrets(
  secrets: Pick<Secrets, 'add'>,
  names: ReadonlySet<string>,
  options: VariableOptions,
): void {
  const { plan, inputs, replay, declared } = options;
  const { given, row, environment, envFile } = inputs;
  const layers = [given, row, environment, envFile, replay?.captures, replay?.variables, declared];
  for (const name of names) {
    for (const layer of layers) {
      const value = layer?.get(name);
      if (value !== undefined) secrets.add(value);
    }
  }
  for (const { name, literal } of plan.declared) {
    if (names.has(name) && literal !== undefined) secrets.add(literal);
  }
}

/** The declared variables as they are in this run. */
export function listVariables(
  plan: FlowPlan,
  context: Context,
  secretNames: ReadonlySet<string>,
): Readonly<Record<string, Value>> {
  const variables: { [name: string]: Value } = {};
  for (const { name } of plan.declared) {
    const value = context.get(name);
    if (value !== undefined) setKey(variables, name, secretNames.has(name) ? MASK : value);
  }
  return variables;
}

/** Names of declared variables with a random or time part that nothing else sets. */
export function listVolatileNames(options: VariableOptions): readonly string[] {
  const { plan, inputs } = options;
  const isSet = (name: string): boolean =>
    [inputs.given, inputs.row, inputs.environment, inputs.envFile].some((layer) => layer?.has(name));
  const names = plan.declared.filter(({ name, isVolatile }) => isVolatile && !isSet(name)).map(({ name }) => name);
  return [...new Set(names)];
}
