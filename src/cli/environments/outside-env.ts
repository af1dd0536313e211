import type { Env, Value } from '../../expr/index.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';

/** What settings of testmesh.yaml see: what is given from outside, as flows rank it, then the built-in names. */
export function createOutsideEnv(
  { given, processEnv, envFile }: GivenInputs,
  builtIns: Readonly<Record<string, Value>> = {},
): Env {
  const get = (name: string): Value | undefined => {
    const ofProcess = Object.hasOwn(processEnv, name) ? processEnv[name] : undefined;
    const outside = given.get(name) ?? (ofProcess === undefined ? envFile.get(name) : { text: ofProcess });
    if (outside) return outside.text ?? ('value' in outside ? outside.value : undefined) ?? null;
    return Object.hasOwn(builtIns, name) ? builtIns[name] : undefined;
  };
  const ofProcess = Object.keys(processEnv).filter((name) => processEnv[name] !== undefined);
  const keys = () => new Set([...given.keys(), ...ofProcess, ...envFile.keys(), ...Object.keys(builtIns)]);
  return { get, keys };
}
