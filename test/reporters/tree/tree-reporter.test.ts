import { describe, expect, it } from 'vitest';
import type { ReporterOptions } from '../../../src/reporters/output/options.ts';
import { createTreeReporter } from '../../../src/reporters/tree/tree-reporter.ts';
import { EventBuilder, failedAssertion } from '../../support/events.ts';
import { answerHttp, sendHttp } from '../../support/exchanges.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';
import { repeats } from '../../support/sample.ts';
import {
  erroredFlow,
  failingFlow,
  forgivenFlow,
  interruptedTwice,
  logs,
  nestedFlow,
  passingFlow,
  pollingFlow,
  severalFlows,
  teardownFailure,
} from '../sample-runs.ts';

const inFullRun = it.runIf(repeats('further tests of the tree', 1, 0) > 0);

const cases: readonly [name: string, build: () => EventBuilder, options?: Partial<ReporterOptions>][] = [
  ['passed', passingFlow],
  ['passed-quiet', passingFlow, { verbosity: -1 }],
  ['passed-verbose', passingFlow, { verbosity: 1 }],
  ['passed-very-verbose', passingFlow, { verbosity: 2 }],
  ['failed', failingFlow],
  ['failed-quiet', failingFlow, { verbosity: -1 }],
  ['failed-colored', failingFlow, { isColored: true }],
  ['failed-verbose', failingFlow, { verbosity: 1 }],
  ['errored', erroredFlow],
  ['nested', nestedFlow],
  ['nested-quiet', nestedFlow, { verbosity: -1 }],
  ['poll', pollingFlow],
  ['forgiven', forgivenFlow],
  ['teardown-failure', teardownFailure],
  ['interrupted-twice', interruptedTwice],
  ['several-flows', severalFlows],
  ['several-flows-quiet', severalFlows, { verbosity: -1 }],
  ['log', logs],
];

describe('the tree', () => {
  it.each(cases)('of %s', async (name, build, options) => {
    await expect(await render(build(), options)).toMatchFileSnapshot(`golden/tree-${name}.txt`);
  });

  it('has no escape codes and no carriage returns without a terminal', async () => {
    for (const [, build] of cases) {
      const text = await render(build());
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('\r');
      expect(text).not.toMatch(/\n\n\n/);
    }
  });

  it('has the same text in colour', async () => {
    for (const [name, build, options] of cases) {
      const colored = await render(build(), { ...options, isColored: true });
      const plain = await render(build(), { ...options, isColored: false });
      expect(stripColors(colored), name).toBe(plain);
    }
  });
});

