import { describe, expect, it } from 'vitest';
import { onAbort } from '../../../src/engine/stop/on-abort.ts';
import { StopError } from '../../../src/engine/stop/stop.ts';
import { Stopping } from '../../../src/engine/stop/stopping.ts';

const reason = new StopError('timeout', 'too long');
const other = new StopError('stopped', 'too late');

describe('what is to end', () => {
  it('calls back once, with the first reason', () => {
    const stopping = new Stopping();
    const reasons: unknown[] = [];
    stopping.onStop((given) => reasons.push(given));
    stopping.stop(reason);
    stopping.stop(other);
    expect(reasons).toEqual([reason]);
    expect(stopping.reason).toBe(reason);
  });

  it('calls back at once when it is to end already', () => {
    const stopping = new Stopping();
    stopping.stop(reason);
    const reasons: unknown[] = [];
    stopping.onStop((given) => reasons.push(given))();
    expect(reasons).toEqual([reason]);
  });

  it('does not call what was taken back', () => {
    const stopping = new Stopping();
    const called: string[] = [];
    const takeBack = stopping.onStop(() => called.push('first'));
    stopping.onStop(() => called.push('second'));
    takeBack();
    stopping.stop(reason);
    expect(called).toEqual(['second']);
  });

  it.each(['asked for before', 'asked for after'])('has a signal, %s', (moment) => {
    const stopping = new Stopping();
    if (moment === 'asked for before') expect(stopping.signal.aborted).toBe(false);
    stopping.stop(reason);
    expect(stopping.signal.aborted).toBe(true);
    expect(stopping.signal.reason).toBe(reason);
    expect(stopping.signal).toBe(stopping.signal);
  });
});

describe('listeners to one signal', () => {
  it('are all called, in order, but for those that were taken back', () => {
    const controller = new AbortController();
    const called: string[] = [];
    onAbort(controller.signal, () => called.push('a'));
    const takeBack = onAbort(controller.signal, () => called.push('b'));
    onAbort(controller.signal, () => called.push('c'));
    takeBack();
    controller.abort();
    expect(called).toEqual(['a', 'c']);
  });

  it('take one another back while they are called', () => {
    const controller = new AbortController();
    const called: string[] = [];
    onAbort(controller.signal, () => {
      called.push('a');
      takeBack();
    });
    const takeBack = onAbort(controller.signal, () => called.push('b'));
    controller.abort();
    expect(called).toEqual(['a']);
  });
});
