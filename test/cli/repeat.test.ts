import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileEventSchema } from '../support/event-schema.ts';
import { repeats } from '../support/sample.ts';
import { callCommand } from './command.ts';

const inFullRun = it.runIf(repeats('further tests of lists in pages', 1, 0) > 0);

const EXAMPLE = '29-a-list-in-pages.yaml';
let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-repeat-'));
  cpSync(fileURLToPath(new URL(`../../examples/${EXAMPLE}`, import.meta.url)), join(cwd, EXAMPLE));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(cwd, name), text);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (line: string) => callCommand(line.split(' '), { cwd, env: {} });

const FILES: Readonly<Record<string, string>> = {
  'endless.yaml': `
name: Endless
setup:
  - id: shop
    action: mock_server_start
    config: { routes: [{ method: GET, path: /orders, response: { body: { orders: [o-1], next: again } } }] }
steps:
  - id: pages
    action: repeat
    config:
      carry: { cursor: "" }
      until: cursor == nil
      max: 4
      steps:
        - id: fetch
          action: http_request
          config: { url: "{{shop.url}}/orders", query: { after: "{{cursor}}" } }
          assert: [status == 200]
          output: { cursor: $.body.next }
`,
  'count.yaml': `
name: Count
steps:
  - id: pages
    action: repeat
    config:
      carry: { n: 0 }
      until: n == 3
      max: 5
      steps:
        - { id: more, action: set, config: { n: n + 1 } }
        - { id: look, action: assert, config: { assertions: [n < 9] } }
  - { id: end, action: assert, config: { assertions: [n == 3] } }
`,
  'secret.yaml': `
name: Secret
steps:
  - id: pages
    action: repeat
    config:
      carry: { ticket: first }
      until: pages_seen > 1
      max: 2
      steps:
        - id: next
          action: assert
          config: { data: { made: "{{ticket + '-hunter2hunter2'}}" }, assertions: [made != ""] }
          output: { ticket: { path: made, secret: true } }
        - { id: count, action: set, config: { pages_seen: "0" } }
`,
  'load.yaml': `
name: Load
load: { executor: shared-iterations, vus: 2, iterations: 6 }
steps:
  - id: pages
    action: repeat
    config: { carry: { n: 0 }, until: n == 3, max: 5, steps: [{ id: more, action: set, config: { n: n + 1 } }] }
`,
};

describe('a list that comes in pages', () => {
  it('is read to its end: the items of three pages', async () => {
    const ended = await run(`run ${EXAMPLE} --strict`);
    expect(ended.exitCode, ended.output + ended.errors).toBe(0);
    expect(ended.output).toMatch(/✓ pages +repeat .* 3 rounds/);
    expect(ended.output.match(/✓ \[\d\] fetch/g)).toHaveLength(3);
  });

  inFullRun('that never ends is errored at `max`, with its rounds, in every report', async () => {
    const line =
      'run endless.yaml --reporter tree --reporter junit=r.xml --reporter ndjson=r.ndjson --reporter markdown=r.md';
    const ended = await run(line);
    expect(ended.exitCode).toBe(3);
    expect(ended.output).toContain('`until` did not hold in 4 rounds: `cursor == nil`');
    expect(ended.output).toMatch(/rounds\n +\[0\] {2}cursor = "again"\n.*\n.*\n +\[3\] {2}cursor = "again"\n/);
    expect(readFileSync(join(cwd, 'r.xml'), 'utf8')).toContain('did not hold in 4 rounds');
    expect(readFileSync(join(cwd, 'r.md'), 'utf8')).toContain('did not hold in 4 rounds');
    const validate = compileEventSchema();
    const lines = readFileSync(join(cwd, 'r.ndjson'), 'utf8').trimEnd().split('\n');
    for (const text of lines) expect(validate(JSON.parse(text)), text).toBe(true);
    expect(lines.some((text) => text.includes('"pages[3]>fetch"'))).toBe(true);
  });

  it('takes one round alone from the record, with what it began with', async () => {
    expect((await run('run count.yaml')).exitCode).toBe(0);
    for (const [chosen, steps] of [
      ['pages[1]>more', ['[1] more']],
      ['pages[2]>look', ['[2] look']],
      ['pages[2]>more,pages[2]>look', ['[2] more', '[2] look']],
      ['pages>look', ['[0] look', '[1] look', '[2] look']],
    ] as const) {
      const ended = await run(`run count.yaml --only ${chosen}`);
      expect(ended.exitCode, `${chosen}\n${ended.output}${ended.errors}`).toBe(0);
      expect(ended.output.match(/\[\d\] (?:more|look)/g)).toEqual(steps);
    }
    const round = await run('run count.yaml --only pages[1]>more --reporter ndjson');
    expect(round.output).toMatch(/"name":"n","value":2/);
    const none = await run('run count.yaml --only pages[4]>more');
    expect(none.exitCode).toBe(2);
    expect(none.output).toContain('round 4 cannot run by itself');
  });

  it('keeps no secret for that, and shows none', async () => {
    const ended = await run('run secret.yaml --reporter tree --reporter ndjson=s.ndjson');
    expect(ended.exitCode).toBe(3);
    const all = ended.output + readFileSync(join(cwd, 's.ndjson'), 'utf8');
    expect(all).not.toContain('hunter2');
    expect(ended.output).toContain('ticket = "***"');
    const again = await run('run secret.yaml --only pages[1]>next');
    expect(again.output).toContain('round 1 cannot run by itself');
  });

  it('runs under a load', async () => {
    const ended = await run('load load.yaml');
    expect(ended.exitCode, ended.output + ended.errors).toBe(0);
    expect(ended.output).toMatch(/6 iterations/);
  });

  it('is explained', async () => {
    const ended = await run('explain repeat');
    expect(ended.output).toContain('hands values on from round to round');
    expect(ended.output).toMatch(/max\* +number/);
    expect(ended.output).toContain('{ carry: { cursor: "" }, until: cursor == nil, max: 20, steps: … }');
  });
});
