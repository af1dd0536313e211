import { describe, expect, it } from 'vitest';
import { repeats } from '../support/sample.ts';
import { fuzz, makeInput } from './fuzz.ts';
import { targets } from './targets.ts';

describe('made-up texts', () => {
  it.each(targets)(
    'harm nothing that takes a $name',
    (target) => {
      // What one input may take is judged by `npm run fuzz`, which has the machine for itself.
      const { done, findings } = fuzz(target, {
        seed: 'test',
        count: repeats(`made-up texts for \`${target.name}\``, 1500, 110),
        timeMs: 15_000,
        inputMs: 5_000,
      });
      expect(findings).toEqual([]);
      expect(done).toBeGreaterThan(100);
    },
    60_000,
  );

  it('are the same for the same seed, and others for another', () => {
    for (const target of targets) {
      const inputs = (seed: string) => Array.from({ length: 20 }, (_, index) => makeInput(target, seed, index));
      expect(inputs('7')).toEqual(inputs('7'));
      expect(inputs('7')).not.toEqual(inputs('8'));
    }
  });

  it('are told when they throw or take too long', () => {
    const target = {
      name: 'bad',
      make: () => 'x',
      run: () => {
        throw new TypeError('oops');
      },
    };
    const { findings } = fuzz(target, { seed: '1', count: 2, timeMs: 1000, inputMs: 250 });
    expect(findings.map(({ problem }) => problem.split('\n')[0])).toEqual(['TypeError: oops', 'TypeError: oops']);
    const slow = fuzz({ ...target, run: () => undefined }, { seed: '1', count: 1, timeMs: 1000, inputMs: -1 });
    expect(slow.findings).toHaveLength(1);
  });
});
