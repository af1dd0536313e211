import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Value } from '../../src/expr/index.ts';
import { TOO_LARGE } from '../../src/model/event-table/too-large.ts';
import { readEvents } from '../../src/records/read-events.ts';
import { createRecorder } from '../../src/records/recorder.ts';
import { EventBuilder, failedAssertion } from '../support/events.ts';
import { answerHttp, sendHttp } from '../support/exchanges.ts';
import { fullRun, partialRun, RecordSandbox } from '../support/records.ts';
import { repeats } from '../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of records', 1, 0) > 0);

let box: RecordSandbox;

beforeEach(() => {
  box = new RecordSandbox();
});

afterEach(() => {
  box.remove();
});

describe('a record', () => {
  it('gives back every event but progress', async () => {
    const builder = fullRun('run-1');
    builder.progress('pay', 'still waiting');
    await box.record('run-1', builder);
    const events = [...readEvents(box.eventsPath('run-1'))];
    expect(events).toEqual(builder.events.filter((event) => event.type !== 'step_progress'));
  });

  it('lies in a folder that git ignores', async () => {
    await box.record('run-1', fullRun('run-1'));
    expect(readFileSync(join(box.directory, '.gitignore'), 'utf8')).toBe('*\n');
    expect(readdirSync(join(box.directory, 'runs', 'run-1')).sort()).toEqual(['events.ndjson', 'meta.json']);
  });

  it('is for its owner only', async () => {
    await box.record('run-1', fullRun('run-1'));
    const folder = join(box.directory, 'runs', 'run-1');
    const modes = [folder, box.eventsPath('run-1'), join(folder, 'meta.json')].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600]);
  });

  it('stays inside its folder whatever the id', async () => {
    for (const id of ['../../evil', '..', '.', '']) await box.record(id, fullRun('x'));
    expect(readdirSync(box.root)).toEqual(['.testmesh']);
    expect(readdirSync(join(box.directory, 'runs'))).toHaveLength(4);
  });

  inFullRun('holds a thousand steps in order, in pieces', async () => {
    const builder = new EventBuilder().run().flow();
    for (let step = 0; step < 1000; step++) builder.step(`step_${step}`, { result: { body: 'é'.repeat(500), step } });
    await box.record('run-1', builder.endFlow().endRun());
    expect(statSync(box.eventsPath('run-1')).size).toBeGreaterThan(1_000_000);
    expect(box.replay()?.results.size).toBe(1000);
    expect(box.replay()?.results.get('step_999')).toEqual({ body: 'é'.repeat(500), step: 999 });
  });

  it('keeps the newest runs, and as many of chosen steps', async () => {
    for (let run = 1; run <= 4; run++)
      await box.record(`full-${run}`, fullRun(`full-${run}`, run), { limits: { keep: 2 } });
    for (let run = 5; run <= 9; run++) await box.record(`part-${run}`, partialRun(run), { limits: { keep: 2 } });
    expect(readdirSync(join(box.directory, 'runs')).sort()).toEqual(['full-3', 'full-4', 'part-8', 'part-9']);
  });

  it('never fails a run: a folder that cannot be made is told once', async () => {
    writeFileSync(join(box.root, 'file'), '');
    const problems: string[] = [];
    const recorder = createRecorder({
      directory: join(box.root, 'file', 'below'),
      runId: 'run-1',
      onProblem: (text) => problems.push(text),
    });
    await fullRun('run-1').play(recorder);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^this run leaves no record in `.*below`.*ENOTDIR.*`--output-dir`$/);
  });

  it('is given up when the folder goes away meanwhile', async () => {
    const problems: string[] = [];
    const recorder = createRecorder({
      directory: box.directory,
      runId: 'run-1',
      onProblem: (text) => problems.push(text),
    });
    const [first, ...rest] = fullRun('run-1').events;
    if (first) recorder.on(first);
    rmSync(box.directory, { recursive: true });
    for (const event of rest) recorder.on(event);
    await recorder.close();
    expect(problems).toHaveLength(1);
  });
});

describe('large values', () => {
  const large = 'x'.repeat(1_200_000);

  it('are left out and named', async () => {
    const builder = new EventBuilder()
      .run()
      .flow({ variables: { blob: large, small: 1 }, volatileNames: ['blob', 'small'] })
      .remember('get', 'messages', large)
      .step('get', {
        result: { body: large },
        captures: [
          { name: 'body', value: large, isSecret: false },
          { name: 'status', value: 200, isSecret: false },
        ],
      })
      .log('get', 'all', { data: large })
      .endFlow('passed', { captures: { body: large, status: 200 } });
    await box.record('run-1', builder);
    expect(statSync(box.eventsPath('run-1')).size).toBeLessThan(10_000);
    const found = box.replay();
    expect(found?.omitted).toEqual({
      captures: new Map([['body', 'get']]),
      results: new Set(['get']),
      variables: new Set(['blob']),
    });
    expect([...(found?.captures ?? [])]).toEqual([['status', 200]]);
    expect([...(found?.variables ?? [])]).toEqual([['small', 1]]);
    expect([...(found?.memory.get('get') ?? [])]).toEqual([]);
  });

  it('that were left out on their way are named too', async () => {
    const captures = [{ name: 'all', value: TOO_LARGE, isSecret: false }];
    const builder = new EventBuilder().run().flow().step('get', { result: TOO_LARGE, captures });
    await box.record('run-1', builder.endFlow('passed', { captures: { all: TOO_LARGE } }));
    const { captures: lost, results } = box.replay()?.omitted ?? {};
    expect([lost, results]).toEqual([new Map([['all', 'get']]), new Set(['get'])]);
  });

  it('that are nested too deeply to be written are left out too', async () => {
    let deep: Value = 'bottom';
    for (let depth = 0; depth < 3000; depth++) deep = [deep];
    await box.record(
      'run-1',
      new EventBuilder()
        .run()
        .flow()
        .step('get', { result: { deep } })
        .step('next', { result: { ok: true } }),
    );
    expect(box.replay()?.omitted.results).toEqual(new Set(['get']));
    expect(box.replay()?.results).toEqual(new Map([['next', { ok: true }]]));
  });

  it('of bodies for people are cut, and problems lose their parts', async () => {
    const problem = {
      ...failedAssertion(),
      explained: { parts: [{ offset: 0, length: 1, text: 'x', type: 'string', value: large }] },
    };
    const builder = new EventBuilder()
      .run()
      .flow()
      .step('get', {
        outcome: 'failed',
        problems: [problem],
        exchange: answerHttp(sendHttp('GET /'), { body: large }),
        details: [{ title: 'all', lines: [large] }],
      });
    await box.record('run-1', builder);
    expect(statSync(box.eventsPath('run-1')).size).toBeLessThan(200_000);
    const step = [...readEvents(box.eventsPath('run-1'))].find((event) => event.type === 'step_finished');
    expect(step?.evidence.exchange).toMatchObject({ response: { body: expect.stringMatching(/^x{64000}… \(cut\)$/) } });
    expect(step?.problems[0]).toMatchObject({ message: 'assertion is false' });
    expect(step?.problems[0]?.explained).toBeUndefined();
    const line = readFileSync(box.eventsPath('run-1'), 'utf8')
      .split('\n')
      .find((text) => text.includes('step_finished'));
    expect(JSON.parse(line ?? '')).toMatchObject({
      omitted: ['/problems/0/explained'],
      cut: ['/evidence/exchange/response/body', '/evidence/details/0/lines/0'],
    });
  });
});
