import { inject } from 'vitest';
import type { Stack } from '../../../demo-services/stack/stack.ts';
import { loadStackApi } from '../../support/stack/build.ts';
import { addLookAlikes } from '../../truth/look-alikes.ts';

let stack: Stack | undefined;

/** Starts the stack that the suites here break, one after the other; others seem to have used it for long. */
export async function openStack(): Promise<void> {
  const { startStack } = loadStackApi(inject('demo'));
  stack = await startStack({ ports: 'free', timeoutMs: 60_000 });
  await addLookAlikes(stack, 500);
}

/** Stops it; gives the processes that are left. */
export async function closeStack(): Promise<readonly number[]> {
  await stack?.stop();
  return stack?.pids() ?? [];
}

/** The stack, which is up once the hooks of the test file have run. */
export function findStack(): Stack {
  if (!stack) throw new Error('the stack was not started');
  return stack;
}
