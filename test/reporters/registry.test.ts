import { describe, expect, it } from 'vitest';
import { createReporter, reporterNames } from '../../src/reporters/registry.ts';
import { EventBuilder, failedAssertion } from '../support/events.ts';

describe('the reporters', () => {
  it.each(reporterNames)('%s is made by its name and writes', async (name) => {
    const written: string[] = [];
    let isFinished = false;
    const reporter = await createReporter(name, {
      write: (text) => written.push(text),
      finish: async () => {
        isFinished = true;
      },
    });
    await new EventBuilder()
      .run()
      .flow()
      .step('one', { outcome: 'failed', problems: [failedAssertion()] })
      .endFlow('failed')
      .endRun('failed')
      .play(reporter);
    expect(reporter.name).toBe(name);
    expect(written.join('')).toContain('one');
    expect(isFinished).toBe(true);
  });

  it.each(['nope', 'toString', '__proto__'])('there is none called %s', async (name) => {
    await expect(createReporter(name, { write: () => undefined })).rejects.toThrow(`there is no reporter \`${name}\``);
  });
});
