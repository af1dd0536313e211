import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { PackedFlows } from '../../../src/reporters/html/packed-flows.ts';
import type { FlowPage, StepPage } from '../../../src/reporters/html/pages.ts';
import { readPages } from '../../support/html-pages.ts';

const KB = 1024;

/** Text that cannot be packed. */
function makeNoise(length: number, seed: string): string {
  let text = '';
  for (let at = 0; text.length < length; at++) text += createHash('sha512').update(`${seed} ${at}`).digest('base64');
  return text.slice(0, length);
}

function makeStep(address: string, outcome: StepPage['outcome'], length: number): StepPage {
  const table = { columns: ['a'], rows: [[makeNoise(length, `${address} row`)]] };
  return {
    step: { address, label: address, phase: 'steps', action: 'http_request', place: 'f.yaml:1' },
    ...{ outcome, at: 0, ms: 1, summary: '', notes: [] },
    problems: outcome === 'failed' ? [makeNoise(KB, `${address} problem`)] : [],
    wire: {
      sides: [
        { label: 'received', head: '200', body: makeNoise(length, address) },
        { label: 'received', head: '1 row', table },
      ],
    },
    seen: {
      details: [{ title: 'nearest messages', text: makeNoise(length, `${address} detail`) }],
      captures: [],
      logs: [],
    },
  };
}

function packAll(room: number, pages: readonly FlowPage[]): { left: number; size: number; pages: readonly FlowPage[] } {
  const packed = new PackedFlows(room);
  for (const page of pages) packed.add(page);
  const texts = [...packed.list()];
  const html = texts.map((text, at) => `<script type="text/plain" id="page-${at}">${text}</script>`).join('');
  return { left: packed.left.length, size: texts.reduce((sum, text) => sum + text.length, 0), pages: readPages(html) };
}

function describeStep({ wire: { sides }, seen: { details }, problems }: StepPage): string {
  const [body, rows] = sides;
  const sizes = [
    body?.body?.length ?? body?.cut,
    rows?.table?.rows.length ?? rows?.cut,
    details.length,
    problems.length,
  ];
  return sizes.join('; ');
}

/** One flow of two steps, whose parts have so many characters each. */
function makePage(length: number): FlowPage {
  const steps = [makeStep('one', 'passed', length), makeStep('two', 'failed', length)];
  return { variables: [], problems: [], earlier: [], beside: [], steps };
}

it.each<[number, number, number, string, string]>([
  [10_000, 1_000, 0, '10000; 1; 1; 0', '10000; 1; 1; 1'],
  [10_000, 52, 1, '10000 characters, left out; 1; 1; 0', '10000; 1; 1; 1'],
  [10_000, 40, 2, '10000 characters, left out; 1 row, left out; 0; 0', '10000; 1; 1; 1'],
  [300 * KB, 870, 3, '307200 characters, left out; 1 row, left out; 0; 0', '262144; 1; 1; 1'],
  [10_000, 30, 4, '; ; 0; 0', '8192; 1; 1; 1'],
])(
  'of parts of %i characters in %i KB leaves out what may be, %i kinds of it',
  (length, roomKb, left, passed, failed) => {
    const page = makePage(length);
    const { size, ...packed } = packAll(roomKb * KB, [page]);
    expect(packed.left).toBe(left);
    expect(packed.pages[0]?.steps.map(describeStep)).toEqual([passed, failed]);
    expect(packed.pages[0]?.steps[1]?.problems).toEqual(page.steps[1]?.problems);
    if (left < 4) expect(size).toBeLessThanOrEqual(roomKb * KB);
  },
);

it('cuts all flows alike, those before too', () => {
  const { left, pages } = packAll(
    90 * KB,
    Array.from({ length: 3 }, () => makePage(10_000)),
  );
  expect(left).toBeGreaterThan(0);
  expect(new Set(pages.map(({ steps }) => steps.map(describeStep).join()))).toHaveProperty('size', 1);
});
