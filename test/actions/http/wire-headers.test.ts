import { describe, expect, it } from 'vitest';
import type { HttpSettings } from '../../../src/actions/http/http-settings.ts';
import { buildRequest } from '../../../src/actions/http/request.ts';
import { writeWireHeaders } from '../../../src/actions/http/wire-headers.ts';

const OURS = { traceparent: '00-t-s-01', baggage: 'testmesh.flow=f' };

/** What of the trace goes out with a request to `http://orders:5003`. */
function send(headers: HttpSettings['headers'], reaches: (...peer: unknown[]) => boolean = () => true): string[] {
  const settings = { url: 'http://orders:5003/x', ...(headers && { headers }) };
  const request = buildRequest(settings, undefined, { note: () => undefined });
  const sent = writeWireHeaders(request, settings, { ...OURS, reaches });
  const pairs = sent.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${sent[at + 1]}`] : []));
  return pairs.filter((pair) => /^(traceparent|baggage)/i.test(pair));
}

describe('the headers of a request', () => {
  it.each<[HttpSettings['headers'], string[]]>([
    [undefined, ['traceparent: 00-t-s-01', 'baggage: testmesh.flow=f']],
    [{ TraceParent: 'mine' }, ['TraceParent: mine', 'baggage: testmesh.flow=f']],
    [{ traceparent: null }, ['baggage: testmesh.flow=f']],
    [{ Baggage: 'a=1' }, ['traceparent: 00-t-s-01', 'baggage: a=1,testmesh.flow=f']],
    [{ baggage: ['a=1', null, 'b=2'] }, ['traceparent: 00-t-s-01', 'baggage: a=1,b=2,testmesh.flow=f']],
    [{ baggage: null }, ['traceparent: 00-t-s-01']],
    [{ baggage: 'x'.repeat(8192) }, [`baggage: ${'x'.repeat(8192)}`, 'traceparent: 00-t-s-01']],
  ])('of %j are with the trace %j', (headers, expected) => {
    expect(send(headers)).toEqual(expected);
  });

  it('have no trace where it may not go, which is asked with host, port and scheme', () => {
    const asked: unknown[] = [];
    const refuse = (...peer: unknown[]) => {
      asked.push(peer);
      return false;
    };
    expect(send({ baggage: 'a=1' }, refuse)).toEqual(['baggage: a=1']);
    const ports = ['http://a/', 'https://a/', 'https://[::1]:8443/'].map((url) => {
      writeWireHeaders({ url: new URL(url), headers: [] }, {}, { ...OURS, reaches: refuse });
      return asked.at(-1);
    });
    expect(asked[0]).toEqual(['orders', 5003, 'http']);
    expect(ports).toEqual([
      ['a', 80, 'http'],
      ['a', 443, 'https'],
      ['[::1]', 8443, 'https'],
    ]);
  });
});
