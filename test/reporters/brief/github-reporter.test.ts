import { describe, expect, it } from 'vitest';
import { createGithubReporter } from '../../../src/reporters/brief/github-reporter.ts';
import type { ReporterOptions } from '../../../src/reporters/output/options.ts';
import { refuseReport } from '../../../src/reporters/registry.ts';
import { EventBuilder, failedAssertion, refusedConnection } from '../../support/events.ts';
import { HOSTILE } from '../../support/hostile.ts';
import { repeats } from '../../support/sample.ts';
import { severalFlows } from '../sample-runs.ts';

const inFullRun = it.runIf(repeats('further tests of annotations on GitHub', 1, 0) > 0);

/** Reads workflow commands as the runner does: one a line, properties between commas. */
function readCommands(text: string) {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [, severity, properties = '', data = ''] = /^::(\w+) ([^:]*)::(.*)$/.exec(line) ?? [];
    const pairs = properties.split(',').map((pair) => pair.split('='));
    const decode = (part = '') =>
      part
        .replaceAll('%3A', ':')
        .replaceAll('%2C', ',')
        .replaceAll('%0A', '\n')
        .replaceAll('%0D', '\r')
        .replaceAll('%25', '%');
    const read = Object.fromEntries(pairs.map(([key, ...value]) => [key, decode(value.join('='))]));
    return { severity, message: decode(data), ...read } as Record<string, string>;
  });
}

async function render(builder: EventBuilder, more: Partial<ReporterOptions> = {}, room = 1_048_000) {
  let text = '';
  let summary = '';
  const target = {
    write: (part: string) => {
      summary += part;
    },
    room,
  };
  const reporter = createGithubReporter({
    write: (part) => {
      text += part;
    },
    ...more,
    outside: { ...more.outside, summary: target },
  });
  await builder.play(reporter);
  return { commands: readCommands(text), summary };
}

/** Flows that fail, each for a reason of its own. */
function failing(count: number): EventBuilder {
  const builder = new EventBuilder().run({ flowCount: count });
  for (let at = 1; at <= count; at++) {
    const { location, ...problem } = failedAssertion();
    const place = location && { ...location, file: `flows/f${at}.yaml`, line: at, endLine: at };
    builder
      .flow({ id: `f${at}`, name: `Flow ${at}`, file: `flows/f${at}.yaml` })
      .step('one', { outcome: 'failed', problems: [{ ...problem, message: `reason ${at}`, location: place }] })
      .endFlow('failed');
  }
  return builder.endRun('failed');
}

describe('annotations on GitHub', () => {
  it('stand at the line of the flow, with the values', async () => {
    const { commands } = await render(severalFlows(), { outside: { folder: 'tests/api' } });
    expect(commands[0]).toMatchObject({
      severity: 'error',
      file: 'tests/api/flows/order.yaml',
      line: '61',
      col: '11',
      title: 'Two: create_order',
    });
    expect(commands[0]?.['message']).toContain('float 60.98');
  });

  it('are ten of a kind, the tenth with how many more there are; the summary has all', async () => {
    const { commands, summary } = await render(failing(30));
    expect(commands).toHaveLength(10);
    expect(commands[8]?.['message']).not.toContain('more');
    expect(commands[9]?.['message']).toContain('reason 10');
    expect(commands[9]?.['message']).toContain('and 20 more failures');
    for (let at = 1; at <= 30; at++) expect(summary).toContain(`flows/f${at}.yaml:${at}`);
    expect((await render(failing(10))).commands[9]?.['message']).not.toContain('more failures');
  });

  it('tell once what many flows fail for, and warn of flaky ones', async () => {
    const builder = new EventBuilder().run();
    for (let at = 0; at < 30; at++)
      builder
        .flow({ id: `f${at}`, name: `Flow ${at}`, file: `flows/f${at}.yaml` })
        .step('one', { outcome: 'errored', problems: [refusedConnection()] })
        .endFlow('errored');
    builder
      .flow({ id: 'late' })
      .step('one', { outcome: 'failed', problems: [failedAssertion()] })
      .endFlow('failed', { retry: 'follows' })
      .flow({ id: 'late', attempt: 2 })
      .step('one')
      .endFlow('passed', { retry: 'flaky' });
    const { commands } = await render(builder.endRun('errored'));
    expect(commands.map(({ severity, title }) => [severity, title])).toEqual([
      ['error', 'Flow 0: one (and 29 more that fail alike)'],
      ['warning', 'Order is placed: flaky'],
    ]);
  });

  it.each(HOSTILE)('stay one command with %j in it', async (text) => {
    const { location, ...problem } = failedAssertion();
    const place = location && { ...location, file: text };
    const flow = new EventBuilder().run().flow({ name: text, file: text }).note('error', text);
    const step = {
      outcome: 'failed',
      problems: [{ ...problem, message: text, hints: [text], location: place }],
    } as const;
    const { commands, summary } = await render(flow.step('one', step).endFlow('failed').endRun('failed'));
    expect(commands).toHaveLength(1);
    expect(commands[0]?.['severity']).toBe('error');
    expect(commands[0]?.['file'] ?? '').toBe(text);
    expect(summary).not.toContain('\u001b');
  });

  inFullRun('leave a summary within its room, failures first', async () => {
    const { summary } = await render(failing(3000), {}, 100_000);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(100_000);
    expect(summary).toContain('❌ testmesh: failed');
    expect(summary).toMatch(/… and \d+ more flows with failures/);
    expect(summary.indexOf('### Failures')).toBeLessThan(400);
  });

  it('say why nothing ran', async () => {
    const [command] = readCommands(await refuseReport('github', 'testmesh: no\nsuch'));
    expect(command).toMatchObject({ severity: 'error', title: 'the run could not start', message: 'no' });
  });
});
