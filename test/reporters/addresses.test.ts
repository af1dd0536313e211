import { describe, expect, it } from 'vitest';
import { findParent, labelBelow } from '../../src/reporters/addresses.ts';

describe('addresses', () => {
  it.each([
    ['create', ['create'], undefined],
    ['each[3]>check', ['each'], 'each'],
    ['each[3]>inner[0]>check', ['each', 'each[3]>inner'], 'each[3]>inner'],
    ['both>left>check', ['both'], 'both'],
    ['setup/each[0]>check', ['setup/each'], 'setup/each'],
    ['each[3]>check', [], undefined],
    ['>odd', [], undefined],
  ])('the parent of %s among %j is %s', (address, known, parent) => {
    expect(findParent(address, (one) => known.includes(one))).toBe(parent);
  });

  it.each([
    [undefined, 'create', 'create', 'create'],
    ['each', 'each[3]>check', 'check', '[3] check'],
    ['both', 'both>left>check', 'Check it', 'left Check it'],
    ['wait', 'wait>probe', 'probe', 'probe'],
  ])('below %s, %s is called', (parent, address, name, label) => {
    expect(labelBelow(parent, address, name)).toBe(label);
  });
});
