import type { Env, Host } from '../../expr/index.ts';
import { toKeyText } from '../../model/load/key-text.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { Judged } from './judge.ts';

/** The key of what a step had accepted; undefined where its result has none. What it captures counts also where an assertion is false: that was accepted all the same. */
export function readAcceptedKey(
  { acceptedKey, output }: StepPlan,
  { result, env }: Pick<Judged, 'result' | 'env'>,
  host: Host,
): string | undefined {
  if (!acceptedKey || !result) return undefined;
  const names: Env = {
    get(name) {
      const capture = output.find((one) => one.name === name);
      return capture ? capture.extract(result, env, host) : env.get(name);
    },
    keys: () => new Set([...output.map(({ name }) => name), ...env.keys()]),
  };
  try {
    return toKeyText(acceptedKey.render(names, host));
  } catch {
    return undefined;
  }
}
