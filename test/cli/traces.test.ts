import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHttpServer, type TestServer } from '../support/servers/http-server.ts';
import { callCommand } from './command.ts';

/** A request as a service got it. */
interface Got {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

const got: Got[] = [];
const readTrace = ({ headers }: Got): string => String(headers['traceparent']).split('-')[1] ?? '';
const readSpan = ({ headers }: Got): string => String(headers['traceparent']).split('-')[2] ?? '';

describe('the trace of a flow', () => {
  let own: TestServer;
  let other: TestServer;
  const folder = mkdtempSync(join(tmpdir(), 'testmesh-traces-'));
  beforeAll(async () => {
    other = await startHttpServer(({ url = '', headers }, response) => {
      got.push({ path: `other${url}`, headers });
      response.end('done');
    });
    own = await startHttpServer(({ url = '', headers }, response) => {
      got.push({ path: url, headers });
      if (url === '/moved') response.writeHead(302, { location: '/there' });
      const isCounted = url === '/look' || url === '/again';
      if (url === '/away') response.writeHead(302, { location: `${other.url}/there` });
      response.end(isCounted ? String(got.filter(({ path }) => path === url).length) : 'done');
    });
  });
  afterAll(async () => {
    await Promise.all([own.close(), other.close()]);
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    got.length = 0;
  });

  const call = (path: string, more = ''): string =>
    `{ action: http_request, config: { url: "${own.url}${path}" }, assert: [status == 200]${more} }`;

  /** Runs flows of these texts; gives what was printed. */
  async function run(files: Readonly<Record<string, string>>, words: readonly string[] = []) {
    rmSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return callCommand(['run', ...words], { cwd: folder });
  }

  it('is one for its setup, loops, looks, retries, called flows and teardown, with a span for each run of a step', async () => {
    const flow = `
name: All of it
id: "all of it"
env: { ID: "{{TRACE_ID}}" }
setup: [ ${call('/setup')} ]
steps:
  - { action: for_each, config: { items: [1, 2], steps: [ ${call('/each')} ] } }
  - { action: poll, config: { interval: 1ms, until: "body == '2'", step: ${call('/look')} } }
  - ${call('/again', ', retry: { max_attempts: 2, delay: 1ms }').replace('status == 200', "body == '2'")}
  - { action: run_flow, config: { flow: lib/called.yaml } }
  - { action: http_request, config: { url: "${own.url}/moved?{{ID}}" }, assert: [status == 200] }
teardown: [ ${call('/teardown')} ]
`;
    const files = {
      'flow.yaml': flow,
      'lib/called.yaml': `name: Called\nsteps: [ ${call('/called')} ]\n`,
    };
    const { exitCode, output } = await run(files, ['flow.yaml']);
    expect(exitCode, output).toBe(0);
    expect(got.map(({ path }) => path.replace(/\?.*/, ''))).toEqual(
      ['setup', 'each', 'each', 'look', 'look', 'again', 'again', 'called', 'moved', 'teardown'].map(
        (path) => `/${path}`,
      ),
    );
    const [trace = ''] = got.map(readTrace);
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(got.map(readTrace)).toEqual(got.map(() => trace));
    expect(new Set(got.map(readSpan)).size).toBe(got.length);
    expect(got.at(-2)?.path).toBe(`/moved?${trace}`);
    for (const { headers } of got)
      expect(headers['baggage']).toBe(`testmesh.flow=all%20of%20it,testmesh.trace=${trace}`);
    expect(output).not.toContain(trace);
  });

  it('is another for each flow and row, also of one seed', async () => {
    const flow = `name: Rows\ndata: [ { n: 1 }, { n: 2 } ]\nsteps: [ ${call('/{{n}}')} ]\n`;
    const files = { 'a.yaml': flow, 'b.yaml': flow };
    await run(files, ['a.yaml', 'b.yaml', '--seed', '1', '-j', '4']);
    await run(files, ['a.yaml', 'b.yaml', '--seed', '1']);
    expect(got).toHaveLength(8);
    expect(new Set(got.map(readTrace)).size).toBe(8);
  });

  it('is printed when the flow failed and something went out with it, with where to look at it', async () => {
    const failing = (step: string): string =>
      `name: Fails\nsteps:\n  - ${step}\n  - { action: assert, config: { assertions: ["1 == 2"] } }\n`;
    const files = {
      'sent.yaml': failing(call('/sent')),
      'silent.yaml': failing('{ action: log, config: { message: hi } }'),
    };
    const sent = await run(files, ['sent.yaml']);
    const [trace = ''] = got.map(readTrace);
    expect(sent.output).toMatch(new RegExp(`\\n {3}again: .*\\n {3}trace: ${trace}\\n$`));
    expect(sent.output.split(trace)).toHaveLength(2);
    expect((await run(files, ['silent.yaml'])).output).not.toContain('trace:');
    const project = 'trace: { url: "https://traces.example/trace/{trace_id}?tab=spans" }\n';
    const linked = await run({ ...files, 'testmesh.yaml': project }, ['sent.yaml', 'silent.yaml']);
    const last = readTrace(got.at(-1) as Got);
    expect(linked.output).toContain(`     trace: ${last}   https://traces.example/trace/${last}?tab=spans\n`);
    expect(linked.output.match(/trace: /g)).toHaveLength(1);
  });

  const ask = (url: string): string => `{ action: http_request, config: { url: "${url}" }, assert: [status == 200] }`;

  it.each([
    { what: 'everybody', project: '', flow: '', hear: ['/away', 'other/there', 'other/asked'] },
    { what: 'nobody', project: '', flow: 'trace: { propagate: false }\n', hear: [] },
    { what: 'the hosts of testmesh.yaml', project: 'trace: { propagate: ["OWN"] }\n', flow: '', hear: ['/away'] },
    {
      what: 'the hosts of the flow, which are nearer',
      project: 'trace: { propagate: ["OWN"] }\n',
      flow: 'trace: { propagate: ["http://OTHER"] }\n',
      hear: ['other/there', 'other/asked'],
    },
  ])('goes out to $what', async ({ project, flow, hear }) => {
    const place = (text: string): string => text.replace('OWN', own.peer).replace('OTHER', other.peer);
    const steps = `steps:\n  - ${ask(`${own.url}/away`)}\n  - ${ask(`${other.url}/asked`)}\n`;
    const files = {
      'testmesh.yaml': place(project || 'x-nothing: 1\n'),
      'flow.yaml': `name: Where\n${place(flow)}${steps}`,
    };
    const { exitCode, output, errors } = await run(files, ['flow.yaml']);
    expect(exitCode, output + errors).toBe(0);
    expect(got.map(({ path }) => path)).toEqual(['/away', 'other/there', 'other/asked']);
    const heard = got.filter(({ headers }) => headers['traceparent'] !== undefined || headers['baggage'] !== undefined);
    expect(heard.map(({ path }) => path)).toEqual(hear);
  });

  it('gives way to the headers of the flow, and joins a baggage', async () => {
    const traceparent = '00-11111111111111111111111111111111-2222222222222222-01';
    const step = `{ action: http_request, config: { url: "${own.url}/given", headers: { TRACEPARENT: "${traceparent}", baggage: "tenant=7" } }, assert: [status == 201] }`;
    const { output } = await run({ 'flow.yaml': `name: Gives\nsteps: [ ${step} ]\n` }, ['flow.yaml']);
    expect(got[0]?.headers).toMatchObject({
      traceparent,
      baggage: expect.stringMatching(/^tenant=7,testmesh\.flow=flow,testmesh\.trace=[0-9a-f]{32}$/),
    });
    expect(output).toContain(
      `by hand   curl ${own.url}/given -H 'TRACEPARENT: ${traceparent}' -H 'baggage: tenant=7'\n`,
    );
  });
});
