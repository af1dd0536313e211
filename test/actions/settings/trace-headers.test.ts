import { describe, expect, it } from 'vitest';
import { chooseTraceHeaders } from '../../../src/actions/settings/trace-headers.ts';

const trace = { traceparent: 'ours', baggage: 'testmesh.flow=f,testmesh.trace=t', reaches: () => true };
const choose = (traceparent: string | null | undefined, baggage: string | null | undefined) =>
  chooseTraceHeaders(trace, { traceparent, baggage });

describe('the headers of a trace', () => {
  it.each([
    { what: 'none of the flow', traceparent: undefined, baggage: undefined, gives: ['ours', trace.baggage] },
    { what: 'a traceparent of the flow', traceparent: 'theirs', baggage: undefined, gives: [undefined, trace.baggage] },
    { what: 'a traceparent that is nil', traceparent: null, baggage: null, gives: [undefined, undefined] },
    { what: 'a baggage of the flow', traceparent: undefined, baggage: 'a=1', gives: ['ours', `a=1,${trace.baggage}`] },
    { what: 'an empty baggage', traceparent: undefined, baggage: ' ', gives: ['ours', trace.baggage] },
  ])('with $what', ({ traceparent, baggage, gives }) => {
    const chosen = choose(traceparent, baggage);
    expect([chosen.traceparent, chosen.baggage]).toEqual(gives);
  });

  it('leave a baggage as it is where both would be more than 8,192 bytes', () => {
    const room = 8192 - trace.baggage.length - 1;
    expect(choose(undefined, 'x'.repeat(room)).baggage).toHaveLength(8192);
    expect(choose(undefined, 'x'.repeat(room + 1)).baggage).toBeUndefined();
    expect(choose(undefined, 'ü'.repeat(room / 2 + 1)).baggage).toBeUndefined();
  });
});
