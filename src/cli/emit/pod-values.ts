import { parseJson, stringifyJson } from '../../expr/index.ts';
import type { GivenInputs, GivenValue } from '../../plan/select/flow-inputs.ts';

/** A variable of a container, as Kubernetes has it. */
export type PodVariable =
  | { readonly name: string; readonly value: string }
  | {
      readonly name: string;
      readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
    };

/** What pods are given from outside, no secret among it. */
export interface PodValues {
  readonly words: readonly string[];
  readonly env: readonly PodVariable[];
  /** The keys that the Secret has to have. */
  readonly keys: readonly string[];
}

export interface ValuesAbout {
  readonly inputs: GivenInputs;
  /** Which names flows read; `$env`: any. */
  readonly usedNames: ReadonlySet<string>;
  /** Which of them they take from the process as well. */
  readonly declared: ReadonlySet<string>;
  /** Where samples go, as flags say. */
  readonly out: readonly string[];
  /** The Secret that the user makes. */
  readonly secret: string;
  /** Whether a value may be shown. */
  isShown(name: string, value: string): boolean;
  /** Whether an address may be shown. */
  isPublic(address: string): boolean;
}

const PREFIX = 'TESTMESH_VAR_';

/** Gives pods the values that the command was given: as they are, or by the Secret that the user makes. */
export function gatherValues(about: ValuesAbout): PodValues {
  const { inputs, usedNames, declared, out } = about;
  const gathered: Gathered = { words: [], env: [], keys: [], about };
  const isUsed = (name: string): boolean => usedNames.has(name) || usedNames.has('$env');
  const given = [...inputs.envFile].filter(([name]) => !declared.has(name) && !inputs.given.has(name));
  for (const [name, one] of [...inputs.given, ...given]) if (isUsed(name)) addGiven(name, one, gathered);
  const environment = new Map<string, string>();
  // The process has the last word where both give a name.
  for (const [name, { text = '' }] of inputs.envFile) if (declared.has(name)) environment.set(name, text);
  for (const name of declared) {
    const text = Object.hasOwn(inputs.processEnv, name) ? inputs.processEnv[name] : undefined;
    if (text) environment.set(name, text);
  }
  for (const [name, text] of environment)
    gathered.env.push(
      about.isShown(name, text) ? { name, value: escapeReferences(text) } : refer(name, name, gathered),
    );
  for (const one of out) addOut(one, gathered);
  return gathered;
}

interface Gathered {
  readonly words: string[];
  readonly env: PodVariable[];
  readonly keys: string[];
  readonly about: ValuesAbout;
}

function addGiven(name: string, { text, value, isSecret, from }: GivenValue, gathered: Gathered): void {
  const own = text ?? (typeof value === 'string' && !isJson(value) ? value : undefined);
  const operator = own === undefined ? ':=' : '=';
  const content = own ?? stringifyJson(value ?? null);
  if (!isSecret && gathered.about.isShown(name, content)) {
    gathered.words.push('--var', escapeReferences(`${name}${operator}${content}`));
    return;
  }
  const variable = PREFIX + name.replaceAll('$', '_');
  gathered.env.push(refer(variable, name, gathered));
  // Of the environment it would be masked by its name alone, and be text.
  if (from === '--secret' || operator === ':=' || name.includes('$'))
    gathered.words.push('--secret', `${name.replaceAll('$', '$$$$')}${operator}$(${variable})`);
}

/** Whether a text could be taken for a value of another type. */
function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/** An address that says who one is comes from the Secret, as a whole. */
function addOut(out: string, gathered: Gathered): void {
  const { words, env, about } = gathered;
  if (about.isPublic(out)) {
    words.push('--out', escapeReferences(out));
    return;
  }
  const kind = out.replace(/=.*/s, '').replaceAll(/\W/g, '_').toUpperCase();
  const same = env.filter(({ name }) => name.startsWith(`TESTMESH_OUT_${kind}`)).length;
  const name = `TESTMESH_OUT_${kind}${same > 0 ? `_${same + 1}` : ''}`;
  env.push(refer(name, name, gathered));
  words.push('--out', `$(${name})`);
}

function refer(name: string, of: string, { keys, about }: Gathered): PodVariable {
  const key = of.replaceAll('$', '_');
  keys.push(key);
  return { name, valueFrom: { secretKeyRef: { name: about.secret, key } } };
}

/** Kubernetes puts variables in the place of `$(NAME)`, and `$` in that of `$$`. */
export function escapeReferences(text: string): string {
  return text.replaceAll('$', '$$$$');
}
