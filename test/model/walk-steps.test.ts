import { describe, expect, it } from 'vitest';
import { childrenAndCleanups, listNested, listPhases, listSteps, ownChildren } from '../../src/model/walk-steps.ts';

interface Step {
  readonly id: string;
  readonly children: readonly Step[];
  readonly cleanup?: readonly Step[];
  readonly calls?: object;
}

const step = (id: string, children: readonly Step[] = [], more: Partial<Step> = {}): Step => ({
  id,
  children,
  ...more,
});
const steps = [
  step('a'),
  step('loop', [step('b', [step('c')]), step('d', [], { cleanup: [step('undo', [step('e')])] })]),
  step('call', [step('f')], { calls: {} }),
];
const idsOf = (list: readonly Step[]): string => list.map(({ id }) => id).join(' ');

describe('steps with all below them', () => {
  it.each([
    ['children', undefined, 'a loop b c d call f'],
    ['children of the flow alone', ownChildren<Step>, 'a loop b c d call'],
    ['children and clean-ups', childrenAndCleanups<Step>, 'a loop b c d undo e call f'],
  ])('%s', (_title, below, expected) => {
    expect(idsOf(listSteps(steps, below))).toBe(expected);
    expect(idsOf(listNested(steps, below).map((nested) => nested.step))).toBe(expected);
  });

  it('stand in those around them, the outermost first', () => {
    const around = listNested(steps).map((nested) => `${nested.step.id}: ${idsOf(nested.around)}`);
    expect(around).toEqual(['a: ', 'loop: ', 'b: loop', 'c: loop b', 'd: loop', 'call: ', 'f: call']);
  });

  it('come phase after phase', () => {
    expect(idsOf(listPhases({ teardown: [step('t')], steps: [step('b')], setup: [step('s')] }))).toBe('s b t');
  });
});
