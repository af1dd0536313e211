import type { RunIdentity } from '../../engine/lifetimes/run-options.ts';
import { decodeValue, encodeValue } from '../../expr/index.ts';
import type { GivenInputs, GivenValue } from '../../plan/select/flow-inputs.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';

/** By this word the command knows that it is a thread of a load. */
export const THREAD_WORD = '--load-thread';

/** What a thread of a load is started with: what its process was called with, and what was drawn for the run. */
export interface ThreadData {
  readonly paths: readonly string[];
  readonly flags: LoadFlags;
  readonly inputs: InputsData;
  readonly cwd: string;
  readonly identity: RunIdentity;
  readonly tags: ReadonlyMap<string, string>;
  /** Whether an output takes samples one by one. */
  readonly keepsRaw: boolean;
  /** Which of how many, from 0. */
  readonly index: number;
  readonly count: number;
}

/** Values from outside, as they were read once: a pipe cannot be read again. */
export interface InputsData {
  readonly given: readonly GivenData[];
  readonly envFile: readonly GivenData[];
  readonly processEnv: GivenInputs['processEnv'];
  readonly environmentName?: string | undefined;
  readonly hasEnvironment: boolean;
}

type GivenData = readonly [name: string, given: Omit<GivenValue, 'value'> & { readonly value?: unknown }];

export function encodeInputs({ hasEnvironment = false, ...inputs }: GivenInputs): InputsData {
  const { given, envFile, processEnv, environmentName } = inputs;
  const coded = { given: encodeGiven(given), envFile: encodeGiven(envFile) };
  return { ...coded, processEnv, environmentName, hasEnvironment };
}

export function decodeInputs({ given, envFile, ...rest }: InputsData): GivenInputs {
  return { ...rest, given: decodeGiven(given), envFile: decodeGiven(envFile), findings: [] };
}

function encodeGiven(all: ReadonlyMap<string, GivenValue>): readonly GivenData[] {
  return [...all].map(([name, { value, ...given }]) => [
    name,
    value === undefined ? given : { ...given, value: encodeValue(value) },
  ]);
}

function decodeGiven(all: readonly GivenData[]): ReadonlyMap<string, GivenValue> {
  return new Map(
    all.map(([name, { value, ...given }]) => [
      name,
      value === undefined ? given : { ...given, value: decodeValue(value) },
    ]),
  );
}
