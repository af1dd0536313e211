import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeDocument } from '../../../src/reporters/html/document.ts';
import { createHtmlReporter } from '../../../src/reporters/html/html-reporter.ts';
import type { FlowEntry, FlowPage } from '../../../src/reporters/html/pages.ts';
import { refuseReport } from '../../../src/reporters/registry.ts';
import { EventBuilder, failedAssertion } from '../../support/events.ts';
import { HOSTILE } from '../../support/hostile.ts';
import { readPages, readRun } from '../../support/html-pages.ts';
import * as sampleRuns from '../sample-runs.ts';

interface Run {
  readonly title: string;
  readonly outcome: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly notes: readonly string[];
  readonly problems: readonly string[];
  readonly flows: readonly FlowEntry[];
}

interface Read {
  readonly html: string;
  readonly run: Run;
  readonly pages: readonly FlowPage[];
}

async function render(builder: EventBuilder): Promise<Read> {
  const written: string[] = [];
  await builder.play(createHtmlReporter({ write: (text) => written.push(text) }));
  const html = written.join('');
  return { html, run: readRun(html), pages: readPages(html) };
}

/** The texts of elements of a kind that have no attributes. */
function readElements(html: string, name: string): readonly string[] {
  return [...html.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, text = '']) => text);
}

describe('the report for browsers', () => {
  it.each(Object.entries(sampleRuns))('has a page for each flow, with all of its steps: %s', async (_name, build) => {
    const { run, pages } = await render(build());
    expect(pages).toHaveLength(run.flows.length);
    expect(new Set(run.flows.map(({ key }) => key)).size).toBe(run.flows.length);
    for (const [at, flow] of run.flows.entries())
      expect(pages[at]?.steps.map(({ step }) => step.address)).toEqual(flow.steps);
  });

  it('says of a failure what, where and why, and what went over the wire', async () => {
    const { run, pages } = await render(sampleRuns.failingFlow());
    expect(run).toMatchObject({ title: '1 of 1 failed', outcome: 'failed' });
    expect(run.flows[0]).toMatchObject({
      end: { outcome: 'failed' },
      failures: [{ address: 'create_order', text: expect.stringContaining('==') }],
      again: expect.stringContaining('--only create_order'),
    });
    const step = pages[0]?.steps.find(({ step: { address } }) => address === 'create_order');
    expect(step).toMatchObject({
      outcome: 'failed',
      notes: ['the answer came after a redirect'],
      seen: { details: [{ title: 'nearest messages' }] },
      wire: {
        sides: [
          { label: 'sent', head: 'POST http://localhost:5003/api/v1/orders', headers: [{ name: 'content-type' }] },
          { label: 'received', body: expect.stringContaining('\n  "id": "51d2"') },
        ],
        byHand: expect.stringContaining('curl'),
      },
    });
    expect(step?.problems[0]).toContain('is false');
  });

  it('lets the browser run its own script and nothing else', async () => {
    const { html } = await render(sampleRuns.failingFlow());
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(readElements(html, 'script').map((text) => policy.includes(`script-src ${hash(text)};`))).toEqual([true]);
    expect(readElements(html, 'style').map((text) => policy.includes(`style-src ${hash(text)};`))).toEqual([true]);
    expect(policy).toContain("default-src 'none'");
    expect(html).not.toMatch(/\s(?:src|on\w+)=|url\(|@import|<link(?! rel="icon" href="data:,")/);
  });

  it.each(Object.entries(HOSTILE))('keeps a text that is meant to break out: %s', async (_name, text) => {
    const builder = new EventBuilder()
      .run()
      .flow({ name: text })
      .step('one', { outcome: 'failed', summary: text, problems: [{ ...failedAssertion(), message: text }] });
    const { html, run, pages } = await render(builder.endFlow('failed').endRun('failed'));
    expect(html.match(/<script/g)).toHaveLength(3);
    expect(html.match(/<\/script/g)).toHaveLength(3);
    expect(run.flows).toHaveLength(1);
    expect(pages[0]?.steps).toHaveLength(1);
  });

  it('says what was left out', () => {
    const parts = { run: undefined, finished: undefined, notes: [], flows: [], pages: [] };
    const html = [...writeDocument({ ...parts, left: ['bodies of steps that passed'] })].join('');
    expect(readRun<Run>(html)).toMatchObject({
      title: 'the run broke off',
      notes: ['note: left out, so that the file stays within 25 MB: bodies of steps that passed'],
    });
  });

  it('says why a run did not start', async () => {
    const html = await refuseReport('html', 'error[TM101] </script><b>unknown\n');
    expect(readRun<Run>(html)).toMatchObject({
      title: 'The run could not start',
      problems: ['error[TM101] </script><b>unknown'],
      flows: [],
    });
    expect(html.match(/<\/script/g)).toHaveLength(2);
  });
});
