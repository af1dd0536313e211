import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Value, ValueMap } from '../../src/expr/index.ts';
import { createCaselessMap, ExactNumber, readKey } from '../../src/expr/index.ts';
import { describeChange } from '../../src/records/file-version.ts';
import { readEvents } from '../../src/records/read-events.ts';
import type { RecorderOptions } from '../../src/records/recorder.ts';
import { createRecorder } from '../../src/records/recorder.ts';
import type { ReplayQuery } from '../../src/records/replay.ts';
import { readReplay } from '../../src/records/replay.ts';
import { listRuns } from '../../src/records/run-folders.ts';
import { EventBuilder, failedAssertion } from '../support/events.ts';

const FILE = 'flows/order.yaml';
const big = new ExactNumber('9007199254740993');

let root: string;
let directory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'testmesh-records-'));
  directory = join(root, '.testmesh');
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('a record', () => {
  it('gives back every event but progress', async () => {
    const builder = fullRun('run-1');
    builder.progress('pay', 'still waiting');
    await record('run-1', builder);
    const events = [...readEvents(eventsPath('run-1'))];
    expect(events).toEqual(builder.events.filter((event) => event.type !== 'step_progress'));
  });

  it('lies in a folder that git ignores', async () => {
    await record('run-1', fullRun('run-1'));
    expect(readFileSync(join(directory, '.gitignore'), 'utf8')).toBe('*\n');
    expect(readdirSync(join(directory, 'runs', 'run-1')).sort()).toEqual(['events.ndjson', 'meta.json']);
  });

  it('stays inside its folder whatever the id', async () => {
    for (const id of ['../../evil', '..', '.', '']) await record(id, fullRun('x'));
    expect(readdirSync(root)).toEqual(['.testmesh']);
    expect(readdirSync(join(directory, 'runs'))).toHaveLength(4);
  });

  it('holds a thousand steps in order, in pieces', async () => {
    const builder = new EventBuilder().run().flow();
    for (let step = 0; step < 1000; step++) builder.step(`step_${step}`, { result: { body: 'é'.repeat(500), step } });
    await record('run-1', builder.endFlow().endRun());
    expect(statSync(eventsPath('run-1')).size).toBeGreaterThan(1_000_000);
    expect(replay()?.results.size).toBe(1000);
    expect(replay()?.results.get('step_999')).toEqual({ body: 'é'.repeat(500), step: 999 });
  });

  it('keeps the newest runs, and as many of chosen steps', async () => {
    for (let run = 1; run <= 4; run++) await record(`full-${run}`, fullRun(`full-${run}`, run), { keep: 2 });
    for (let run = 5; run <= 9; run++) await record(`part-${run}`, partialRun(run), { keep: 2 });
    expect(readdirSync(join(directory, 'runs')).sort()).toEqual(['full-3', 'full-4', 'part-8', 'part-9']);
  });

  it('never fails a run: a folder that cannot be made is told once', async () => {
    writeFileSync(join(root, 'file'), '');
    const problems: string[] = [];
    const recorder = createRecorder({
      directory: join(root, 'file', 'below'),
      runId: 'run-1',
      onProblem: (text) => problems.push(text),
    });
    await fullRun('run-1').play(recorder);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^this run leaves no record in `.*below`.*ENOTDIR.*`--output-dir`$/);
  });

  it('is given up when the folder goes away meanwhile', async () => {
    const problems: string[] = [];
    const recorder = createRecorder({ directory, runId: 'run-1', onProblem: (text) => problems.push(text) });
    const [first, ...rest] = fullRun('run-1').events;
    if (first) recorder.on(first);
    rmSync(directory, { recursive: true });
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
    await record('run-1', builder);
    expect(statSync(eventsPath('run-1')).size).toBeLessThan(10_000);
    const found = replay();
    expect(found?.omitted).toEqual({
      captures: new Map([['body', 'get']]),
      results: new Set(['get']),
      variables: new Set(['blob']),
    });
    expect([...(found?.captures ?? [])]).toEqual([['status', 200]]);
    expect([...(found?.variables ?? [])]).toEqual([['small', 1]]);
    expect([...(found?.memory.get('get') ?? [])]).toEqual([]);
  });

  it('that are nested too deep to be written are left out too', async () => {
    let deep: Value = 'bottom';
    for (let depth = 0; depth < 3000; depth++) deep = [deep];
    await record(
      'run-1',
      new EventBuilder()
        .run()
        .flow()
        .step('get', { result: { deep } })
        .step('next', { result: { ok: true } }),
    );
    expect(replay()?.omitted.results).toEqual(new Set(['get']));
    expect(replay()?.results).toEqual(new Map([['next', { ok: true }]]));
  });

  it('of bodies for people are cut, and problems lose their parts', async () => {
    const problem = {
      ...failedAssertion(),
      parts: [{ offset: 0, length: 1, text: 'x', type: 'string', value: large }],
    };
    const builder = new EventBuilder()
      .run()
      .flow()
      .step('get', {
        outcome: 'failed',
        problems: [problem],
        exchange: { receivedBody: large },
        details: [{ title: 'all', lines: [large] }],
      });
    await record('run-1', builder);
    expect(statSync(eventsPath('run-1')).size).toBeLessThan(200_000);
    const step = [...readEvents(eventsPath('run-1'))].find((event) => event.type === 'step_finished');
    expect(step?.exchange?.receivedBody).toMatch(/^x{64000}… \(cut in the record\)$/);
    expect(step?.problems[0]?.message).toBe('assertion is false');
  });
});

