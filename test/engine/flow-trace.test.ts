import { describe, expect, it } from 'vitest';
import { createFlowTrace } from '../../src/engine/lifetimes/flow-trace.ts';
import { createRandom } from '../../src/engine/names/random.ts';
import type { TracedPeer, TraceTerms } from '../../src/model/trace-terms.ts';

const open = (terms: TraceTerms = {}, flowId = 'order') => createFlowTrace(createRandom('seed'), { terms, flowId });

describe('the trace of a flow', () => {
  it('has a span for each step that sends something, and is unused until one does', () => {
    const trace = open();
    const spans = [trace.forStep(), trace.forStep()];
    expect(trace.isUsed).toBe(false);
    const sent = spans.flatMap((span) => [span.traceparent, span.traceparent]);
    expect(trace.isUsed).toBe(true);
    expect(sent).toEqual([sent[0], sent[0], sent[2], sent[2]]);
    for (const text of sent) expect(text).toMatch(new RegExp(`^00-${trace.id}-[0-9a-f]{16}-01$`));
    expect(sent[0]).not.toBe(sent[2]);
    expect(trace.id).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['order_placed', 'order_placed'],
    ['Größe, 1;=%"\\', 'Gr%C3%B6%C3%9Fe%2C%201%3B%3D%25%22%5C'],
    ['half \ud83d', 'half%20%EF%BF%BD'],
  ])('names the flow %j in its baggage as %s', (flowId, encoded) => {
    const trace = open({}, flowId);
    expect(trace.baggage).toBe(`testmesh.flow=${encoded},testmesh.trace=${trace.id}`);
  });

  it('is one with those of called flows, whose own terms are nearer', () => {
    const trace = open({ propagate: false, url: 'https://t/{trace_id}?id={trace_id}' });
    expect(trace.under(undefined)).toBe(trace);
    const called = trace.under({ propagate: true });
    expect([trace.reaches('a', 80, 'http'), called.reaches('a', 80, 'http')]).toEqual([false, true]);
    expect([called.id, called.url, called.baggage]).toEqual([
      trace.id,
      `https://t/${trace.id}?id=${trace.id}`,
      trace.baggage,
    ]);
    const first = called.openSpan();
    expect(trace.isUsed).toBe(true);
    expect(trace.openSpan()).not.toBe(first);
  });

  const local: TracedPeer = { host: 'localhost' };
  const below: TracedPeer = { host: '.staging.example' };
  const origin: TracedPeer = { scheme: 'https', host: 'orders.example', port: 443 };
  const port: TracedPeer = { host: 'kafka', port: 9092 };
  it.each<[TraceTerms['propagate'], string, number, string | undefined, boolean]>([
    [undefined, 'x', 1, 'http', true],
    [true, 'x', 1, undefined, true],
    [false, 'localhost', 1, 'http', false],
    [[], 'localhost', 1, 'http', false],
    [[local], 'localhost', 5001, 'http', true],
    [[local], 'Orders.LocalHost', 5001, 'http', true],
    [[local], '127.0.0.1', 5432, undefined, true],
    [[local], '[::1]', 80, 'http', true],
    [[local], '127.0.0.1.example', 80, 'http', false],
    [[local], 'localhost.example', 80, 'http', false],
    [[below], 'a.b.staging.example', 443, 'https', true],
    [[below], 'staging.example', 443, 'https', false],
    [[below], 'mystaging.example', 443, 'https', false],
    [[origin], 'ORDERS.example', 443, 'https', true],
    [[origin], 'orders.example', 443, 'http', false],
    [[origin], 'orders.example', 8443, 'https', false],
    [[origin], 'orders.example', 443, undefined, false],
    [[port], 'kafka', 9092, undefined, true],
    [[port], 'kafka', 9093, undefined, false],
    [[below, port], 'kafka', 9092, undefined, true],
  ])('%j lets %s:%i (%s) hear of it: %s', (propagate, host, at, scheme, does) => {
    expect(open(propagate === undefined ? {} : { propagate }).reaches(host, at, scheme)).toBe(does);
  });
});
