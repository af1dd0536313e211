import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

const cwd = mkdtempSync(join(tmpdir(), 'testmesh-agree-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const ID = '7d1f0a52-9c1e-4b7a-8a58-0b6c1f2e3d40';

/** A flow that makes an order and reads it: `says` is what the second answer says of it. */
const flow = ({ head = '', says = 'total: 59.980', tail = '' } = {}): string => `
id: order_placed
name: An order is placed
${head}
setup:
  - id: shop
    action: mock_server_start
    config:
      routes:
        - { method: POST, path: /orders, response: { status: 201, body: { id: ${ID}, total: 59.98, note: n-12345678 } } }
        - { method: GET, path: /orders/:id, response: { body: { id: ${ID}, ${says} } } }
        - { method: PUT, path: /orders/:id, response: { body: { id: ${ID}, total: 70 } } }
steps:
  - id: place
    action: http_request
    config: { method: POST, url: "{{shop.url}}/orders" }
    assert: [status == 201]
    output: { order_id: $.body.id }
  - id: read
    action: http_request
    config: { url: "{{shop.url}}/orders/{{order_id}}" }
    assert: [status == 200]
${tail}`;

async function run(text: string, { project, words = [] }: { project?: string; words?: readonly string[] } = {}) {
  writeFileSync(join(cwd, 'flow.yaml'), text);
  const file = join(cwd, 'testmesh.yaml');
  rmSync(file, { force: true });
  if (project !== undefined) writeFileSync(file, project);
  return callCommand(['run', 'flow.yaml', '--reporter', 'tree', '--reporter', 'ndjson=events.ndjson', ...words], {
    cwd,
  });
}

const OTHER_TOTAL = { says: 'total: 5998' };
const CONTRADICTION = `\`place\` and \`read\` do not agree on \`total\` of order ${ID}`;

describe('a flow with `agree`', () => {
  it('fails where two places say different things, and shows both, the first first', async () => {
    const { exitCode, output } = await run(flow({ head: 'agree: auto', ...OTHER_TOTAL }));
    expect(exitCode).toBe(1);
    expect(output).toContain(` ✗ the flow itself\n   ${CONTRADICTION}\n   flow.yaml:19:9\n`);
    expect(output).toContain(
      `     place: body.total   float 59.98\n     read: body.total    int 5998\n   = \`place\` came first: one is the answer of POST /orders, the other the answer of GET /orders/${ID}\n`,
    );
    expect(output).not.toContain('\n   agree\n');
    const [last] = readFileSync(join(cwd, 'events.ndjson'), 'utf8').trimEnd().split('\n').slice(-2);
    const { outcome, problems } = JSON.parse(last ?? '');
    expect({ outcome, kinds: problems.map(({ kind }: { kind: string }) => kind) }).toEqual({
      outcome: 'failed',
      kinds: ['contradiction'],
    });
  });

  it('passes where all agrees, and `-vv` says what was compared', async () => {
    const { exitCode, output } = await run(flow({ head: 'agree: auto' }), { words: ['-vv'] });
    expect(exitCode, output).toBe(0);
    expect(output).toContain(
      `   agree\n     order ${ID}\n       total: the same in place body.total, read body.total\n`,
    );
  });

  it('compares nothing without it', async () => {
    const { exitCode, output } = await run(flow(OTHER_TOTAL), { words: ['-vv'] });
    expect({ exitCode, isSaid: output.includes('\n   agree\n') }).toEqual({ exitCode: 0, isSaid: false });
  });

  it.each([
    ['for all flows', 'agree: auto', '', 1],
    ['for one', 'flow_settings: { order_placed: { agree: auto } }', '', 1],
    ['for another', 'flow_settings: { other: { agree: auto } }', '', 0],
    ['for all but one', 'agree: auto\nflow_settings: { order_placed: { agree: off } }', '', 0],
    ['for all but for what the flow says', 'agree: auto', 'agree: off', 0],
    ['for none but for what the flow says', 'agree: off', 'agree: auto', 1],
    ['of a thing that the flow knows', 'agree: { order: { id: "{{order_id}}" } }', '', 1],
    ['of a thing that the flow does not know', 'agree: { user: { id: "{{user_id}}" } }', '', 0],
  ])('is told by testmesh.yaml %s', async (_what, project, head, code) => {
    const { exitCode, output, errors } = await run(flow({ head, ...OTHER_TOTAL }), { project });
    expect(exitCode, output + errors).toBe(code);
  });

  it('shows a mistake of testmesh.yaml once, at its place', async () => {
    const project = 'flow_settings:\n  order_placed:\n    agree: { order: { id: "{{ordr_id}}" } }\n';
    const { exitCode, errors } = await run(flow(), { project });
    expect(exitCode).toBe(2);
    expect(errors).toContain('unknown name `ordr_id`');
    expect(errors).toContain('testmesh.yaml:3:');
  });

  it.each([
    ['fields: [total]', 1],
    ['fields: [note]', 0],
    ['except: [total]', 0],
    ['fields: [total, note], except: [total]', 0],
  ])('compares of a named thing { %s }', async (settings, code) => {
    const head = `agree: { order: { id: "{{order_id}}", ${settings} } }`;
    expect((await run(flow({ head, ...OTHER_TOTAL }))).exitCode).toBe(code);
  });

  it('compares over a change what is said to be the same at any time', async () => {
    const tail = `  - { id: change, action: http_request, config: { method: PUT, url: "{{shop.url}}/orders/{{order_id}}" }, assert: [status == 200] }\n`;
    expect((await run(flow({ head: 'agree: auto', tail }))).exitCode).toBe(0);
    const { exitCode, output } = await run(
      flow({ head: 'agree: { order: { id: "{{order_id}}", fields: [total] } }', tail }),
    );
    expect(exitCode).toBe(1);
    expect(output).toContain(`\`place\` and \`change\` do not agree on \`total\` of order ${ID}`);
  });

  it('shows what does not agree where a step failed as well', async () => {
    const text = flow({ head: 'agree: auto', ...OTHER_TOTAL }).replace(
      'assert: [status == 200]',
      'assert: [body.total == 59.98]',
    );
    const { exitCode, output } = await run(text);
    expect(exitCode).toBe(1);
    expect(output).toContain('body.total   int 5998');
    expect(output).toContain(CONTRADICTION);
  });

  it('masks secrets in what it shows', async () => {
    const head = 'agree: auto\nsecrets: [NOTE]\nenv: { NOTE: n-87654321 }';
    const { exitCode, output } = await run(flow({ head, says: 'note: n-87654321' }), { words: ['-vv'] });
    expect(exitCode).toBe(1);
    expect(output).toContain('read: body.note    string "***"');
    expect(output).not.toContain('n-87654321');
  });

  it('says that an id is none when the flow runs', async () => {
    const head = 'agree: { order: { id: "{{shop}}" } }';
    const { exitCode, output } = await run(flow({ head }));
    expect(exitCode).toBe(2);
    expect(output).toContain('`id` of `agree.order`: expected an id: text or a number, or a list of them, got a map');
  });
});
