import { describe, expect, it } from 'vitest';
import { FlowRegister } from '../../src/engine/lifetimes/flow-register.ts';

describe('the flows of a run', () => {
  it('know of each other whether they ran meanwhile, and which traces are those of others', () => {
    const register = new FlowRegister();
    const [first, second, third] = [register.enter(), register.enter(), register.enter()];
    first.begin('a');
    expect(first.ranMeanwhile).toBe(false);
    second.begin('b');
    second.end();
    first.end();
    third.begin('c');
    expect([first, second, third].map(({ ranMeanwhile }) => ranMeanwhile)).toEqual([true, true, false]);
    expect(['a', 'b', 'c', 'd'].map((id) => third.haveTrace(id))).toEqual([true, true, false, false]);
  });

  it('are remembered by the last ten thousand traces', () => {
    const register = new FlowRegister();
    for (let number = 0; number <= 10_000; number++) {
      const flow = register.enter();
      flow.begin(`t${number}`);
      flow.end();
    }
    const one = register.enter();
    expect(['t0', 't1', 't10000'].map((id) => one.haveTrace(id))).toEqual([false, true, true]);
    register.enter().begin('later');
    expect(['t1', 't2', 'later'].map((id) => one.haveTrace(id))).toEqual([false, true, true]);
  });
});
