import { afterAll, beforeAll, expect, test } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { useStack } from '../../support/stack/stack.ts';
import { closeStack, openStack } from './broken-stack.ts';

const timeoutMs = 120_000;

/** One stack beside the one that all others share: each suite leaves it up for the next, and the last leaves nothing of it. */
async function breakStack(): Promise<void> {
  beforeAll(async () => {
    if (useStack().missing === '') await openStack();
  }, timeoutMs);
  afterAll(async () => {
    expect(await closeStack()).toEqual([]);
  }, timeoutMs);
  await import('./faults.ts');
  await import('./broker-restart.ts');
  await import('./other-spellings.ts');
  await import('./defects.ts');
  await import('./effects.ts');
  await import('./agreements.ts');
  await import('./reconcile.ts');
  await import('./without-parts.ts');
}

if (repeats('suites that break a stack of their own', 8, 0) > 0) await breakStack();
else test.skip('a stack that is broken: TESTMESH_FULL=1 runs it', () => undefined);
