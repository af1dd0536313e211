import { toPlanAddress } from '../../model/walk-steps.ts';

/** The address of another step of the plan as seen from a run of a step: both share the positions of the loops around both. */
export function placeBeside(planAddress: string, beside: string): string {
  const wanted = planAddress.split('>');
  const around = beside.split('>');
  let shared = 0;
  while (shared < wanted.length - 1 && toPlanAddress(around[shared] ?? '') === wanted[shared]) shared++;
  return [...around.slice(0, shared), ...wanted.slice(shared)].join('>');
}

/** How many of their outer controls two steps share. */
export function countShared(address: string, other: string): number {
  const parts = address.split('>');
  const others = toPlanAddress(other).split('>');
  let shared = 0;
  while (shared < parts.length && parts[shared] === others[shared]) shared++;
  return shared;
}
