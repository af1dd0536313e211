import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFullRun, sample } from '../support/sample.ts';
import { callCommand } from './command.ts';

let cwd = '';
let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    const [, kind, count] = (request.url ?? '').split('/');
    const [open, close] = kind === 'lists' ? ['[', ']'] : ['{"a":', '}'];
    const end = kind === 'lists' ? '' : '"bottom"';
    response.setHeader('content-type', 'application/json');
    response.end(open.repeat(Number(count)) + end + close.repeat(Number(count)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-deep-'));
  writeFileSync(
    join(cwd, 'flow.yaml'),
    `
name: Deep
env: { KIND: lists, DEPTH: 1, TOKEN: "" }
steps:
  - id: get
    action: http_request
    config: { url: "http://127.0.0.1:${(server.address() as AddressInfo).port}/{{KIND}}/{{DEPTH}}" }
    output: { whole: body, token: { path: $.body, secret: true } }
    assert: [status == 200]
  - { id: say, action: log, config: { message: deep, data: { whole: "{{whole}}", token: "{{token}}" } }, assert: [len(whole) == 2] }
`,
  );
});
afterAll(() => {
  server.close();
  rmSync(cwd, { recursive: true, force: true });
});

describe('a body that is nested deep', () => {
  const bodies = [990, 3000, 20_000].flatMap((depth) => ['lists', 'maps'].map((kind) => [kind, depth] as const));
  it.each(sample('deep bodies', bodies, { count: 1 }))('of %s, %i levels, loses no report', async (kind, depth) => {
    for (const reporter of ['tree', 'junit', 'ndjson']) {
      const words = [
        'run',
        'flow.yaml',
        '--var',
        `KIND=${kind}`,
        '--var',
        `DEPTH=${depth}`,
        '--secret',
        'TOKEN=tok-8271',
      ];
      for (const more of isFullRun ? [[], ['-vv']] : [['-vv']]) {
        const ended = await callCommand([...words, '--reporter', reporter, ...more], { cwd });
        expect(ended).toMatchObject({ exitCode: 1, errors: '' });
        expect(ended.output).toContain('len(whole) == 2');
        expect(ended.output).not.toMatch(/dropped|leaves no record/);
      }
    }
  });
});
