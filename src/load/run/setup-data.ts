import { createHash } from 'node:crypto';
import type { RestData } from '../../engine/lifetimes/rest-data.ts';
import type { ScenarioPlan } from '../../model/load/load-plan.ts';
import type { FlowPlan } from '../../model/plan.ts';

/** Whose setup it was: of a flow, with the variables that scenarios give it. */
export interface SetupOwner {
  /** The flow's id. */
  readonly flow: string;
  /** The same for the same text of its file. */
  readonly text: string;
  readonly env: readonly (readonly [name: string, value: string])[];
}

/** What a setup left for the iterations and for teardown, as JSON. */
export interface SetupData extends SetupOwner {
  readonly rest: RestData;
}

export function describeOwner({ flow, env }: Pick<ScenarioPlan, 'flow' | 'env'>): SetupOwner {
  return {
    flow: flow.id,
    text: hashText(flow),
    env: [...env].map(([name, value]) => [name, String(value)]),
  };
}

/** What was left for a scenario. */
export function findSetup(
  setups: readonly SetupData[],
  scenario: Pick<ScenarioPlan, 'flow' | 'env'>,
): SetupData | undefined {
  const owner = JSON.stringify(describeOwner(scenario));
  return setups.find(({ flow, text, env }) => JSON.stringify({ flow, text, env }) === owner);
}

const hashes = new WeakMap<FlowPlan, string>();

function hashText(flow: FlowPlan): string {
  let hash = hashes.get(flow);
  if (hash === undefined) {
    hash = createHash('sha256').update(flow.file.text).digest('hex').slice(0, 16);
    hashes.set(flow, hash);
  }
  return hash;
}
