import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

const FLOW = `name: total
steps:
  - id: look
    action: http_request
    config: { url: "{{URL}}/orders/1" }
    assert: [status == 200, body.total == 59.98]
`;
let answer: unknown;
let server: Server;
let cwd = '';

beforeAll(async () => {
  server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-green-'));
  writeFileSync(join(cwd, 'flow.yaml'), FLOW);
  return () => rmSync(cwd, { recursive: true, force: true });
});

async function run(body: unknown, ...flags: readonly string[]): Promise<readonly string[]> {
  answer = body;
  const { port } = server.address() as AddressInfo;
  const { output } = await callCommand(['run', 'flow.yaml', '--var', `URL=http://127.0.0.1:${port}`, ...flags], {
    cwd,
  });
  const lines = output.replace(/\d{8}-\d{6}-\w{4}/g, 'RUN').split('\n');
  const at = lines.findIndex((line) => line.includes('last passed'));
  return at === -1 ? [] : lines.slice(at, lines.indexOf('', at)).map((line) => line.trim());
}

describe('a step that fails', () => {
  it('says what changed since it last passed', async () => {
    expect(await run({ id: 1, total: 59.98, items: 2 })).toEqual([]);
    expect(await run({ id: 2, total: 60.98, note: 'late' })).toEqual([
      'since it last passed, in run RUN',
      'body.total   was 59.98, is 60.98',
      'body.items   was 2, is gone',
      'body.note    is new: "late"',
    ]);
  });

  it('says so after runs that failed, and of one step alone', async () => {
    await run({ total: 59.98 });
    await run({ total: 1 });
    expect(await run({ total: 2 }, '--only', 'look')).toEqual([
      'since it last passed, in run RUN',
      'body.total   was 59.98, is 2',
    ]);
  });

  it('says that nothing changed, where the flow did', async () => {
    await run({ total: 59.98 });
    writeFileSync(join(cwd, 'flow.yaml'), FLOW.replace('59.98', '59.99'));
    expect(await run({ total: 59.98 })).toEqual([
      'since it last passed, in run RUN',
      'nothing of its result changed, but for ids, times and what differs from run to run',
    ]);
  });

  it('says it once, and not of the step around it again', async () => {
    writeFileSync(
      join(cwd, 'inner.yaml'),
      FLOW.replace('name: total', 'name: inner\nenv: { URL: none }\noutput: { total: look.body.total }'),
    );
    writeFileSync(
      join(cwd, 'flow.yaml'),
      'name: outer\nenv: { URL: none }\nsteps:\n  - { id: call, action: run_flow, config: { flow: inner.yaml, input: { URL: "{{URL}}" } }, assert: [total > 0] }\n',
    );
    await run({ total: 59.98 });
    answer = { total: 7 };
    const { port } = server.address() as AddressInfo;
    const { output } = await callCommand(['run', 'flow.yaml', '--var', `URL=http://127.0.0.1:${port}`], { cwd });
    expect(output.match(/since it last passed/g)).toHaveLength(1);
  });

  it('says nothing where it never passed', async () => {
    await run({ total: 1 });
    expect(await run({ total: 2 })).toEqual([]);
  });

  it('is in the reports, and shows no secret', async () => {
    const secret = 'hunter2-hunter2';
    await run({ total: 59.98, note: `${secret} a` }, '--secret', `K=${secret}`);
    const lines = await run({ total: 60, note: `${secret} b` }, '--secret', `K=${secret}`, '--reporter', 'junit');
    expect(lines.join('\n')).toContain('body.total   was 59.98, is 60');
    expect(lines.join('\n')).not.toContain('hunter2');
  });
});
