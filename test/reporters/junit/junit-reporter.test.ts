import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlowAbout } from '../../../src/model/flow-about.ts';
import { createJunitReporter } from '../../../src/reporters/junit/junit-reporter.ts';
import type { ReporterOptions } from '../../../src/reporters/output/options.ts';
import { refuseReport } from '../../../src/reporters/registry.ts';
import { EventBuilder, failedAssertion, refusedConnection } from '../../support/events.ts';
import { answerHttp, sendHttp } from '../../support/exchanges.ts';
import { repeats } from '../../support/sample.ts';
import { findJunitFaults } from '../../support/schemas/junit-10.ts';
import { findElements, readXml } from '../../support/xml.ts';
import * as sampleRuns from '../sample-runs.ts';

const inFullRun = it.runIf(repeats('further tests of JUnit reports', 1, 0) > 0);

function twoFlows(): EventBuilder {
  return new EventBuilder()
    .run({ flowCount: 2 })
    .flow({ file: 'flows/one.yaml', name: 'One' })
    .step('setup/clean', { durationMs: 1234 })
    .step('create', {
      name: 'Create an order',
      outcome: 'failed',
      problems: [failedAssertion(), { outcome: 'failed', kind: 'capture', message: '`$.id` finds nothing' }],
      exchange: answerHttp(sendHttp('POST http://localhost/orders', { body: '{"a":1}' }), { status: 201 }),
      details: [{ title: 'looks', lines: ['one', 'two'] }],
      notes: ['redirected'],
    })
    .skip('not reached', 'pay')
    .step('teardown/clean', { outcome: 'errored', problems: [refusedConnection()] })
    .endFlow('errored', { problems: [{ ...refusedConnection(), kind: 'teardown' }] })
    .flow({ file: 'flows/two.yaml', name: 'Two', id: 'two' })
    .log('say', 'hello')
    .step('say')
    .start('wait', { action: 'poll' })
    .step('wait>probe', { role: 'look', outcome: 'failed', problems: [failedAssertion()] })
    .step('wait>probe', { role: 'look' })
    .finish('wait', { action: 'poll' })
    .endFlow('errored', { problems: [{ outcome: 'errored', kind: 'timeout', message: 'the flow took too long' }] })
    .endRun('errored');
}

