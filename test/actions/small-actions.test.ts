import { describe, expect, it } from 'vitest';
import { safeParse } from 'zod/mini';
import { assertData } from '../../src/actions/assert.ts';
import { delay } from '../../src/actions/delay.ts';
import { log } from '../../src/actions/log.ts';
import { setVariables } from '../../src/actions/set.ts';
import { Stop } from '../../src/stop/stop.ts';
import { StopError } from '../../src/stop/stop-error.ts';
import { createExpressionAt } from '../support/expression-at.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { runAction } from '../support/run-action.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

describe('delay', () => {
  it('waits', async () => {
    const io = createFakeIo({ clock: createVirtualClock() });
    expect(await runAction(delay, { duration: '1500ms' }, io)).toEqual({ result: { waited_ms: 1500 }, summary: '' });
  });

  it('ends at once when the step is aborted', async () => {
    const stop = new Stop();
    const reason = new StopError('interrupted', 'interrupted');
    const waiting = delay.run({ duration: 60_000 }, createFakeIo({ stop }));
    stop.end(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('does not wait for the grace of a first signal', async () => {
    const stop = new Stop();
    const reason = new StopError('interrupted', 'interrupted');
    const waiting = delay.run({ duration: 60_000 }, createFakeIo({ stop }));
    stop.ask(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it.each([{ duration: 3 }, { duration: '3' }, {}, { duration: '3s', more: 1 }])('does not accept %j', (settings) => {
    expect(safeParse(delay.settings.schema, settings).success).toBe(false);
  });
});

describe('log', () => {
  it.each([
    [{ message: 'hello' }, { level: 'info', message: 'hello', data: undefined }],
    [
      { message: { a: 1 }, level: 'warn' as const },
      { level: 'warn', message: '{"a":1}', data: undefined },
    ],
    [
      { message: 5, data: [1] },
      { level: 'info', message: '5', data: [1] },
    ],
  ])('%j', async (settings, expected) => {
    const io = createFakeIo();
    const { result } = await runAction(log, settings, io);
    expect(io.logs).toEqual([expected]);
    expect(result).toEqual({ ...expected, data: expected.data ?? null });
  });

  it('wants something to say', () => {
    expect(log.settings.check?.({ level: 'info' })).toMatchObject([{ severity: 'error' }]);
    expect(log.settings.check?.({ data: 1 })).toEqual([]);
    expect(safeParse(log.settings.schema, { message: 'x', level: 'loud' }).success).toBe(false);
  });
});

describe('set', () => {
  it('sets what the expressions give', async () => {
    const io = createFakeIo({ names: { price: 2, list: [1, 2, 3] } });
    const config = { total: createExpressionAt('price * 3'), few: createExpressionAt('filter(list, # > 1)') };
    const captures = { total: 6, few: [2, 3] };
    expect(await runAction(setVariables, config, io)).toEqual({ result: captures, captures, summary: '2 variables' });
    expect(setVariables.result.variables?.(config)).toEqual(['total', 'few']);
  });

  it('errors at the place of what cannot be evaluated', async () => {
    const io = createFakeIo({ names: { list: [] } });
    const running = setVariables.run({ first: createExpressionAt('1 + list[0]') }, io);
    await expect(running).rejects.toMatchObject({
      problem: { outcome: 'errored', kind: 'expression', location: { file: 'flow.yaml', line: 1 } },
    });
  });

  it('wants names that expressions can use', () => {
    expect(setVariables.settings.check?.({})).toMatchObject([
      { severity: 'error', message: '`set` needs at least one variable' },
    ]);
    expect(setVariables.settings.check?.({ 'a-b': 1, ok_1: 1 })).toMatchObject([{ path: ['a-b'] }]);
  });
});

describe('assert', () => {
  it('gives its data as names and variables', async () => {
    const data = { total: 5, items: [1] };
    expect(await runAction(assertData, { data }, createFakeIo())).toEqual({
      result: data,
      captures: data,
      summary: '',
    });
    expect(await assertData.run({}, createFakeIo())).toMatchObject({ result: {} });
    expect(assertData.result.keysOf?.({ data })).toEqual({ total: 'any', items: 'any' });
    expect(assertData.result.variables?.({ data })).toEqual(['total', 'items']);
    expect(assertData.result.variables?.({})).toEqual([]);
  });
});
