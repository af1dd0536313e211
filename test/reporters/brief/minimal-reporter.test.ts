import { describe, expect, it } from 'vitest';
import { createMinimalReporter } from '../../../src/reporters/brief/minimal-reporter.ts';
import { EventBuilder, failedAssertion } from '../../support/events.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';
import { HOSTILE } from '../../support/hostile.ts';
import { repeats } from '../../support/sample.ts';
import * as sampleRuns from '../sample-runs.ts';

const inFullRun = it.runIf(repeats('further tests of the minimal report', 1, 0) > 0);

async function render(builder: EventBuilder): Promise<string> {
  let text = '';
  await builder.play(
    createMinimalReporter({
      write: (part) => {
        text += part;
      },
      live: new FakeTerminal(),
      isColored: true,
    }),
  );
  return text;
}

describe('the minimal report', () => {
  it('is one line of a run that passed', async () => {
    expect(await render(sampleRuns.passingFlow())).toBe('passed: 1 flow: 1 passed; steps: 4 passed\n');
  });

  it('has failures with their values, and no time, seed or colour', async () => {
    expect(await render(sampleRuns.failingFlow())).toBe(
      [
        'failed flows/order.yaml:61 Order is placed > create_order',
        '  assertion is false',
        '    body.total         float 60.98',
        '    price * quantity   float 59.98',
        '  received 201 application/json  {"id":"51d2","total":60.98,"status":"pending"}',
        '  again: testmesh run flows/order.yaml --only create_order',
        'failed: 1 flow: 1 failed; steps: 2 passed, 1 failed, 3 skipped',
        '',
      ].join('\n'),
    );
  });

  inFullRun('is short where much fails', async () => {
    const builder = new EventBuilder().run();
    for (let at = 0; at < 3000; at++) {
      const problem = { ...failedAssertion(), message: `reason ${at % 2 === 0 ? at : 'one'}` };
      builder
        .flow({ id: `f${at}`, file: `f${at}.yaml` })
        .step('one', { outcome: 'failed', problems: [problem] })
        .endFlow('failed');
    }
    const text = await render(builder.endRun('failed'));
    expect(text.split('\n').length).toBeLessThan(200);
  });

  it.each(HOSTILE)('keeps %j from being taken for a command or a colour', async (text) => {
    const problem = { ...failedAssertion(), message: text, hints: [text] };
    const flow = new EventBuilder().run().flow({ name: text, file: text }).note('error', text);
    const ended = flow
      .step('one', { outcome: 'failed', problems: [problem] })
      .endFlow('failed')
      .endRun('failed');
    const shown = await render(ended);
    expect(shown).not.toContain('\u001b');
    expect(shown).not.toMatch(/^\s*::[a-z]|##\[/m);
  });
});
