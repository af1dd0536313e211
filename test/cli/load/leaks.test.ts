import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

const SECRET = 'q8Zk-Wm3r-T5vN';
const DERIVED = 'q8ZkWm3rT5vN';

let folder: string;
let server: Server;
let url: string;
const written: string[] = [];

/** Gives who asks a secret, and takes lines for InfluxDB. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-load-leaks-'));
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      if (path.startsWith('/ping') || path.startsWith('/write')) {
        if (path.startsWith('/write')) written.push(Buffer.concat(chunks).toString());
        response.writeHead(204, { 'x-influxdb-version': '1.8.10' }).end();
        return;
      }
      const status = path.startsWith('/bad') ? 500 : 200;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ value: SECRET, path }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** What a load shows of a flow, by output: none of them may show a secret. */
async function load(
  flow: string,
  { env = {}, hasSetupElsewhere = false }: { env?: Record<string, string>; hasSetupElsewhere?: boolean },
): Promise<Readonly<Record<string, string>>> {
  written.length = 0;
  writeFileSync(join(folder, 'flow.yaml'), `name: Leaks\n${flow}`);
  const setupData = hasSetupElsewhere ? ['--setup-data', 'setup.json'] : [];
  if (hasSetupElsewhere)
    await callCommand(['load', 'setup', 'flow.yaml', '--vus', '2', '--var', `URL=${url}`, ...setupData], {
      cwd: folder,
    });
  const outputs = ['json=s.ndjson', 'csv=s.csv', 'html=s.html', `influxdb=${url}/k6`].flatMap((out) => ['--out', out]);
  const flags = ['--var', `URL=${url}`, '--iterations', '2', '--vus', '2', '--summary-export', 'summary.json'];
  const { output, errors, exitCode } = await callCommand(['load', 'flow.yaml', ...flags, ...outputs, ...setupData], {
    cwd: folder,
    env,
  });
  expect([0, 99]).toContain(exitCode);
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const files = { json: read('s.ndjson'), csv: read('s.csv'), html: read('s.html'), summary: read('summary.json') };
  return { ...files, influxdb: written.join('\n'), output, errors };
}

const give = (output: string): string =>
  `{ id: give, action: http_request, config: { url: "{{URL}}/give" }, output: ${output} }`;
const show = (text: string, path = 'show'): string =>
  `{ id: show, action: http_request, config: { url: "{{URL}}/${path}?t=${text}" }, assert: [status == 200, "body.path == 1"] }`;
const steps = (...list: readonly string[]): string => `steps:\n${list.map((step) => `  - ${step}\n`).join('')}`;

const PLACES: Readonly<Record<string, string>> = {
  'captured in an iteration': steps(give('{ tok: { path: $.value, secret: true } }'), show('{{tok}}')),
  'derived in an iteration': steps(give('{ tok: { path: $.value, secret: true } }'), show("{{replace(tok, '-', '')}}")),
  'captured in setup': `setup:\n  - ${give('{ tok: { path: $.value, secret: true } }')}\n${steps(show('{{tok}}', 'bad'))}`,
  'captured in setup by the name of a password': `setup:\n  - ${give('{ login_password: $.value }')}\n${steps(show('{{login_password}}', 'bad'))}`,
  'captured in setup and derived there': `setup:\n  - ${give('{ tok: { path: $.value, secret: true } }')}\n  - { id: make, action: set, config: { made: "{{replace(tok, '-', '')}}" } }\n${steps(show('{{made}}'))}`,
  'captured in setup and derived in an iteration': `setup:\n  - ${give('{ login_password: $.value }')}\n${steps(show("{{replace(login_password, '-', '')}}"))}`,
  'the key of `auth` in the query': steps(
    `{ id: show, action: http_request, config: { url: "{{URL}}/key", auth: { api_key: { query: key, value: ${SECRET} } } }, assert: ["body.path == 1"] }`,
  ),
  'of the environment, derived': `env: { made: "{{replace(env('API_TOKEN'), '-', '')}}" }\n${steps(show('{{made}}'))}`,
};

describe('what a load writes', () => {
  const elsewhere = Object.entries(PLACES).filter(([, flow]) => flow.startsWith('setup:'));
  it.each([
    ...Object.entries(PLACES).map(([place, flow]) => [place, flow, false] as const),
    ...elsewhere.map(([place, flow]) => [`${place}, which ran elsewhere`, flow, true] as const),
  ])('does not show a secret: %s', async (_, flow, hasSetupElsewhere) => {
    const shown = await load(flow, { env: { API_TOKEN: SECRET }, hasSetupElsewhere });
    for (const [output, text] of Object.entries(shown)) {
      if (output !== 'errors') expect(text, output).not.toBe('');
      expect(text, output).not.toContain(SECRET);
      expect(text, output).not.toContain(DERIVED);
    }
    expect(shown['json']).toContain('***');
    expect(shown['csv']).toContain('***');
    expect(shown['influxdb']).toContain('***');
  });
});
