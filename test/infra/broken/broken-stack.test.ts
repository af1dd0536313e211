import { afterAll, beforeAll, expect } from 'vitest';
import { useStack } from '../../support/stack/stack.ts';
import { closeStack, openStack } from './broken-stack.ts';

const timeoutMs = 120_000;

beforeAll(async () => {
  if (useStack().missing === '') await openStack();
}, timeoutMs);
afterAll(async () => {
  expect(await closeStack()).toEqual([]);
}, timeoutMs);

// One stack beside the one that all others share: each suite leaves it up for the next, and the last leaves nothing of it.
await import('./faults.ts');
await import('./broker-restart.ts');
await import('./other-spellings.ts');
await import('./defects.ts');
await import('./effects.ts');
await import('./agreements.ts');
await import('./reconcile.ts');
await import('./without-parts.ts');
