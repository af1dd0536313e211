import { describe, expect, it } from 'vitest';
import type { Failure, FlowFailures } from '../../../src/reporters/fold/failures.ts';
import { createTreeContext } from '../../../src/reporters/tree/context.ts';
import { renderFailures } from '../../../src/reporters/tree/failure-lines.ts';
import { createPaint } from '../../../src/util/paint.ts';

const failure: Failure = {
  ...{ address: 'pay', isOfFlow: false, outcome: 'failed' },
  ...{ place: 'shop.yaml:9', text: 'status == 200' },
};
const flow: FlowFailures = { name: 'Shop', file: 'shop.yaml', line: 1, failures: [failure], more: 0 };
const context = createTreeContext({ write: () => undefined }, createPaint(false));

describe('what runs a failure again', () => {
  it.each([
    ['the step, where its id says which is meant', {}, false, '   again: testmesh run shop.yaml --only pay'],
    ['the row too', { row: 2 }, false, '   again: testmesh run shop.yaml --row 2 --only pay'],
    ['the file, where several flows share it', {}, true, '   again: testmesh run shop.yaml'],
    [
      'the file, when the flow itself failed',
      { failures: [{ ...failure, address: '', isOfFlow: true }] },
      false,
      '   again: testmesh run shop.yaml',
    ],
    [
      'the file, when what undoes a step failed',
      { failures: [{ ...failure, isOfFlow: true }] },
      false,
      '   again: testmesh run shop.yaml',
    ],
    ['nothing, when there is no file', { file: '<text>' }, false, undefined],
  ])('is %s', (_title, more, isFileShared, expected) => {
    const lines = renderFailures({ ...flow, ...more }, { isOneOfSeveral: false, isFileShared }, context);
    expect(lines.find((line) => line.includes('again:'))).toBe(expected);
  });
});