describe('a replay', () => {
  it('restores captures, results, volatile variables and what steps remembered, with their types', async () => {
    await record('run-1', fullRun('run-1'));
    const found = replay();
    expect(found?.runId).toBe('run-1');
    expect(found?.captures).toEqual(new Map<string, unknown>([['order_id', big]]));
    expect(found?.captures.get('order_id')).toBeInstanceOf(ExactNumber);
    expect(found?.variables).toEqual(new Map([['email', 'a1@example.test']]));
    expect(found?.memory).toEqual(new Map([['wait', new Map([['orders', { '0': 17 }]])]]));
    expect(found?.secrets).toEqual(new Map([['token', 'login']]));
    const result = found?.results.get('create') as ValueMap;
    expect(result['body']).toEqual({ id: big, total: 59.98 });
    expect(readKey(result['headers'] as ValueMap, 'content-type')).toBe('application/json');
    expect([...(found?.results.keys() ?? [])]).toEqual(['create', 'each[0]>check', 'pay']);
  });

  it('never finds a secret on disk', async () => {
    const builder = new EventBuilder()
      .run()
      .flow()
      // A value that slipped through is dropped all the same.
      .step('login', { captures: [{ name: 'token', value: 'hunter2', isSecret: true }] })
      .endFlow('passed', { secretNames: ['token'] });
    await record('run-1', builder);
    expect(readFileSync(eventsPath('run-1'), 'utf8')).not.toContain('hunter2');
    expect(replay()?.secrets).toEqual(new Map([['token', 'login']]));
    expect(replay()?.captures.size).toBe(0);
  });

  it('never takes a masked value for the real one', async () => {
    const builder = new EventBuilder()
      .run()
      .flow({ variables: { key: '***', email: 'a@b' }, volatileNames: ['key', 'email'] })
      .step('login', {
        captures: [
          { name: 'link', value: { url: 'http://h/?token=***' }, isSecret: false },
          { name: 'card', value: '**** **** **** 1234', isSecret: false },
          { name: 'token', isSecret: true },
        ],
      })
      .endFlow('passed', {
        captures: { link: { url: 'http://h/?token=***' }, card: '**** **** **** 1234', token: '***' },
        secretNames: ['token'],
      });
    await record('run-1', builder);
    expect(replay()?.secrets).toEqual(
      new Map([
        ['link', 'login'],
        ['token', 'login'],
      ]),
    );
    expect(replay()?.captures).toEqual(new Map([['card', '**** **** **** 1234']]));
    expect(replay()?.variables).toEqual(new Map([['email', 'a@b']]));
    expect(replay()?.omitted.variables).toEqual(new Set(['key']));
  });

  it('is of the flow that was asked for, by file and id', async () => {
    const builder = new EventBuilder()
      .run({ flowCount: 3 })
      .flow({ file: 'flows/a.yaml', id: 'order' })
      .step('create', { captures: [{ name: 'order_id', value: 'a', isSecret: false }] })
      .endFlow('passed', { captures: { order_id: 'a' } })
      .flow({ file: FILE, id: 'other' })
      .step('create', { captures: [{ name: 'order_id', value: 'b', isSecret: false }] })
      .endFlow('passed', { captures: { order_id: 'b' } })
      .flow({ file: FILE, id: 'order' })
      .step('create', { captures: [{ name: 'order_id', value: 'c', isSecret: false }] })
      .endFlow('passed', { captures: { order_id: 'c' } });
    await record('run-1', builder);
    expect(replay()?.captures.get('order_id')).toBe('c');
    expect(replay({ flowId: 'other' })?.captures.get('order_id')).toBe('b');
    expect(replay({ flowFile: { path: './flows/a.yaml' } })?.captures.get('order_id')).toBe('a');
    expect(replay({ flowId: 'nobody' })).toBeUndefined();
  });

  it('lays runs of chosen steps over the last whole run', async () => {
    await record('full-1', fullRun('full-1', 1, { order_id: 'older', coupon: 'gone' }));
    await record('full-2', fullRun('full-2', 2, { order_id: 'whole', invoice: 'whole' }));
    await record('part-3', partialRun(3, { order_id: 'first part' }));
    await record('part-4', partialRun(4, { order_id: 'newest part' }));
    await record('part-5', partialRun(5, { order_id: 'of a failed step' }, 'failed'));
    const found = replay();
    expect(found?.captures).toEqual(
      new Map([
        ['order_id', 'newest part'],
        ['invoice', 'whole'],
      ]),
    );
    expect(found?.results.get('create')).toEqual({ from: 4 });
    expect(found?.results.has('pay')).toBe(true);
    expect(found?.memory.get('wait')).toBeDefined();
    expect(found?.runId).toBe('part-5');
  });

  it('does not take over values that a run of chosen steps was given', async () => {
    await record('full-1', fullRun('full-1', 1, { order_id: 'whole' }));
    const part = new EventBuilder()
      .run()
      .flow({ isPartial: true })
      .step('pay')
      .endFlow('passed', { captures: { order_id: 'restored from elsewhere' } });
    await record('part-2', part);
    expect(replay()?.captures.get('order_id')).toBe('whole');
  });

  it('passes over runs in which nothing of the flow ran', async () => {
    await record('full-1', fullRun('full-1', 1, { order_id: 'whole' }));
    await record('full-2', at(2, new EventBuilder().run().flow().skip('not reached', 'create').endFlow('skipped')));
    expect(replay()?.captures.get('order_id')).toBe('whole');
  });

  it('is of a named run, by id, folder or file', async () => {
    await record('full-1', fullRun('full-1', 1, { order_id: 'one' }));
    await record('full-2', fullRun('full-2', 2, { order_id: 'two' }));
    for (const run of ['full-1', join(directory, 'runs', 'full-1'), eventsPath('full-1')])
      expect(replay({ run })?.captures.get('order_id'), run).toBe('one');
    expect(replay({ run: 'last' })?.captures.get('order_id')).toBe('two');
    expect(replay({ run: 'no such run' })).toBeUndefined();
  });

  it('leaves captures out that the flow did not see in the end', async () => {
    const builder = new EventBuilder()
      .run()
      .flow()
      .start('both', { action: 'parallel' })
      .step('both>left>make', { captures: [{ name: 'lost', value: 1, isSecret: false }] })
      .finish('both', { action: 'parallel', outcome: 'failed', problems: [failedAssertion()] })
      .endFlow('failed', { captures: { kept: 2 } });
    await record('run-1', builder);
    expect(replay()?.captures).toEqual(new Map([['kept', 2]]));
  });

  it('says what changed in the file since', async () => {
    const text = 'one\ntwo\nthree\nfour\nfive\n';
    await record('run-1', fullRun('run-1'), { textOf: (file) => (file === FILE ? text : undefined) });
    const change = (now: string) => {
      const found = replay({ flowFile: { path: FILE, text: now } })?.change;
      return found && describeChange(found);
    };
    expect(change(text)).toBeUndefined();
    expect(change('one\nTWO\nthree\nfour\nfive\n')).toBe('line 2 is new or changed');
    expect(change('zero\none\ntwo\n3\n4\nfive\n')).toBe('lines 1 and 4-5 are new or changed');
    expect(change('one\nfive\n')).toBe('3 lines are gone');
    expect(change('one\nthree\ntwo\nfour\nfive\n')).toBe('its lines stand in another order');
    expect(replay()?.change).toBeUndefined();
    expect(readFileSync(eventsPath('run-1'), 'utf8')).not.toContain('three');
  });
});