describe('the JUnit report', () => {
  it('has a suite per flow, a case per step, totals, places and times', async () => {
    const root = readXml(await renderToFile(twoFlows()));
    expect(root.attributes).toEqual({
      name: 'testmesh',
      tests: '7',
      failures: '1',
      errors: '2',
      time: '3.210',
    });
    const [one, two] = root.children;
    expect(one?.attributes).toEqual({
      name: 'One',
      tests: '4',
      failures: '1',
      errors: '1',
      skipped: '1',
      time: '0.412',
      timestamp: '2026-01-31T10:00:00',
      file: 'flows/one.yaml',
    });
    const cases = findElements(root, 'testcase').map(({ attributes, children }) => [
      attributes['name'],
      attributes['classname'],
      attributes['time'],
      children.map((child) => child.name).join(' '),
    ]);
    expect(cases).toEqual([
      ['setup/clean', 'flows/one: One', '1.234', 'system-out'],
      ['create: Create an order', 'flows/one: One', '0.012', 'failure system-out'],
      ['pay', 'flows/one: One', '0.000', 'skipped system-out'],
      ['teardown/clean', 'flows/one: One', '0.012', 'error system-out'],
      ['say', 'flows/two: Two', '0.012', 'system-out'],
      ['wait', 'flows/two: Two', '0.012', 'system-out'],
      ['(flow)', 'flows/two: Two', '0.000', 'error'],
    ]);
    const properties = findElements(two ?? root, 'property').map(({ attributes }) => Object.values(attributes));
    expect(properties).toContainEqual(['seed', '4711']);
    expect(properties).toContainEqual(['run_id', 'run-1']);
  });

  it.each(Object.entries({ ...sampleRuns, twoFlows }))('is valid by the schema of Jenkins: %s', async (_, build) => {
    expect(findJunitFaults(readXml(await renderToFile(build())))).toEqual([]);
  });

  it('is valid by it where nothing ran', async () => {
    const xml = await refuseReport('junit', 'error[TM104] unknown name\n  flows/a.yaml:3:4\n');
    expect(findJunitFaults(readXml(xml))).toEqual([]);
    expect(xml).toContain('file="flows/a.yaml"');
  });

  it('names flows alike whatever their data is, and no two of them', async () => {
    const namesOf = async (values: string): Promise<readonly (string | undefined)[]> => {
      const builder = new EventBuilder().run();
      const add = (about: Partial<FlowAbout>) => builder.flow(about).step('one').endFlow();
      for (const row of [1, 2]) {
        add({ file: 'a.yaml', id: 'a', name: `same [row ${row}: n=${values}]`, row });
        add({ file: 'a.yaml', id: 'a', name: `same [row ${row}: n=${values}] [repeat 2]`, row, repeat: 2 });
      }
      add({ file: 'a.yaml', id: 'a', name: 'same' });
      add({ file: 'a.yaml', id: 'other', name: 'same' });
      add({ file: 'b/a.yaml', id: 'b', name: 'same [repeat 1]', repeat: 1 });
      const root = readXml(await renderToFile(builder.endRun()));
      return findElements(root, 'testcase').map(({ attributes }) => attributes['classname']);
    };
    expect(await namesOf('1')).toEqual([
      'a: same [row 1]',
      'a: same [row 1] [repeat 2]',
      'a: same [row 2]',
      'a: same [row 2] [repeat 2]',
      'a: same',
      'a: same (other)',
      'b/a: same [repeat 1]',
    ]);
    expect(await namesOf('x] [row 9: y')).toEqual(await namesOf('1'));
  });

  it('counts what failed inside of a control once', async () => {
    const child = { outcome: 'failed', kind: 'child', message: 'step `check` failed: no' } as const;
    const builder = new EventBuilder()
      .run()
      .flow()
      .start('each', { action: 'for_each' })
      .step('each[0]>check')
      .step('each[1]>check', { outcome: 'failed', problems: [failedAssertion()] })
      .finish('each', { action: 'for_each', outcome: 'failed', summary: '1 of 2 failed', problems: [child] })
      .start('par', { action: 'parallel' })
      .step('par>a>check', { outcome: 'errored', problems: [refusedConnection()] })
      .finish('par', {
        action: 'parallel',
        outcome: 'failed',
        problems: [{ outcome: 'failed', kind: 'assertion', message: '`count == 2` is false' }, child],
      })
      .start('wait', { action: 'poll' })
      .step('wait>probe', { role: 'look', outcome: 'failed', problems: [failedAssertion()] })
      .finish('wait', { action: 'poll', outcome: 'failed', problems: [failedAssertion()] });
    const root = readXml(await renderToFile(builder.endFlow('failed').endRun('failed')));
    expect(root.attributes).toMatchObject({ tests: '6', failures: '3', errors: '1' });
    const cases = findElements(root, 'testcase').map(({ attributes, children }) => [
      attributes['name'],
      children.map(({ name }) => name).join(' '),
    ]);
    expect(cases).toEqual([
      ['each[0]>check', 'system-out'],
      ['each[1]>check', 'failure system-out'],
      ['each', 'system-out'],
      ['par>a>check', 'error system-out'],
      ['par', 'failure system-out'],
      ['wait', 'failure system-out'],
    ]);
    const outputs = findElements(root, 'system-out').map((element) => element.text);
    expect(outputs[2]).toBe(
      'at flows/order.yaml:10\n1 of 2 failed\nnote: failed, and counted with the steps inside it that failed',
    );
    expect(findElements(root, 'failure')[1]?.attributes['message']).toContain('`count == 2` is false');
  });

  it('counts nothing that failed inside of a control which passed all the same', async () => {
    const root = readXml(await renderToFile(sampleRuns.forgivenFlow()));
    expect(root.attributes).toMatchObject({ tests: '5', failures: '1', errors: '0' });
    expect(findElements(root, 'failure')).toHaveLength(1);
    const outputs = findElements(root, 'system-out').map((element) => element.text);
    expect(outputs[0]).toContain('note: failed, but `each` passed anyway: ');
    expect(outputs[1]).toContain('note: errored, but `each` passed anyway: ');
  });

  it('tells everything about a failure', async () => {
    const root = readXml(await renderToFile(twoFlows()));
    const [failure] = findElements(root, 'failure');
    expect(failure?.attributes['message']).toBe('assertion is false');
    expect(failure?.attributes['type']).toBe('assertion');
    expect(failure?.text).toMatch(/61 \| {9}- body.total[\s\S]*60\.98[\s\S]*`\$\.id` finds nothing/);
    const [error] = findElements(root, 'error');
    expect(error?.attributes['type']).toBe('connection ECONNREFUSED');
    expect(findElements(root, 'skipped')[0]?.attributes['message']).toBe('not reached');
    const outputs = findElements(root, 'system-out').map((element) => element.text);
    expect(outputs[1]).toBe(
      'at flows/one.yaml:10\n201, 1 of 1 assertion is false\nsent: POST http://localhost/orders\n{"a":1}\nreceived: 201 (no body)\nlooks\n  one\n  two\nby hand: curl http://localhost/orders -H content-type: --data-raw \'{"a":1}\'\nnote: redirected',
    );
    expect(outputs.find((text) => text.includes('hello'))).toBe('at flows/two.yaml:10\n201\ninfo: hello');
  });

  it('shows a flow that was skipped whole', async () => {
    const root = readXml(
      await renderToFile(
        new EventBuilder()
          .run()
          .flow()
          .endFlow('skipped', { skip: { kind: 'skip', reason: 'ticket 12' } })
          .endRun(),
      ),
    );
    expect(root.children[0]?.attributes['skipped']).toBe('1');
    expect(findElements(root, 'skipped')[0]?.attributes['message']).toBe('ticket 12');
  });

  it('is whole when the run breaks off, and when nothing ran', async () => {
    const broken = readXml(await renderToFile(new EventBuilder().run().flow().step('one').start('two')));
    expect(findElements(broken, 'testcase')).toHaveLength(1);
    expect(readXml(await renderToFile(new EventBuilder().run().endRun())).children).toEqual([]);
  });

  inFullRun('stays below 30 MB, with each failure in it', async () => {
    const exchange = answerHttp(sendHttp('GET http://h/'), { body: 'x'.repeat(8_000) });
    const details = [{ title: 'looks', lines: Array.from({ length: 200 }, () => 'y'.repeat(100)) }];
    const builder = new EventBuilder().run().flow();
    for (let at = 0; at < 1_500; at++)
      builder.step(`one_${at}`, { outcome: 'failed', problems: [failedAssertion()], exchange, details });
    const xml = await renderToFile(builder.endFlow('failed').endRun('failed'));
    expect(xml.length).toBeLessThan(30_000_000);
    const root = readXml(xml);
    expect(findElements(root, 'failure').filter(({ text }) => text.includes('60.98'))).toHaveLength(1_500);
    expect(findElements(root, 'system-out').at(-1)?.text).toMatch(/^at flows.*\n\(the rest is left out: .*30 MB\)$/);
  });

  it('leaves the totals of the root out where the target cannot be rewritten', async () => {
    const written: string[] = [];
    await twoFlows().play(createJunitReporter({ write: (text) => written.push(text) }));
    expect(readXml(written.join('')).attributes).toEqual({ name: 'testmesh' });
  });

  it('writes a suite as soon as its flow has finished', () => {
    const written: string[] = [];
    const reporter = createJunitReporter({ write: (text) => written.push(text) });
    const { events } = twoFlows();
    const end = events.findIndex((event) => event.type === 'flow_finished');
    for (const event of events.slice(0, end)) reporter.on(event);
    expect(written).toEqual([]);
    for (const event of events.slice(end, end + 1)) reporter.on(event);
    expect(written.join('')).toContain('</testsuite>');
  });
});

