import { type Env, isMap, readKey } from '../../expr/index.ts';
import type { StepPlan } from '../../model/plan.ts';
import { listNames } from '../../util/suggest.ts';
import type { Thrown } from '../outcome/thrown.ts';

/** What an action threw over its settings, with the names in them whose value is an empty text: of these the settings show nothing. */
export function nameEmpty(thrown: Thrown, { ownNeeds, needs }: StepPlan, env: Env): Thrown {
  const { kind } = thrown.problem;
  const isConfig = kind === 'authoring' || kind === 'config';
  if (!isConfig && kind !== 'connection') return thrown;
  const names = (ownNeeds ?? needs).filter(
    ({ where, setting = '', name, path }) =>
      where === 'config' && (isConfig || ADDRESSES.has(setting)) && isEmpty(env, [name, ...path]),
  );
  const texts = [...new Set(names.map(({ name, path }) => [name, ...path].join('.')))];
  if (texts.length === 0) return thrown;
  const hint = `${listNames(texts)} ${texts.length === 1 ? 'is' : 'are'} empty: give ${texts.length === 1 ? 'it' : 'each'} a value`;
  return { ...thrown, problem: { ...thrown.problem, hints: [hint, ...(thrown.problem.hints ?? [])] } };
}

/** Settings without which nothing is reached. */
const ADDRESSES: ReadonlySet<string> = new Set(['url', 'connection', 'brokers', 'host', 'port']);

function isEmpty(env: Env, [name, ...path]: readonly (string | number)[]): boolean {
  let value = typeof name === 'string' ? env.get(name) : undefined;
  for (const key of path)
    value = typeof key === 'string' && value !== undefined && isMap(value) ? readKey(value, key) : undefined;
  return value === '';
}
