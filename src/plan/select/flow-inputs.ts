import type { Value } from '../../expr/index.ts';
import { parseJson } from '../../expr/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Override } from '../../model/events.ts';
import type { FlowInputs } from '../../model/inputs.ts';
import type { DeclaredVariable, FlowPlan } from '../../model/plan.ts';
import { explainRawPassword, isCutAtSign, isDatabaseAddress } from '../../util/raw-password.ts';
import { isSecretLike } from '../../util/secret-name.ts';
import { isShellName } from '../read/builtin-names.ts';
import { CODES } from '../read/findings.ts';

/** A value from outside, as it was given. */
export interface GivenValue {
  /** Text to be read by the declared type, or a value that has one (`k:=json`). */
  readonly text?: string | undefined;
  readonly value?: Value | undefined;
  /** `--var`, `--secret`, `environment`, … as the run's head says it. */
  readonly from: string;
  readonly isSecret: boolean;
  /** A placeholder in it that nothing fills in, with the line of its file. */
  readonly unfilled?: { readonly text: string; readonly line: number } | undefined;
}

/** Everything that the command line and the environment give, not yet typed. */
export interface GivenInputs {
  readonly given: ReadonlyMap<string, GivenValue>;
  readonly envFile: ReadonlyMap<string, GivenValue>;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  /** The environment of testmesh.yaml that is asked for. */
  readonly environmentName?: string | undefined;
  /** Whether the values of an environment are in `envFile` already. */
  readonly hasEnvironment?: boolean | undefined;
  /** What `before_all` captures, once it has run. */
  readonly sharedNames?: ReadonlySet<string> | undefined;
  /** About the files that gave them. */
  readonly findings?: readonly Diagnostic[];
}

/** Types what is given from outside by what a flow declares; reports texts that do not fit. */
export function resolveInputs(
  flow: FlowPlan,
  inputs: GivenInputs,
): { inputs: FlowInputs; diagnostics: readonly Diagnostic[] } {
  const declared = new Map(flow.declared.map((variable) => [variable.name, variable]));
  const diagnostics: Diagnostic[] = [];
  const overrides: Override[] = [];
  const overridden = new Set<string>();
  const typeLayer = (layer: ReadonlyMap<string, GivenValue>): Map<string, Value> => {
    const typed = new Map<string, Value>();
    for (const [name, given] of layer) {
      const variable = declared.get(name);
      const value = readGiven(name, given, variable, diagnostics);
      typed.set(name, value);
      if (!variable || overridden.has(name)) continue;
      overridden.add(name);
      overrides.push({ name, from: given.from, target: describeTarget(value) });
    }
    return typed;
  };
  const given = typeLayer(inputs.given);
  const processValues = pickEnvironment(flow, inputs.processEnv);
  const environment = typeLayer(processValues);
  const envFile = typeLayer(inputs.envFile);
  const all = [...inputs.given, ...processValues, ...inputs.envFile];
  const secretNames = [...new Set(all.filter(([, value]) => value.isSecret).map(([name]) => name))];
  const { sharedNames } = inputs;
  return { inputs: { given, environment, envFile, overrides, secretNames, sharedNames }, diagnostics };
}

/** The process environment for declared names: not for those that every shell has, nor for empty ones. */
function pickEnvironment(flow: FlowPlan, processEnv: GivenInputs['processEnv']): Map<string, GivenValue> {
  const picked = new Map<string, GivenValue>();
  for (const { name } of flow.declared) {
    const text = Object.hasOwn(processEnv, name) ? processEnv[name] : undefined;
    if (!text || isShellName(name)) continue;
    picked.set(name, { text, from: 'the environment', isSecret: isSecretLike(name, text) });
  }
  return picked;
}

function readGiven(
  name: string,
  given: GivenValue,
  variable: DeclaredVariable | undefined,
  diagnostics: Diagnostic[],
): Value {
  if (given.text === undefined) return given.value ?? null;
  if (!variable) return given.text;
  const value = readAs(variable.type, given.text);
  if (value !== undefined) return value;
  const shown = given.isSecret ? 'its text' : JSON.stringify(given.text);
  diagnostics.push({
    severity: 'error',
    code: CODES.badOverride,
    message: `\`${name}\` is declared as ${variable.type === 'json' ? 'a map or list' : `a ${variable.type}`}, but ${given.from} gives ${shown}`,
    span: variable.span,
    help: [`give it a ${variable.type}, or declare \`${name}\` as text`],
  });
  return given.text;
}

function readAs(type: DeclaredVariable['type'], text: string): Value | undefined {
  if (type === 'string' || type === 'any') return text;
  try {
    const value = parseJson(text.trim());
    const isNumber = /^-?\d/.test(text.trim());
    if (type === 'number') return isNumber ? value : undefined;
    if (type === 'bool') return typeof value === 'boolean' ? value : undefined;
    return typeof value === 'object' && value !== null && !isNumber ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Host and database of a value that is an address. */
function describeTarget(value: Value): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^[\w.-]+:\d+(,[\w.-]+:\d+)*$/.test(value)) return value;
  const isDatabase = isDatabaseAddress(value);
  // What stands there for a host is a part of its password.
  if (!URL.canParse(value) || isCutAtSign(value) || (isDatabase && explainRawPassword(value) !== '')) return undefined;
  const url = new URL(value);
  return url.host === '' ? undefined : `${url.host}${isDatabase ? url.pathname : ''}`;
}
