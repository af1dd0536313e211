import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Output, OutputMistake } from '../../../src/load/metrics/samples.ts';
import { createOutput } from '../../../src/load/outputs/registry.ts';
import { isOwnHost, readListenAddress } from '../../../src/load/outputs/web/listen-address.ts';
import { makeWorld, removeTestFolders } from './made-samples.ts';
import { ABOUT, playLoad, SUMMARY } from './page/made-load.ts';

let output: Output;
afterEach(() => output?.close());
afterAll(removeTestFolders);

async function start(target = '127.0.0.1:0'): Promise<string> {
  output = await createOutput(`web=${target}`, makeWorld());
  await output.start(ABOUT);
  return output.address ?? '';
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function get(url: string, { method = 'GET', host }: { method?: string; host?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, method, headers: host === undefined ? {} : { host } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text })).on('error', reject);
    });
    asked.on('error', reject).end();
  });
}

/** The events that come until the page says that the load is over. */
async function follow(url: string): Promise<readonly { event: string; data: unknown }[]> {
  const { text } = await get(`${url}events`);
  return text
    .split('\n\n')
    .map((block) => /^event: (.*)\ndata: (.*)$/.exec(block))
    .flatMap((found) => (found ? [{ event: found[1] ?? '', data: JSON.parse(found[2] ?? '') as unknown }] : []));
}

describe('the live page', () => {
  it('sends its sections once a second, and the last of them when the load is over', async () => {
    const url = await start();
    const followed = follow(url);
    await expect.poll(async () => (await get(url)).status).toBe(200);
    playLoad(output);
    output.takeSummary?.(SUMMARY);
    await output.close();
    const events = await followed;
    expect(events.at(-1)).toEqual({ event: 'end', data: {} });
    const last = events.at(-2)?.data as readonly { id: string; html: string }[];
    const ids = [
      'verdict',
      'thresholds',
      'scenarios',
      'steps',
      'reconciled',
      'failures',
      'charts',
      'groups',
      'requests',
    ];
    expect(last.map(({ id }) => id)).toEqual([...ids, 'checks', 'generator', 'notes']);
    for (const { id, html } of last) {
      expect(html).toMatch(new RegExp(`^<section id="${id}" `));
      expect(html).not.toMatch(/<img|<b>shop/);
    }
    await expect(get(url)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('shows the same views while it runs, from what was measured so far', async () => {
    const url = await start();
    playLoad(output);
    const { text } = await get(url);
    const body = text.slice(text.indexOf('<main>'), text.indexOf('</main>'));
    await expect(body).toMatchFileSnapshot('golden/page/live.html.txt');
    expect(text).toContain("script-src 'self'; connect-src 'self'");
    expect((await get(`${url}live.js`)).text).toContain('EventSource');
  });

  it('ends at once, whatever connections browsers keep', async () => {
    const world = makeWorld();
    // Nothing that is due later is ever done.
    output = await createOutput('web=127.0.0.1:0', {
      ...world,
      clock: { ...world.clock, after: () => () => undefined },
    });
    await output.start(ABOUT);
    const agent = new Agent({ keepAlive: true });
    const events = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${output.address}events`, { agent }, resolve).on('error', reject).end();
    });
    expect(events.headers.connection).toBe('close');
    const ended = once(events.resume(), 'end');
    await output.close();
    await ended;
    agent.destroy();
  });

  it.each([
    ['/nothing', {}, 404],
    ['/', { method: 'POST' }, 405],
    ['/', { host: 'shop.example:80' }, 421],
    ['/', { host: 'localhost:1234' }, 200],
  ])('answers %s, %j with %i', async (path, options, status) => {
    const url = await start();
    expect((await get(new URL(path, url).href, options)).status).toBe(status);
  });

  it('does not begin where another program listens', async () => {
    const url = await start();
    const second = await createOutput(`web=${new URL(url).host}`, makeWorld());
    await expect(second.start(ABOUT)).rejects.toThrow(OutputMistake);
    await expect(second.start(ABOUT)).rejects.toThrow('another program listens there');
  });

  it.each([
    ['', { host: '127.0.0.1', port: 5665 }],
    ['8080', { host: '127.0.0.1', port: 8080 }],
    [':8080', { host: '127.0.0.1', port: 8080 }],
    ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
  ])('listens for %j at %j', (text, address) => {
    expect(readListenAddress(text)).toEqual(address);
  });

  it.each(['localhost', 'localhost:99999', 'http://localhost:80', 'a:b', '::1:80'])('refuses %j', (text) => {
    expect(() => readListenAddress(text)).toThrow(OutputMistake);
  });

  it.each([
    ['127.0.0.1:5665', '127.0.0.1', true],
    ['[::1]:5665', '::1', true],
    ['LOCALHOST', '127.0.0.1', true],
    ['shop.test:80', 'shop.test', true],
    ['shop.test:80', '127.0.0.1', false],
    [undefined, '127.0.0.1', false],
  ])('takes a request for %j at %j: %j', (header, host, isOwn) => {
    expect(isOwnHost(header, host)).toBe(isOwn);
  });
});
