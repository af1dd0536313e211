import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { callCommand } from '../command.ts';

const inFullRun = it.runIf(repeats('further tests of pages of a load', 1, 0) > 0);

const FLOW = `
name: Orders
steps:
  - { id: create, action: http_request, config: { method: POST, url: "{{URL}}/orders", body: { sku: A1 } }, assert: [status == 200, body.total == 5] }
  - { id: read, action: http_request, config: { url: "{{URL}}/orders/1" }, assert: [status == 200] }
`;

let folder: string;
let server: CountingServer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-pages-'));
  writeFileSync(join(folder, 'flow.yaml'), FLOW);
});
afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

function load(...words: readonly string[]) {
  return callLoad(words);
}

function callLoad(words: readonly string[], writeError?: (text: string) => void) {
  const all = ['load', 'flow.yaml', '--var', `URL=${server.url}`, ...words];
  return callCommand(all, { cwd: folder, ...(writeError && { writeError }) });
}

/** The cells of the row of a table that begins with a text. */
function rowOf(page: string, section: string, first: string): readonly string[] {
  const [, body = ''] = page.split(`<section id="${section}"`);
  const row = (body.split('</section>')[0] ?? '')
    .split('\n')
    .find((line) => line.includes(`<th scope="row">${first}<`));
  return [...(row ?? '').matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, ''));
}

describe('the pages of a load', () => {
  it('show while it runs, and tell when it is over, what the server counts', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    // The load goes on until somebody has seen the page.
    server = await startCountingServer(async (_, count) => {
      if (count === 60) await held;
      return count % 10 === 0 ? 502 : 200;
    });
    const out = ['--out', 'html=report.html', '--out', 'web=127.0.0.1:0'];
    const thresholds = ['--threshold', 'http_req_failed:rate<0.5', '--threshold', 'http_req_duration:p(95)<0.001'];
    let said = '';
    const running = callLoad(['--vus', '1', '--iterations', '100', ...out, ...thresholds], (text) => {
      said += text;
    });
    const look = async (): Promise<string> =>
      fetch(/^web: (\S+)$/m.exec(said)?.[1] ?? 'none:').then(
        (answer) => answer.text(),
        () => '',
      );
    await expect.poll(async () => rowOf(await look(), 'steps', 'create')[0], { timeout: 20_000 }).toBe('create');
    const live = await look();
    expect(rowOf(live, 'thresholds', 'http_req_failed')).toContain('✓ holds');
    release();
    const { exitCode } = await running;
    expect(exitCode).toBe(99);
    expect(await look()).toBe('');

    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    const created = server.paths.filter((path) => path === '/orders').length;
    expect(rowOf(page, 'steps', 'create')[3]).toBe(String(created));
    expect(rowOf(page, 'steps', 'read')[3]).toBe(String(server.paths.length - created));
    const failed = server.statuses.get(502) ?? 0;
    const told = [...page.matchAll(/>502 ×(\d+)</g)].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(told).toBe(failed);
    expect(rowOf(page, 'thresholds', 'http_req_duration').slice(2, 3)).toEqual(['✗ crossed']);
    expect(page.match(/<svg /g)?.length).toBe(6);
  });

  inFullRun('compare with an earlier summary', async () => {
    server = await startCountingServer();
    expect((await load('--iterations', '120', '--summary-export', 'base.json')).exitCode).toBe(0);
    expect((await load('--iterations', '120', '--out', 'html=report.html,base=base.json')).exitCode).toBe(0);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(rowOf(page, 'comparison', 'create')).toEqual([
      'create',
      'flow',
      '',
      ...[expect.stringMatching(/s$/), expect.stringMatching(/s$/), expect.stringMatching(/^[+−][\d.]+%$/)],
      ...[expect.stringMatching(/s$/), expect.stringMatching(/s$/), expect.stringMatching(/^[+−][\d.]+%$/)],
      ...['0.00%', '0.00%'],
    ]);
  });

  it('end the command before anything runs when they can never be', async () => {
    server = await startCountingServer();
    const { exitCode, errors } = await load('--iterations', '1', '--out', `web=${new URL(server.url).host}`);
    expect(exitCode).toBe(2);
    expect(errors).toContain('another program listens there');
    expect(server.requests).toBe(0);
  });
});
