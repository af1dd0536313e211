import { describe, expect, it } from 'vitest';
import { createHub } from '../../../src/engine/events/hub.ts';
import { createSecrets } from '../../../src/engine/events/secrets.ts';
import { ExactNumber } from '../../../src/expr/index.ts';
import type { Consumer } from '../../../src/model/consumer.ts';
import type { RunEvent } from '../../../src/model/events.ts';
import { sendHttp } from '../../support/exchanges.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { fakeAction, give } from '../../support/plan-builder.ts';
import { findFlow, findStep, startRun, type TestRunOptions } from '../../support/run-plan.ts';

const noted = (text: string): RunEvent => ({ type: 'run_noted', at: 1, level: 'info', text });

function createConsumer(name: string, more: Partial<Consumer> = {}): Consumer & { readonly texts: string[] } {
  const texts: string[] = [];
  const on = (event: RunEvent): void => {
    texts.push(event.type === 'run_noted' ? event.text : event.type);
  };
  return { name, texts, on, close: () => Promise.resolve(), ...more };
}

function open(...consumers: Consumer[]) {
  return createHub({ consumers, secrets: createSecrets(), clock: createFakeClock() });
}

describe('the hub', () => {
  it('drops a consumer that throws, tells the others, and goes on', async () => {
    let calls = 0;
    const broken = createConsumer('html', {
      on: () => {
        calls++;
        throw new Error('no space left');
      },
    });
    const [first, last] = [createConsumer('tree'), createConsumer('json')];
    const hub = open(first, broken, last);
    hub.emit(noted('one'));
    hub.emit(noted('two'));
    const reported = ['one', '`html` was dropped, and the run goes on without it: no space left', 'two'];
    expect([first.texts, last.texts, calls]).toEqual([reported, reported, 1]);
    expect(await hub.close()).toMatchObject([{ name: 'html', message: 'no space left' }]);
  });

  it('shortens what a broken one says to a line', async () => {
    const broken = createConsumer('html', { close: () => Promise.reject(new Error(`${'x'.repeat(1000)}\nat …`)) });
    expect(await open(broken).close()).toMatchObject([{ name: 'html', message: `${'x'.repeat(300)}…` }]);
  });

  it('gives what broke and where, with secrets masked, and not all of it', async () => {
    const secrets = createSecrets();
    secrets.add('tok-8271-xyz');
    const cause = new TypeError(`no tok-8271-xyz here${' x'.repeat(2000)}`);
    const broken = createConsumer('html', {
      on: () => {
        throw cause;
      },
    });
    const hub = createHub({ consumers: [broken], secrets, clock: createFakeClock() });
    hub.emit(noted('one'));
    const [failure] = await hub.close();
    expect(failure?.cause).toBe(cause);
    expect(failure?.trace).toMatch(/^TypeError: no \*\*\* here x/);
    expect(failure?.trace).toHaveLength(2000);
  });

  it('closes all, and gives those that could not write', async () => {
    const closed: string[] = [];
    const closing = (name: string, error?: Error) =>
      createConsumer(name, {
        close: () => {
          closed.push(name);
          return error ? Promise.reject(error) : Promise.resolve();
        },
      });
    const hub = open(closing('junit', new Error('read-only folder')), closing('json'));
    expect(await hub.close()).toMatchObject([{ name: 'junit', message: 'read-only folder' }]);
    expect(closed).toEqual(['junit', 'json']);
  });

  it('delivers in order what is told while it delivers', () => {
    const inner = createConsumer('inner');
    const hub = open(
      createConsumer('outer', {
        on: (event) => event.type === 'run_noted' && event.text === 'one' && hub.emit(noted('two')),
      }),
      inner,
    );
    hub.emit(noted('one'));
    expect(inner.texts).toEqual(['one', 'two']);
  });
});

describe('secrets in a run', () => {
  const inputs: TestRunOptions['inputs'] = {
    given: new Map([['API_TOKEN', 'tok-8271-xyz']]),
    secretNames: ['API_TOKEN'],
  };

  it('are masked in everything that is told, and the names are kept', async () => {
    const leak = fakeAction((config, io) => {
      io.report.note('sent tok-8271-xyz');
      io.report.log('info', 'using tok-8271-xyz', { 'tok-8271-xyz': [new ExactNumber('12345678901234567890')] });
      io.report.exchange(() =>
        sendHttp('POST http://h/?t=tok-8271-xyz', {
          headers: { authorization: 'tok-8271-xyz' },
          body: '{"token":"tok-8271-xyz"}',
        }),
      );
      return { result: { config, deep: [{ pin: 4711_0815 }] }, summary: 'tok-8271-xyz' };
    });
    const run = startRun(
      {
        env: { PIN: 4711_0815, URL: 'http://u:tok-8271-xyz@h' },
        secrets: ['PIN'],
        steps: [
          { id: 'a', action: leak, name: 'with {{API_TOKEN}}', config: '{{API_TOKEN}}', assert: ['config == "x"'] },
        ],
      },
      { inputs },
    );
    await run.finish();
    const text = JSON.stringify(run.events);
    expect(text).not.toContain('8271');
    expect(text).not.toContain('47110815');
    const step = findStep(run.events, 'a');
    expect(step).toMatchObject({
      name: 'with ***',
      result: { config: '***', deep: [{ pin: '***' }] },
      notes: ['sent ***'],
    });
    expect(step.problems[0]?.explained?.parts?.[0]).toMatchObject({ text: 'config', value: '***' });
    expect(run.events.find((event) => event.type === 'flow_started')).toMatchObject({
      inputs: { variables: { PIN: '***', URL: 'http://u:***@h' } },
    });
    expect(findFlow(run.events).secretNames).toEqual(['PIN', 'API_TOKEN']);
  });

  it('that are captured are masked before the step is told', async () => {
    const login = give({ body: { token: 'very-secret-token' } });
    const run = startRun({ steps: [{ id: 'login', action: login, output: { token: 'secret:body.token' } }] });
    await run.finish();
    expect(JSON.stringify(run.events)).not.toContain('very-secret');
    expect(findStep(run.events, 'login').captures).toEqual([{ name: 'token', isSecret: true }]);
    expect(findFlow(run.events)).toMatchObject({ captures: {}, secretNames: ['token'] });
  });

  it('do not make places, ids and outcomes unreadable', async () => {
    const run = startRun({
      env: { P: 'passed' },
      secrets: ['P'],
      steps: [{ id: 'passed', action: give({ status: 'passed' }) }],
    });
    await run.finish();
    expect(findStep(run.events, 'passed')).toMatchObject({
      outcome: 'passed',
      id: 'passed',
      result: { status: '***' },
    });
  });
});
