import { describe, expect, it } from 'vitest';
import { keepRequest, readRequest } from '../../../src/actions/stub/received.ts';
import { RequestLog } from '../../../src/actions/stub/request-log.ts';
import { repeats } from '../../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of the log of a stub', 1, 0) > 0);

const TAKEN = { params: { id: '7' }, matched_route: 'GET /:id' };

function makeArrival(target: string, body: Buffer | string = '') {
  return { method: 'GET', target, rawHeaders: [], body: Buffer.from(body), atMs: 0 };
}

describe('the log of a stub', () => {
  inFullRun('keeps the last 10,000 requests, and knows how many came and were dropped', () => {
    const log = new RequestLog();
    for (let index = 0; index < 25_003; index++) log.add(keepRequest(makeArrival(`/${index}`), TAKEN));
    const kept = [...log.list()];
    expect([log.total, log.dropped, kept.length]).toEqual([25_003, 15_003, 10_000]);
    expect([kept[0]?.path, kept.at(-1)?.path]).toEqual(['/15003', '/25002']);
    log.clear();
    expect([log.total, log.dropped, [...log.list()]]).toEqual([0, 0, []]);
  });

  inFullRun('keeps bodies of up to 64 KB, 64 MB together', () => {
    const log = new RequestLog();
    log.add(keepRequest(makeArrival('/large', Buffer.alloc(64 * 1024 + 1)), TAKEN));
    expect([...log.list()][0]?.body).toBe('(65537 bytes, not kept)');
    const body = Buffer.alloc(64 * 1024, 'x');
    for (let index = 0; index < 1030; index++) log.add(keepRequest({ ...makeArrival(`/${index}`), body }, TAKEN));
    expect([[...log.list()].length, log.dropped]).toEqual([1024, 7]);
  });

  it('does not keep all that came with a small body', () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const log = new RequestLog();
    const kept = keepRequest(
      { ...makeArrival('/'), rawHeaders: ['A', '1', 'B', ''], body: chunk.subarray(10, 20) },
      TAKEN,
    );
    log.add(kept);
    expect(kept.body.buffer.byteLength).toBeLessThan(chunk.length);
    expect([...log.list()][0]).toMatchObject({ body: 'xxxxxxxxxx', headers: { a: '1', b: '' } });
  });

  it('makes only those that are wanted', () => {
    const log = new RequestLog();
    for (const path of ['/a?x', '/b', '/a']) log.add(keepRequest(makeArrival(path), TAKEN));
    expect([...log.list(({ path }) => path === '/a')].map(({ path, query }) => [path, query])).toEqual([
      ['/a', { x: '' }],
      ['/a', {}],
    ]);
  });

  it('gives what its route made of a request', () => {
    const log = new RequestLog();
    log.add(keepRequest(makeArrival('/7?q=1', '{}'), TAKEN));
    const [request] = log.list();
    expect(request).toMatchObject({ path: '/7', query: { q: '1' }, ...TAKEN });
  });
});

describe('a request as flows see it', () => {
  it('has its parts by name', () => {
    const rawHeaders = ['X-A', '1', 'x-a', '2', 'Content-Type', 'application/json', 'Cookie', 'a=1', 'Cookie', 'b=2'];
    const request = readRequest({
      method: 'POST',
      target: '/a%20b?n=1&n=2&q=x+y&__proto__=p',
      rawHeaders,
      body: Buffer.from('{"id": 12345678901234567890}'),
      atMs: 0,
    });
    expect(request.path).toBe('/a%20b');
    expect(Object.entries(request.query)).toEqual([
      ['n', ['1', '2']],
      ['q', 'x y'],
      ['__proto__', 'p'],
    ]);
    expect(Object.entries(request.headers)).toEqual([
      ['x-a', '1, 2'],
      ['content-type', 'application/json'],
      ['cookie', 'a=1; b=2'],
    ]);
    expect(String((request.body as { id: unknown }).id)).toBe('12345678901234567890');
    expect(request.at).toBe('1970-01-01T00:00:00.000Z');
  });

  it('has the fields of a form', () => {
    const rawHeaders = ['content-type', 'application/x-www-form-urlencoded; charset=utf-8'];
    const body = Buffer.from('a=1&a=2&b=%C3%A4');
    expect(readRequest({ method: 'POST', target: '/', rawHeaders, body, atMs: 0 }).form).toEqual({
      a: ['1', '2'],
      b: 'ä',
    });
  });
});

describe('a request that is kept', () => {
  it('reads as often as it is asked, whatever is asked between, and copies as what it is', () => {
    const log = new RequestLog();
    for (const at of [1, 2]) log.add(keepRequest(makeArrival(`/${at}?q=${at}`, `{"at":${at}}`), TAKEN));
    const [first, second] = log.list();
    expect([first?.query, second?.query, first?.query]).toEqual([{ q: '1' }, { q: '2' }, { q: '1' }]);
    expect(Object.keys(first ?? {})).toEqual(Object.keys(readRequest(makeArrival('/'))));
    expect({ ...first }).toEqual(JSON.parse(JSON.stringify(first)));
  });
});
