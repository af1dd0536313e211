import { expect, test } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { bin } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { proveSignals } from '../../truth/prove-signals.ts';

const count = repeats('signals at random moments', 50, 6);

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
