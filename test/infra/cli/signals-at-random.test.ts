import { expect, test } from 'vitest';
import { bin } from '../../support/cli.ts';
import { repeats } from '../../support/sample.ts';
import { describeWithStack } from '../../support/stack.ts';
import { proveSignals } from '../../truth/prove-signals.ts';

const count = repeats('signals at random moments', 50, 12);

describeWithStack('a run that is interrupted at any moment', ({ vars }) => {
  test(`${count} signals: teardown done, the exit code right, no row left, nothing hanging`, {
    timeout: 300_000,
  }, async () => {
    const { faults, met } = await proveSignals({ bin, vars, count, seed: 'signals' });
    expect(faults).toEqual([]);
    expect([...met.values()].reduce((sum, runs) => sum + runs, 0)).toBe(count);
    expect([...met.keys()]).toContain('in steps');
  });
});