describe('a record that broke off', () => {
  it('is used as far as it goes', async () => {
    await record('run-1', fullRun('run-1', 1, { order_id: 'one' }));
    const recorder = createRecorder({ directory, runId: 'run-2', onProblem: () => undefined });
    for (const event of fullRun('run-2', 2, { order_id: 'two' }).events) {
      if (event.type === 'run_finished') break;
      recorder.on(event);
    }
    await recorder.close();
    rmSync(join(directory, 'runs', 'run-2', 'meta.json'));
    const { size } = statSync(eventsPath('run-2'));
    truncateSync(eventsPath('run-2'), size - 25);
    expect(replay()?.runId).toBe('run-2');
    expect(replay()?.captures.get('order_id')).toBe('two');
  });

  it('is passed over when nothing in it can be read', async () => {
    await record('run-1', fullRun('run-1', 1, { order_id: 'one' }));
    for (const [name, text] of [
      ['a', ''],
      ['b', '{"type":"flow_star'],
      ['c', '\u0000\u0001{}\n[]\nnull\n{"type":"step_finished","at":1}\n'],
    ] as const) {
      mkdirSync(join(directory, 'runs', name));
      writeFileSync(eventsPath(name), text);
    }
    mkdirSync(join(directory, 'runs', 'empty'));
    writeFileSync(join(directory, 'runs', 'file'), '');
    expect(replay()?.captures.get('order_id')).toBe('one');
  });

  it('is read around damaged lines', async () => {
    await record('run-1', fullRun('run-1', 1, { order_id: 'one' }));
    const text = readFileSync(eventsPath('run-1'), 'utf8').replace('{"type":"phase_started"', '{"type":');
    writeFileSync(eventsPath('run-1'), text);
    appendFileSync(eventsPath('run-1'), '{"type":"step_finished","at":"now"}\n{broken');
    writeFileSync(join(directory, 'runs', 'run-1', 'meta.json'), '{"version":1');
    expect(replay()?.captures.get('order_id')).toBe('one');
  });

  it('is none where nothing was ever recorded', () => {
    expect(replay()).toBeUndefined();
    expect(listRuns(directory)).toEqual([]);
    expect(existsSync(directory)).toBe(false);
  });
});

