import { describe, expect, it } from 'vitest';
import { placeBeside } from '../../../src/engine/names/addresses.ts';
import { toPlanAddress } from '../../../src/model/walk-steps.ts';

describe('addresses', () => {
  it.each([
    ['each[3]>inner[0]>check', 'each>inner>check'],
    ['each[3]', 'each'],
    ['teardown/cleanup', 'teardown/cleanup'],
  ])('%s is planned as %s', (address, planned) => {
    expect(toPlanAddress(address)).toBe(planned);
  });

  it.each([
    ['each>create', 'each[3]>wait', 'each[3]>create'],
    ['outer>inner>create', 'outer[1]>inner[2]>wait', 'outer[1]>inner[2]>create'],
    ['outer>create', 'outer[1]>inner[2]>wait', 'outer[1]>create'],
    ['outer>other>create', 'outer[1]>inner[2]>wait', 'outer[1]>other>create'],
    ['create', 'each[3]>wait', 'create'],
    ['create', 'wait', 'create'],
  ])('%s as seen from %s is %s', (planned, beside, placed) => {
    expect(placeBeside(planned, beside)).toBe(placed);
  });
});