describe('what comes from outside', () => {
  it('cannot steer the terminal', async () => {
    const evil = '\u001b[2J\u001b]0;owned\u0007\u202e\r\u0085';
    const text = await render(
      new EventBuilder()
        .run()
        .flow({ name: evil, file: 'a.yaml' })
        .step('one', {
          name: evil,
          outcome: 'failed',
          summary: evil,
          problems: [{ ...failedAssertion(), message: evil, hints: [evil] }],
          exchange: answerHttp(sendHttp(`POST ${evil}`, { headers: { [evil]: evil }, body: evil.repeat(3) }), {
            contentType: evil,
            body: evil,
          }),
          details: [{ title: evil, lines: [evil] }],
          notes: [evil],
        })
        .log('one', evil)
        .note('warning', evil)
        .endFlow('failed', { problems: [{ outcome: 'errored', kind: 'timeout', message: evil }] })
        .endRun('failed'),
      { verbosity: 2 },
    );
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    expect(text).toContain('\\x1b[2J');
  });

  it('gives CI no command', async () => {
    const evil = '::error::owned\n  ::add-mask::x\n##[error]y';
    const text = await render(
      new EventBuilder()
        .run()
        .flow({ name: evil, file: '::error::a.yaml' })
        .step('one', {
          name: evil,
          outcome: 'failed',
          problems: [{ ...failedAssertion(), message: evil, hints: [evil] }],
          exchange: answerHttp(sendHttp('POST /', { body: evil }), { body: evil }),
          details: [{ title: evil, lines: [evil] }],
          notes: [evil],
        })
        .log('one', evil)
        .note('warning', evil)
        .endFlow('failed', { problems: [{ outcome: 'errored', kind: 'timeout', message: evil }] })
        .endRun('failed'),
      { verbosity: 2 },
    );
    expect(text).toContain('add-mask');
    expect(text).not.toMatch(/^\s*::|##\[/m);
  });

  inFullRun('is cut at a screenful', async () => {
    const exchange = answerHttp(sendHttp('GET /'), { body: 'x'.repeat(3_000_000) });
    const problems = [failedAssertion()];
    const builder = () => new EventBuilder().run().flow().step('big', { outcome: 'failed', problems, exchange });
    const text = await render(builder());
    expect(text.split('\n').length).toBeLessThan(60);
    const shown = (text.match(/x+/g) ?? []).filter((run) => run.length > 1).join('').length;
    expect(Number(/… (\d+) more characters/.exec(text)?.[1])).toBe(3_000_000 - shown);
    expect((await render(builder(), { verbosity: 2 })).match(/x/g)?.length).toBe(3_000_000);
  });

  it('leaves a gap behind the longest name', async () => {
    const id = 'a_step_with_a_very_long_name_that_goes_on_and_on_and_on';
    const text = await render(new EventBuilder().run().flow().step(id, { outcome: 'passed' }).endFlow('passed'));
    expect(text).toMatch(new RegExp(`✓ ${id}  http_request`));
  });

  it('shows one more step that is not reached, and says how many where it is more', async () => {
    const skip = { kind: 'not_reached', reason: 'not reached' } as const;
    const draw = async (ids: string): Promise<string> => {
      const builder = new EventBuilder()
        .run()
        .flow()
        .step('a', { outcome: 'failed', problems: [failedAssertion()] });
      for (const id of ids) builder.step(id, { outcome: 'skipped', skip });
      return (await render(builder.endFlow('failed'))).match(/· .*/g)?.join('\n').replaceAll(/ +/g, ' ') ?? '';
    };
    expect(await draw('b')).toBe('· b not reached');
    expect(await draw('bc')).toBe('· b not reached\n· c not reached');
    expect(await draw('bcd')).toBe('· b not reached (and 2 more)');
  });

  inFullRun('collapses the passed children of a long loop', async () => {
    const builder = new EventBuilder().run().flow().start('each', { action: 'for_each' });
    for (let item = 0; item < 1000; item++) builder.step(`each[${item}]>check`);
    builder.start('each[1000]>check').finish('each[1000]>check', { outcome: 'failed', problems: [failedAssertion()] });
    const text = await render(builder.finish('each', { action: 'for_each', outcome: 'failed' }).endFlow('failed'));
    expect(text).toContain('✓ 800 more steps passed');
    expect(text).toContain('✗ [1000] check');
    expect(text.split('\n').length).toBeLessThan(250);
  });
});

describe('a wait that nothing satisfied', () => {
  const awaited = { since: { kind: 'flow' as const }, topics: [], count: 0, messages: [], seen: 2 };
  const value = `  value {"error":"${'json: cannot unmarshal string into Go struct field Order '.repeat(5)}end"}`;
  const build = () =>
    new EventBuilder()
      .run()
      .flow()
      .step('heard', {
        outcome: 'failed',
        problems: [{ outcome: 'failed', kind: 'expectation', message: 'expected 1 message, got none of 2 seen' }],
        exchange: { protocol: 'kafka', cluster: { brokers: ['b:1'] }, awaited },
        details: [{ title: 'newest message', lines: [value] }],
      });

  it('says it once, and what explains it in full', async () => {
    const text = await render(build(), { live: new FakeTerminal(), columns: 80 });
    expect(text).toContain('expected 1 message, got none of 2 seen');
    expect(text).not.toContain('received');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(value.trim());
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThan(115);
  });
});

describe('children with one address', () => {
  it('are all shown, looks of a poll apart', async () => {
    const problems = [failedAssertion()];
    const builder = new EventBuilder().run().flow().start('call', { action: 'run_flow' });
    builder.step('call>check', { outcome: 'failed', problems }).step('call>check').step('call>check');
    builder.finish('call', { action: 'run_flow', outcome: 'failed' }).start('wait', { action: 'poll' });
    for (let look = 0; look < 5; look++) builder.step('wait>probe', { role: 'look' });
    const text = await render(builder.finish('wait', { action: 'poll' }).endFlow('failed'));
    expect([...text.matchAll(/([✓✗]) (check|probe) /g)].map(([, mark, name]) => `${mark}${name}`)).toEqual([
      '✗check',
      '✓check',
      '✓check',
      '✓probe',
    ]);
  });

  it('shows what the last look of a poll sent with the poll, once', async () => {
    const exchange = answerHttp(sendHttp('GET http://localhost/orders'));
    const lines = ['GET http://localhost/orders', '200 (no body)', 'curl http://localhost/orders'];
    const builder = new EventBuilder().run().flow().start('wait', { action: 'poll' });
    builder.step('wait>probe', { role: 'look', exchange });
    builder.finish('wait', { action: 'poll', outcome: 'failed', problems: [failedAssertion()], exchange });
    for (const verbosity of [0, 1] as const) {
      const text = await render(builder, { verbosity });
      for (const line of lines) expect(text.split(` ${line}\n`)).toHaveLength(2);
    }
  });

  it('says in the sum of several flows too which steps were not reached', async () => {
    const builder = new EventBuilder().run({ flowCount: 2 });
    const counts = { passed: 0, failed: 1, errored: 0, skipped: 2 };
    for (const name of ['One', 'Two']) {
      builder.flow({ name }).step('a', { outcome: 'failed', problems: [failedAssertion()] });
      builder.skip('not reached', 'b').skip('when is false', 'c').endFlow('failed', { counts });
    }
    const steps = { passed: 0, failed: 2, errored: 0, skipped: 4 };
    const text = await render(builder.endRun('failed', { steps }));
    expect(text).toContain('1 failed, 1 skipped, 1 not reached');
    expect(text).toContain('steps: 2 failed, 2 skipped, 2 not reached');
  });
});

describe('streaming', () => {
  it('writes each step when it finishes', () => {
    const { written, reporter } = open();
    const { events } = passingFlow();
    const sizes = events.map((event) => {
      reporter.on(event);
      return written.join('').split('\n').length;
    });
    const finished = events.flatMap((event, index) => (event.type === 'step_finished' ? [index] : []));
    for (const index of finished) expect(sizes[index]).toBeGreaterThan(sizes[index - 1] ?? 0);
  });

  it('keeps a note out of the lines of concurrent flows', async () => {
    const [run, ...one] = new EventBuilder()
      .run({ flowCount: 2 })
      .flow({ name: 'One' })
      .step('a1')
      .step('a2')
      .endFlow().events;
    const two = new EventBuilder().flow({ name: 'Two', flow: 1 }).note('warning', 'of two').events;
    const mixed = [...(run ? [run] : []), ...one.slice(0, 3), ...two, ...one.slice(3)];
    const text = await render(new EventBuilder().add(...mixed));
    expect(text).toMatch(/✓ a1 .*✓ a2 .*passed in .*warning: of two/s);
  });

  it('keeps the lines of concurrent flows together', async () => {
    const one = new EventBuilder().run({ flowCount: 2 }).flow({ name: 'One' }).step('a1').step('a2').endFlow();
    const two = new EventBuilder().flow({ name: 'Two' }).step('b1').step('b2').endFlow();
    const second = two.events.map((event) => ({ ...event, flow: 1 }) as (typeof two.events)[number]);
    const [run, ...first] = one.events;
    const mixed = new EventBuilder().add(...(run ? [run] : []));
    // The second flow starts later, and finishes first.
    const order = [first.slice(0, 2), second, first.slice(2)].flat();
    const text = await render(mixed.add(...order).endRun());
    expect([...text.matchAll(/ (One|Two|[ab][12]) /g)].map((match) => match[1])).toEqual([
      'One',
      'a1',
      'a2',
      'Two',
      'b1',
      'b2',
    ]);
  });

  it('shows the running step on a terminal, and erases it without escape codes', () => {
    const { written, reporter } = open({ live: new FakeTerminal(), columns: 80 });
    const [run, flow, ...rest] = pollingFlow().events;
    if (run && flow) for (const event of [run, flow]) reporter.on(event);
    written.length = 0;
    const drawn: string[] = [];
    for (const event of rest) {
      reporter.on(event);
      drawn.push(showScreen(written.join('')));
    }
    expect(drawn[0]).toBe('   ⠋ wait_paid             poll');
    expect(drawn[1]).toBe('   ⠙ wait_paid             poll   status == "paid"   0 of 30 s');
    expect(drawn.every((screen) => screen.split('\n').every((line) => line.length <= 100))).toBe(true);
    expect(drawn.at(-1)).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
    expect(drawn.at(-1)).toContain('✗ wait_paid');
    expect(written.join('')).not.toContain('\u001b');
  });

  it('leaves no spinner behind when the run breaks off', async () => {
    const { written, reporter } = open({ live: new FakeTerminal() });
    for (const event of new EventBuilder().run().flow().start('slow').events) reporter.on(event);
    await reporter.close();
    expect(showScreen(written.join(''))).not.toContain('slow');
  });
});

function open(options: Partial<ReporterOptions> = {}) {
  const written: string[] = [];
  const reporter = createTreeReporter({ write: (text) => written.push(text), ...options });
  return { written, reporter };
}

async function render(builder: EventBuilder, options: Partial<ReporterOptions> = {}): Promise<string> {
  const { written, reporter } = open(options);
  await builder.play(reporter);
  return written.join('');
}

/** What a terminal shows of a text with carriage returns. */
function showScreen(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      let shown: string[] = [];
      for (const part of line.split('\r')) shown = [...part, ...shown.slice([...part].length)];
      return shown.join('').trimEnd();
    })
    .join('\n');
}

function stripColors(text: string): string {
  return text.replace(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '');
}
