import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../../src/expr/index.ts';
import { decodeEvent } from '../../../src/model/event-table/event-codec.ts';
import { createNdjsonReporter } from '../../../src/reporters/data/ndjson-reporter.ts';
import { EventBuilder, failedAssertion } from '../../support/events.ts';

describe('the event stream', () => {
  it('is one JSON object a line, from which each event comes back', async () => {
    const builder = new EventBuilder()
      .run()
      .flow({ variables: { id: new ExactNumber('9007199254740993') }, volatileNames: ['id'] })
      .log('one', 'line\nfeed', { data: { amount: new ExactNumber('0.1000000000000000055511151231257827') } })
      .remember('one', 'position', [1, 2])
      .step('one', {
        outcome: 'failed',
        problems: [
          {
            ...failedAssertion(),
            explained: {
              parts: [],
              differences: [
                { path: 'a', expected: null },
                { path: 'b', actual: new ExactNumber('1e400') },
              ],
            },
          },
        ],
        result: { rows: [{ id: new ExactNumber('12345678901234567890') }], nothing: null },
        captures: [
          { name: 'order', value: new ExactNumber('1e-400'), isSecret: false },
          { name: 'token', isSecret: true },
        ],
      })
      .endFlow('failed', { captures: { order: Number.NaN } })
      .endRun('failed');
    const lines = await write(builder);
    expect(lines).toHaveLength(builder.events.length);
    expect(lines.map((line) => decodeEvent(JSON.parse(line)))).toEqual(builder.events);
  });

  it('is written as it happens', () => {
    const written: string[] = [];
    const reporter = createNdjsonReporter({ write: (text) => written.push(text) });
    const [first] = new EventBuilder().run().events;
    if (first) reporter.on(first);
    expect(written).toHaveLength(1);
  });

  it('is valid UTF-8 and JSON with broken characters in it', async () => {
    const text = '\ud800 \u2028 \u0000 "\\';
    const lines = await write(new EventBuilder().run().flow({ name: text }).step('one', { result: { text } }));
    expect(lines).toHaveLength(3 + 1);
    for (const line of lines) {
      expect(Buffer.from(line).toString()).toBe(line);
      JSON.parse(line);
    }
  });
});

async function write(builder: EventBuilder): Promise<readonly string[]> {
  const written: string[] = [];
  await builder.play(createNdjsonReporter({ write: (text) => written.push(text) }));
  return written.join('').trimEnd().split('\n');
}
