import { describe, expect, it } from 'vitest';
import { createMarkdownReporter } from '../../../src/reporters/brief/markdown-reporter.ts';
import { writeBlock, writeCode } from '../../../src/reporters/brief/markdown-text.ts';
import { EventBuilder, failedAssertion } from '../../support/events.ts';
import { HOSTILE } from '../../support/hostile.ts';
import * as sampleRuns from '../sample-runs.ts';

async function render(builder: EventBuilder): Promise<string> {
  let text = '';
  await builder.play(
    createMarkdownReporter({
      write: (part) => {
        text += part;
      },
    }),
  );
  return text;
}

/** What is no code: Markdown and HTML would be seen in it. */
function withoutCode(text: string): string {
  return text.replaceAll(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '').replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
}

describe('the report in Markdown', () => {
  it('has counts, then failures with cause and values, then what is slow', async () => {
    const text = await render(sampleRuns.failingFlow());
    expect(text).toMatch(
      /^## ❌ testmesh: failed\n\n\*\*1 flow\*\*: 1 failed · \*\*6 steps\*\*: 2 passed, 1 failed, 3 skipped · /,
    );
    const parts = [
      '### Failures',
      '`create_order` failed at `flows/order.yaml:61`',
      'float 60.98',
      'received 201',
      'Again: `testmesh run flows/order.yaml --only create_order`',
      '### Slowest',
    ];
    expect(parts.map((part) => text.indexOf(part))).toEqual(
      parts.map((part) => text.indexOf(part)).toSorted((a, b) => a - b),
    );
    for (const part of parts) expect(text).toContain(part);
  });

  it.each(Object.entries(sampleRuns))('is made of any run: %s', async (_name, build) => {
    expect(await render(build())).toMatch(/^## (?:✅|❌|⚠️|⏭️) testmesh: /);
  });

  it('lists flows that fail alike once', async () => {
    const builder = new EventBuilder().run();
    for (let at = 0; at < 300; at++)
      builder
        .flow({ id: `f${at}`, name: `Flow ${at}`, file: 'flows/one.yaml', row: at + 1 })
        .step('one', { outcome: 'failed', problems: [failedAssertion()] })
        .endFlow('failed');
    const text = await render(builder.endRun('failed'));
    expect(text.match(/float 60\.98/g)).toHaveLength(1);
    expect(text).toContain('and 299 more that fail alike');
    expect(text.length).toBeLessThan(5000);
  });

  it.each(HOSTILE)('shows %j as it is, and as nothing else', async (text) => {
    const { location, ...problem } = failedAssertion();
    const hostile = { ...problem, message: text, hints: [text], location: location && { ...location, file: text } };
    const flow = new EventBuilder().run().flow({ name: text, file: text }).note('error', text);
    const ended = flow
      .step('one', { name: text, outcome: 'failed', problems: [hostile] })
      .endFlow('failed')
      .endRun('failed');
    const shown = await render(ended);
    expect(shown).not.toContain('\u001b');
    expect(shown).not.toMatch(/^\s*::[a-z]|##\[/m);
    expect(withoutCode(shown)).not.toMatch(/<|@someone|\*\*bold|::error|\]\(/);
    expect(writeCode(text)).not.toContain('\n');
    expect(withoutCode(writeBlock([text])).trim()).toBe('');
  });
});
