import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { httpRequest } from '../../../src/actions/http_request.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import {
  answerNothing,
  type EchoServer,
  type SeenRequest,
  startEchoServer,
} from '../../support/servers/echo-server.ts';

type Reply = { readonly status?: number; readonly location?: string; readonly cookies?: readonly string[] };

let server: EchoServer;
let other: EchoServer;
let io: FakeIo;

beforeAll(async () => {
  server = await startEchoServer();
  other = await startEchoServer();
});
afterAll(() => Promise.all([server.close(), other.close()]));
beforeEach(() => {
  for (const one of [server, other]) {
    one.seen.length = 0;
    one.answer = answerNothing;
  }
  io = createFakeIo();
});
afterEach(() => io.close());

/** Answers by path; all else is 204. */
function reply(to: EchoServer, replies: Readonly<Record<string, Reply>>): void {
  to.answer = ({ url }, response) => {
    const { status = 204, location, cookies = [] } = replies[url] ?? {};
    response.writeHead(status, { ...(location && { location }), 'set-cookie': [...cookies] }).end();
  };
}

async function send(path: string, settings: Record<string, unknown> = {}, host = server.url) {
  return runAction(httpRequest, { url: `${host}${path}`, ...settings }, io);
}

const cookiesOf = (seen: readonly SeenRequest[]) => seen.map(({ url, headers }) => `${url} ${headers.cookie ?? '-'}`);

describe('the jar of a flow', () => {
  it('sends what was set before, to every port of the host', async () => {
    reply(server, { '/login': { cookies: ['sid=s1; Path=/; HttpOnly', 'lang=de; Path=/api'] } });
    await send('/login');
    await send('/me');
    await send('/api/me', {}, other.url);
    expect(cookiesOf(server.seen)).toEqual(['/login -', '/me sid=s1']);
    expect(cookiesOf(other.seen)).toEqual(['/api/me lang=de; sid=s1']);
    expect(io.notes).toEqual([]);
  });

  it('is each flow its own', async () => {
    reply(server, { '/login': { cookies: ['sid=s1'] } });
    await send('/login');
    const flow = io;
    io = createFakeIo();
    await send('/me');
    await io.close();
    io = flow;
    await send('/me');
    expect(cookiesOf(server.seen)).toEqual(['/login -', '/me -', '/me sid=s1']);
  });

  it('takes cookies of redirects, and gives each address its own', async () => {
    reply(server, {
      '/login': { status: 302, location: '/home', cookies: ['sid=s1; Path=/'] },
      '/home': { status: 302, location: `${other.url.replace('127.0.0.1', 'localhost')}/away`, cookies: ['seen=1'] },
    });
    await send('/login', { method: 'POST' });
    await send('/me');
    expect(cookiesOf(server.seen)).toEqual(['/login -', '/home sid=s1', '/me sid=s1; seen=1']);
    expect(cookiesOf(other.seen)).toEqual(['/away -']);
  });

  it('does not send a cookie again that a redirect took back', async () => {
    reply(server, {
      '/login': { cookies: ['sid=s1; Path=/'] },
      '/logout': { status: 303, location: '/bye', cookies: ['sid=; Path=/; Max-Age=0'] },
    });
    await send('/login');
    await send('/logout', { method: 'POST' });
    expect(cookiesOf(server.seen)).toEqual(['/login -', '/logout sid=s1', '/bye -']);
  });

  it('keeps bytes as the server wrote them', async () => {
    reply(server, { '/login': { cookies: [Buffer.from('name=Zoë; Path=/').toString('latin1')] } });
    await send('/login');
    await send('/me');
    expect(Buffer.from(server.seen[1]?.headers.cookie ?? '', 'latin1').toString()).toBe('name=Zoë');
  });

  it('says which cookies it does not keep', async () => {
    reply(server, { '/login': { cookies: ['a=1; Domain=example.com', 'sid=s1', ''] } });
    await send('/login');
    await send('/me');
    expect(cookiesOf(server.seen)).toEqual(['/login -', '/me sid=s1']);
    expect(io.notes).toEqual([
      'the cookie `a` was not kept: its domain `example.com` is not that of `127.0.0.1`',
      'a cookie was not kept: it cannot be read',
    ]);
  });

  it('is not in the time that a request takes', async () => {
    let isLate = false;
    const clock = {
      ...io.clock,
      monotonic: () => (isLate ? 10_000 : 0),
      now: () => {
        isLate = true;
        return Date.now();
      },
    };
    reply(server, { '/login': { cookies: ['sid=s1'] } });
    const outcome = await runAction(httpRequest, { url: `${server.url}/login` }, { ...io, clock });
    expect(isLate).toBe(true);
    expect(outcome.result['duration_ms']).toBe(0);
  });
});

