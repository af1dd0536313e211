import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ValueMap } from '../../src/expr/index.ts';
import { ExactNumber, readKey } from '../../src/expr/index.ts';
import { describeChange } from '../../src/records/file-version.ts';
import { readEvents } from '../../src/records/read-events.ts';
import { createRecorder } from '../../src/records/recorder.ts';
import { listRuns } from '../../src/records/run-folders.ts';
import { EventBuilder, failedAssertion } from '../support/events.ts';
import { at, big, FILE, fullRun, partialRun, RecordSandbox } from '../support/records.ts';

let box: RecordSandbox;

beforeEach(() => {
  box = new RecordSandbox();
});

afterEach(() => {
  box.remove();
});

describe('a replay', () => {
  it('restores captures, results, volatile variables and what steps remembered, with their types', async () => {
    await box.record('run-1', fullRun('run-1'));
    const found = box.replay();
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

  it('knows of a secret by whom it was captured, and no value', async () => {
    const builder = new EventBuilder()
      .run()
      .flow()
      .step('login', { captures: [{ name: 'token', isSecret: true }] })
      .endFlow('passed', { secretNames: ['token'] });
    await box.record('run-1', builder);
    expect(box.replay()?.secrets).toEqual(new Map([['token', 'login']]));
    expect(box.replay()?.captures.size).toBe(0);
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
    await box.record('run-1', builder);
    expect(box.replay()?.secrets).toEqual(
      new Map([
        ['link', 'login'],
        ['token', 'login'],
      ]),
    );
    expect(box.replay()?.captures).toEqual(new Map([['card', '**** **** **** 1234']]));
    expect(box.replay()?.variables).toEqual(new Map([['email', 'a@b']]));
    expect(box.replay()?.omitted.variables).toEqual(new Set(['key']));
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
    await box.record('run-1', builder);
    expect(box.replay()?.captures.get('order_id')).toBe('c');
    expect(box.replay({ flowId: 'other' })?.captures.get('order_id')).toBe('b');
    expect(box.replay({ flowFile: { path: './flows/a.yaml' } })?.captures.get('order_id')).toBe('a');
    expect(box.replay({ flowId: 'nobody' })).toBeUndefined();
  });

  it('lays runs of chosen steps over the last whole run', async () => {
    await box.record('full-1', fullRun('full-1', 1, { order_id: 'older', coupon: 'gone' }));
    await box.record('full-2', fullRun('full-2', 2, { order_id: 'whole', invoice: 'whole' }));
    await box.record('part-3', partialRun(3, { order_id: 'first part' }));
    await box.record('part-4', partialRun(4, { order_id: 'newest part' }));
    await box.record('part-5', partialRun(5, { order_id: 'of a failed step' }, 'failed'));
    const found = box.replay();
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

  it('does not mix the values of a part that made its own with those of an earlier run', async () => {
    await box.record('full-1', fullRun('full-1', 1, { order_id: 'whole', invoice: 'whole' }));
    const own = new EventBuilder()
      .run()
      .flow({ isPartial: true })
      .step('create', { captures: [{ name: 'order_id', value: 'own', isSecret: false }] })
      .endFlow('passed', { captures: { order_id: 'own' } });
    await box.record('part-2', own);
    expect(box.replay()?.captures).toEqual(new Map([['order_id', 'own']]));
  });

  it('does not take over values that a run of chosen steps was given', async () => {
    await box.record('full-1', fullRun('full-1', 1, { order_id: 'whole' }));
    const part = new EventBuilder()
      .run()
      .flow({ isPartial: true, replayOf: 'full-1' })
      .step('pay')
      .endFlow('passed', { captures: { order_id: 'restored from elsewhere' } });
    await box.record('part-2', part);
    expect(box.replay()?.captures.get('order_id')).toBe('whole');
  });

  it('passes over runs in which nothing of the flow ran', async () => {
    await box.record('full-1', fullRun('full-1', 1, { order_id: 'whole' }));
    await box.record('full-2', at(2, new EventBuilder().run().flow().skip('not reached', 'create').endFlow('skipped')));
    expect(box.replay()?.captures.get('order_id')).toBe('whole');
  });

  it('is of a named run, by id, folder or file', async () => {
    await box.record('full-1', fullRun('full-1', 1, { order_id: 'one' }));
    await box.record('full-2', fullRun('full-2', 2, { order_id: 'two' }));
    for (const run of ['full-1', join(box.directory, 'runs', 'full-1'), box.eventsPath('full-1')])
      expect(box.replay({ run })?.captures.get('order_id'), run).toBe('one');
    expect(box.replay({ run: 'last' })?.captures.get('order_id')).toBe('two');
    expect(box.replay({ run: 'no such run' })).toBeUndefined();
  });

  it('leaves captures out that the flow did not see in the end', async () => {
    const builder = new EventBuilder()
      .run()
      .flow()
      .start('both', { action: 'parallel' })
      .step('both>left>make', { captures: [{ name: 'lost', value: 1, isSecret: false }] })
      .finish('both', { action: 'parallel', outcome: 'failed', problems: [failedAssertion()] })
      .endFlow('failed', { captures: { kept: 2 } });
    await box.record('run-1', builder);
    expect(box.replay()?.captures).toEqual(new Map([['kept', 2]]));
  });

  it('says what changed in the file since', async () => {
    const text = 'one\ntwo\nthree\nfour\nfive\n';
    await box.record('run-1', fullRun('run-1'), { textOf: (file) => (file === FILE ? text : undefined) });
    const change = (now: string) => {
      const found = box.replay({ flowFile: { path: FILE, text: now } })?.change;
      return found && describeChange(found);
    };
    expect(change(text)).toBeUndefined();
    expect(change('one\nTWO\nthree\nfour\nfive\n')).toBe('line 2 is new or changed');
    expect(change('zero\none\ntwo\n3\n4\nfive\n')).toBe('lines 1 and 4-5 are new or changed');
    expect(change('one\nfive\n')).toBe('3 lines are gone');
    expect(change('one\nthree\ntwo\nfour\nfive\n')).toBe('its lines are in a different order');
    expect(box.replay()?.change).toBeUndefined();
    expect(readFileSync(box.eventsPath('run-1'), 'utf8')).not.toContain('three');
  });

  it('knows of each row what changed, and holds the version of the file once', async () => {
    const builder = new EventBuilder().run();
    for (const row of [1, 2, 3]) builder.flow({ row }).step('a', { result: { row } }).endFlow();
    builder.flow({ id: 'other' }).step('a').endFlow().endRun();
    await box.record('run-1', builder, { textOf: () => 'one\ntwo\n' });
    for (const row of [1, 2, 3]) {
      const found = box.replay({ row, flowFile: { path: FILE, text: 'one\nTWO\n' } });
      expect(found?.results).toEqual(new Map([['a', { row }]]));
      expect(found?.change?.lines).toEqual([2]);
    }
    const other = box.replay({ flowId: 'other', flowFile: { path: FILE, text: 'ONE\ntwo\n' } });
    expect(other?.change?.lines).toEqual([1]);
    expect(readFileSync(box.eventsPath('run-1'), 'utf8').match(/"flow_file"/g)).toHaveLength(2);
  });
});

describe('a record of other events', () => {
  const version1 = [
    { type: 'run_started', at: 1, version: 1, testmesh: '0.0.9', runId: 'old', seed: 1, flowCount: 1 },
    { type: 'flow_started', at: 1, flow: 0, id: 'order', name: 'Order', file: FILE, line: 1 },
    { type: 'step_finished', at: 1, flow: 0, address: 'create', outcome: 'passed', captures: [] },
  ];
  const REFUSAL = 'the record of run old is not read: its events are of version 1, and this testmesh reads version 2';

  function writeOld(flowId: string): void {
    mkdirSync(join(box.directory, 'runs', 'old'), { recursive: true });
    writeFileSync(box.eventsPath('old'), version1.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const flow = { flow: 0, id: flowId, file: FILE, line: 1, isPartial: false, outcome: 'passed', start: 0, end: 400 };
    const meta = { version: 1, runId: 'old', startedAt: 1, outcome: 'passed', flows: [flow] };
    writeFileSync(join(box.directory, 'runs', 'old', 'meta.json'), JSON.stringify(meta));
  }

  it('is refused by the name of its version', () => {
    writeOld('order');
    expect(box.find()).toEqual({ replay: undefined, refusal: REFUSAL });
    expect(() => [...readEvents(box.eventsPath('old'))]).toThrow(
      /is not read: its events are of version 1.*run the flows again$/,
    );
  });

  it('is named where only chosen steps ran since, and not after a whole run', async () => {
    writeOld('order');
    await box.record('part-2', partialRun(2, { order_id: 'part' }));
    expect(box.find()).toMatchObject({ replay: { runId: 'part-2' }, refusal: REFUSAL });
    await box.record('full-3', fullRun('full-3', 3));
    expect(box.find()).toMatchObject({ replay: { runId: 'full-3' }, refusal: undefined });
  });

  it('of other flows is passed over', () => {
    writeOld('other');
    expect(box.find()).toEqual({ replay: undefined, refusal: undefined });
  });
});

describe('a record that broke off', () => {
  it('is used as far as it goes', async () => {
    await box.record('run-1', fullRun('run-1', 1, { order_id: 'one' }));
    const recorder = createRecorder({ directory: box.directory, runId: 'run-2', onProblem: () => undefined });
    for (const event of fullRun('run-2', 2, { order_id: 'two' }).events) {
      if (event.type === 'run_finished') break;
      recorder.on(event);
    }
    await recorder.close();
    rmSync(join(box.directory, 'runs', 'run-2', 'meta.json'));
    const { size } = statSync(box.eventsPath('run-2'));
    truncateSync(box.eventsPath('run-2'), size - 25);
    expect(box.replay()?.runId).toBe('run-2');
    expect(box.replay()?.captures.get('order_id')).toBe('two');
  });

  it('is passed over when nothing in it can be read', async () => {
    await box.record('run-1', fullRun('run-1', 1, { order_id: 'one' }));
    for (const [name, text] of [
      ['a', ''],
      ['b', '{"type":"flow_star'],
      ['c', '\u0000\u0001{}\n[]\nnull\n{"type":"step_finished","at":1}\n'],
    ] as const) {
      mkdirSync(join(box.directory, 'runs', name));
      writeFileSync(box.eventsPath(name), text);
    }
    mkdirSync(join(box.directory, 'runs', 'empty'));
    writeFileSync(join(box.directory, 'runs', 'file'), '');
    expect(box.replay()?.captures.get('order_id')).toBe('one');
  });

  it('is read around damaged lines', async () => {
    await box.record('run-1', fullRun('run-1', 1, { order_id: 'one' }));
    const text = readFileSync(box.eventsPath('run-1'), 'utf8').replace('{"type":"phase_started"', '{"type":');
    writeFileSync(box.eventsPath('run-1'), text);
    appendFileSync(box.eventsPath('run-1'), '{"type":"step_finished","at":"now"}\n{broken');
    writeFileSync(join(box.directory, 'runs', 'run-1', 'meta.json'), '{"version":1');
    expect(box.replay()?.captures.get('order_id')).toBe('one');
  });

  it('is none where nothing was ever recorded', () => {
    expect(box.replay()).toBeUndefined();
    expect(listRuns(box.directory)).toEqual([]);
    expect(existsSync(box.directory)).toBe(false);
  });
});