function fullRun(runId: string, startedAt = 1, captures: ValueMap = { order_id: big }): EventBuilder {
  const builder = new EventBuilder()
    .run({ runId })
    .flow({
      variables: { email: 'a1@example.test', ORDER_URL: 'http://localhost:5003' },
      volatileNames: ['email'],
      tags: ['smoke'],
    })
    .step('login', { captures: [{ name: 'token', isSecret: true }] })
    .step('create', {
      result: { body: { id: big, total: 59.98 }, headers: createCaselessMap([['Content-Type', 'application/json']]) },
      captures: Object.entries(captures).map(([name, value]) => ({ name, value, isSecret: false })),
    })
    .remember('wait', 'orders', { '0': 17 })
    .step('each[0]>check', { result: { status: 200 } })
    .step('pay', { outcome: 'failed', result: { status: 500 }, problems: [failedAssertion()] })
    .skip('not reached', 'mail')
    .endFlow('failed', { captures, secretNames: ['token'] })
    .endRun('failed');
  return at(startedAt, builder);
}

function partialRun(startedAt: number, captures: ValueMap = {}, outcome: 'passed' | 'failed' = 'passed'): EventBuilder {
  const builder = new EventBuilder()
    .run()
    .flow({ isPartial: true })
    .step('create', {
      outcome,
      result: { from: startedAt },
      captures:
        outcome === 'failed' ? [] : Object.entries(captures).map(([name, value]) => ({ name, value, isSecret: false })),
    })
    .endFlow(outcome, { captures });
  return at(startedAt, builder);
}

/** The same run, begun at another time. */
function at(startedAt: number, builder: EventBuilder): EventBuilder {
  return new EventBuilder().add(...builder.events.map((event) => ({ ...event, at: startedAt })));
}

async function record(runId: string, builder: EventBuilder, more: Partial<RecorderOptions> = {}): Promise<void> {
  const onProblem = (text: string) => {
    throw new Error(text);
  };
  await builder.play(createRecorder({ directory, runId, onProblem, ...more }));
}

function replay(more: Partial<ReplayQuery> = {}) {
  return readReplay({ directory, flowFile: { path: FILE }, flowId: 'order', ...more });
}

function eventsPath(runId: string): string {
  return join(directory, 'runs', runId, 'events.ndjson');
}