describe('`cookies`', () => {
  beforeEach(async () => {
    reply(server, {
      '/login': { cookies: ['sid=s1; Path=/', 'lang=de; Path=/'] },
      '/set': { cookies: ['new=1; Path=/'] },
      '/moved': { status: 302, location: '/there' },
      '/away': { status: 302, location: `${other.url}/there` },
    });
    await send('/login');
    server.seen.length = 0;
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['true is as without it', { cookies: true }, '/x sid=s1; lang=de'],
    ['false sends none', { cookies: false }, '/x -'],
    ['a map adds to the jar', { cookies: { n: 5, 'a.b': 'q"=' } }, '/x sid=s1; lang=de; n=5; a.b=q"='],
    ['a map wins over the jar', { cookies: { sid: 'mine' } }, '/x lang=de; sid=mine'],
    ['nil keeps one back', { cookies: { sid: null } }, '/x lang=de'],
    ['a header is sent alone', { headers: { Cookie: 'c=1' } }, '/x c=1'],
  ])('%s', async (_, settings, expected) => {
    await send('/x', settings);
    expect(cookiesOf(server.seen)).toEqual([expected]);
  });

  it('false keeps nothing', async () => {
    await send('/set', { cookies: false });
    await send('/x');
    expect(cookiesOf(server.seen)).toEqual(['/set -', '/x sid=s1; lang=de']);
  });

  it('of one request are not kept for the next, but stay on redirects of their origin', async () => {
    await send('/moved', { cookies: { once: 1 } });
    await send('/x');
    await send('/away', { cookies: { once: 1, sid: null } });
    const others = 'sid=s1; lang=de';
    expect(cookiesOf(server.seen)).toEqual([
      `/moved ${others}; once=1`,
      `/there ${others}; once=1`,
      `/x ${others}`,
      '/away lang=de; once=1',
    ]);
    expect(cookiesOf(other.seen)).toEqual([`/there ${others}`]);
  });

  it('says what the header and nil left out', async () => {
    await send('/x', { headers: { cookie: 'c=1' } });
    await send('/x', { cookies: { sid: null } });
    expect(io.notes).toEqual([
      'the header `Cookie` was sent as written, without `sid` and `lang` from the jar: `cookies:` adds to it',
      'the cookie `sid` is nil: not sent',
    ]);
  });

  it('are in the line to repeat it by hand', async () => {
    await send('/x', { cookies: { own: "it's" } });
    await promisify(execFile)('sh', ['-c', `${io.describeExchange()?.byHand} -s`]);
    const line = "/x sid=s1; lang=de; own=it's";
    expect(cookiesOf(server.seen)).toEqual([line, line]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ 'a b': '1' }, 'the cookie `a b` has a name that HTTP does not allow'],
    [{ a: '1; b=2' }, 'the cookie `a` holds `;`, which would end it'],
    [{ a: '1\r\nX: 2' }, 'the cookie `a` holds a line break, which would end it'],
    [{ a: '漢' }, 'the cookie `a` holds `漢`, which headers cannot carry'],
  ])('%j cannot be sent', async (cookies, message) => {
    const url = `${server.url}/x`;
    expect((await failAction(httpRequest, { url, cookies }, io)).problem).toMatchObject({ kind: 'authoring', message });
    expect(server.seen).toEqual([]);
    expect(httpRequest.settings.check?.({ url, cookies })).toMatchObject([
      { code: 'TM308', message, path: ['cookies', Object.keys(cookies)[0]] },
    ]);
  });

  it('and a header are too much', () => {
    const found = httpRequest.settings.check?.({
      url: 'http://h',
      cookies: { a: '{{X}};' },
      headers: { COOKIE: 'b=1' },
    });
    expect(found).toMatchObject([
      { code: 'TM308', message: '`cookies` and the header `COOKIE` are both given: write one of them' },
    ]);
    expect(httpRequest.settings.check?.({ url: 'http://h', cookies: { a: '{{X}};' } })).toEqual([]);
  });
});
