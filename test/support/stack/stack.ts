import { join } from 'node:path';
import { describe, inject } from 'vitest';
import type { Stack } from '../../../demo-services/stack/stack.ts';

/** The one stack of a test run, as its tests see it. */
export interface GivenStack extends Pick<Stack, 'databaseUrl' | 'kafkaBrokers' | 'urls' | 'vars'> {
  /** Why there is none; empty when there is one. */
  missing: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    stackUrl: string;
    demo: string;
  }
}

const given = await askForStack();

/** The addresses of the run's stack; `setup.ts` starts it. */
export function useStack(): GivenStack {
  return given;
}

/** The path of a bundle of the demo: a service, or the stack. */
export function demoBundle(name: string): string {
  return join(inject('demo'), `${name}.cjs`);
}

/** A `describe` whose tests are left out on a machine that cannot run the stack; with TESTMESH_FULL=1 the run fails instead. */
export function describeWithStack(name: string, body: (stack: GivenStack) => void): void {
  const stack = useStack();
  describe.skipIf(stack.missing !== '')(name, () => body(stack));
}

async function askForStack(): Promise<GivenStack> {
  const response = await fetch(inject('stackUrl'));
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as GivenStack;
}