describe('XML 1.0', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      ']]>',
      '<![CDATA[',
      '&#0;',
      '\u0000\u0008\u001b',
      '\ud800',
      '\udc00x',
      '\ufffe\uffff',
      '"\'<>&\t\n\r',
    ),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes)),
  );

  it('is valid whatever the texts hold', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (text, body) => {
        const problem = { ...failedAssertion(), message: text, kind: body, hints: [text] };
        const builder = new EventBuilder()
          .run({ runId: text })
          .flow({ name: text, file: body, traceId: body })
          .log('one', text)
          .step('one', {
            name: body,
            outcome: 'failed',
            summary: text,
            problems: [problem],
            exchange: answerHttp(sendHttp(`GET ${text}`, { body }), { contentType: text, body }),
            details: [{ title: text, lines: [body] }],
            notes: [text],
          })
          .skip(text, body)
          .endFlow('failed');
        const root = readXml(await renderToFile(builder));
        expect(findElements(root, 'testcase')).toHaveLength(2);
      }),
      { numRuns: repeats('texts in XML', 200) },
    );
  });

  it('keeps line feeds in attributes and harmless characters as they are', async () => {
    const name = 'a\tb\n"c" <d> & 日本 😀';
    const root = readXml(await renderToFile(new EventBuilder().run().flow({ name }).step('one').endFlow()));
    expect(root.children[0]?.attributes['name']).toBe(name);
  });
});

/** The report as a file has it after its start was rewritten. */
async function renderToFile(builder: EventBuilder): Promise<string> {
  let file = Buffer.alloc(0);
  const options: ReporterOptions = {
    write: (text) => {
      file = Buffer.concat([file, Buffer.from(text)]);
    },
    rewriteStart: (text) => {
      Buffer.from(text).copy(file);
    },
  };
  await builder.play(createJunitReporter(options));
  return file.toString('utf8');
}
