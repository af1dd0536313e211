import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sample } from '../support/sample.ts';
import { startHttpServer, type TestServer } from '../support/servers/http-server.ts';
import { callCommand } from './command.ts';

const TOKEN = 'tok-8831-never-in-a-record';
let folder: string;
let server: TestServer;
const asked: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-one-step-'));
  server = await startHttpServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    response.setHeader('content-type', 'application/json');
    const isKnown = path === '/login' || request.headers.authorization === `Bearer ${TOKEN}`;
    response.statusCode = isKnown ? 200 : 401;
    response.end(JSON.stringify(path === '/login' ? { token: TOKEN, user: 'u1' } : { id: `id${path}`, total: 60.98 }));
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  rmSync(join(folder, '.testmesh'), { recursive: true, force: true });
  asked.length = 0;
});

/** An order flow of ten steps: the log-in, whose token is a secret, is the second, and the order the ninth. */
function write(total: string): void {
  const call = (id: string, path: string, more: string): string =>
    `  - id: ${id}\n    action: http_request\n    config: { url: "${server.url}${path}", headers: { authorization: "Bearer {{token}}" } }\n${more}`;
  const between = [3, 4, 5, 6, 7, 8].map((n) => call(`step${n}`, `/${n}`, `    output: { id${n}: $.body.id }\n`));
  const steps = [
    '  - { id: note, action: log, config: { message: begins } }\n',
    `  - { id: log_in, action: http_request, config: { method: POST, url: "${server.url}/login", body: { ref: "{{REF}}" } }, output: { token: { path: $.body.token, secret: true } } }\n`,
    ...between,
    call('create_order', '/order{{id8}}', `    assert: [status == 200, body.total == ${total}]\n`),
    call('verify', '/verify', '    assert: [status == 200]\n'),
  ];
  const teardown = '  - { id: tidy, action: log, config: { message: "{{create_order.body.id}}" } }\n';
  writeFileSync(
    join(folder, 'order.yaml'),
    `name: Order\nenv: { REF: "{{UUID}}" }\nsetup:\n  - { id: begin, action: log, config: { message: s } }\nsteps:\n${steps.join('')}teardown:\n${teardown}`,
  );
}

async function run(...words: readonly string[]) {
  asked.length = 0;
  const { exitCode, output, errors } = await callCommand(['run', ...words, '--color', 'never'], { cwd: folder });
  const steps = [...output.matchAll(/^ {3}([✓✗·]) (\S+)/gmu)].map(([, mark, id]) => `${mark} ${id}`);
  const again = /^ *again: testmesh run (.*)$/m.exec(output)?.[1] ?? '';
  return { exitCode, output: output + errors, steps, again };
}

describe('one step of a flow that failed', () => {
  it('is run again by the line `again:`, with the log-in, as often as it fails', async () => {
    write('1');
    const first = await run('order.yaml');
    expect([first.exitCode, first.again]).toEqual([1, 'order.yaml --only log_in,create_order']);
    const second = await run(...first.again.split(' '));
    expect([second.exitCode, second.again]).toEqual([1, first.again]);
    write('60.98');
    const third = await run(...second.again.split(' '));
    expect([third.exitCode, third.steps]).toEqual([0, ['✓ log_in', '✓ create_order']]);
    expect(asked).toEqual(['/login', '/orderid/8']);
    expect(third.output).toMatch(/chosen steps only {3}values of run \d{8}-/);
    for (const name of readdirSync(join(folder, '.testmesh', 'runs')))
      expect(readFileSync(join(folder, '.testmesh', 'runs', name, 'events.ndjson'), 'utf8')).not.toContain(TOKEN);
  });

  it('says that it lacks a secret, and how it comes', async () => {
    write('60.98');
    await run('order.yaml');
    const alone = await run('order.yaml:39');
    expect(alone.exitCode).toBe(2);
    expect(alone.output).toContain('`verify` needs `token`, but it is a secret, which no record keeps');
    expect(alone.output).toContain('= run all that it needs too: --with-deps');
    expect(asked).toEqual([]);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['--only verify --with-deps', ['✓ log_in', '✓ verify'], ['/login', '/verify']],
    // A record is not asked for.
    ['--only create_order --with-deps', ['✓ log_in', '✓ step8', '✓ create_order'], ['/login', '/8', '/orderid/8']],
    ['--to step3', ['✓ begin', '✓ note', '✓ log_in', '✓ step3', '· tidy'], ['/login', '/3']],
  ])('without an earlier run: %s', async (words, steps, requests) => {
    write('60.98');
    const part = await run('order.yaml', ...words.split(' '));
    expect([part.exitCode, part.steps, asked]).toEqual([0, steps, requests]);
  });

  it.each(
    sample<[string, readonly string[], readonly string[]]>(
      'parts of a flow after an earlier run',
      [
        [
          `--from create_order --secret token=${TOKEN}`,
          ['✓ begin', '✓ create_order', '✓ verify', '✓ tidy'],
          ['/orderid/8', '/verify'],
        ],
        [
          '--skip step*,verify --replay last',
          [
            '✓ begin',
            '✓ note',
            '✓ log_in',
            ...['step3', 'step4', 'step5', 'step6', 'step7', 'step8'].map((id) => `· ${id}`),
            '✓ create_order',
            '· verify',
            '✓ tidy',
          ],
          ['/login', '/orderid/8'],
        ],
        ['--only log_in,step[3-4]* --skip step4 --pass-with-no-tests', [], []],
        [
          '--only log_in,ste*,create_order --skip step3,step4,step5,step6,step7',
          [
            '✓ log_in',
            ...['step3', 'step4', 'step5', 'step6', 'step7'].map((id) => `· ${id}`),
            '✓ step8',
            '✓ create_order',
          ],
          ['/login', '/8', '/orderid/8'],
        ],
      ],
      { count: 4 },
    ),
  )('after an earlier run: %s', async (words, steps, requests) => {
    write('60.98');
    await run('order.yaml');
    const part = await run('order.yaml', ...words.split(' '));
    expect([part.steps, asked]).toEqual([steps, requests]);
    expect(part.exitCode).toBe(steps.length === 0 ? 2 : 0);
  });

  it('gives no value of an earlier run to a part that made its own', async () => {
    write('60.98');
    await run('order.yaml');
    await run('order.yaml', '--to', 'step3');
    const later = await run('order.yaml', '--only', 'log_in,create_order');
    expect(later.exitCode).toBe(2);
    expect(later.output).toContain('`create_order` needs `id8`, but the record of the last run does not have it');
  });
});

describe('words that say which steps run', () => {
  it.each<[string, string]>([
    ['order.yaml:9 --only log_in', '`order.yaml:9` and `--only` both say which steps run'],
    ['order.yaml --only log_in --from step3', '`--only` and `--from` both say which steps run'],
    ['order.yaml --replay last', '`--replay` gives values of steps that do not run, and all steps run'],
    ['order.yaml --only verify --replay 2026', '--replay: there is no record of a run `2026`'],
    ['order.yaml --with-deps', '`--with-deps` runs what the chosen steps need, and no step is chosen'],
    ['order.yaml --only verify --with-deps --replay last', '`--with-deps` makes all values anew, and `--replay` takes'],
    [
      'order.yaml --only verify --with-deps --skip log_in',
      '`--with-deps` runs what is needed, and `--skip` leaves out',
    ],
    ['order.yaml --from a,b', '--from: expected the id of one step'],
    ['order.yaml --skip create_order', '= take it from an earlier run: --replay last'],
    ['order.yaml:1', '= the nearest is `setup/begin`: order.yaml:4'],
    ['order.yaml:9 --emit kubernetes --image a', 'a line names one step, and pods run whole flows'],
  ])('contradict each other, or fit nothing: %s', async (words, expected) => {
    write('60.98');
    if (words.includes('create_order')) {
      const text = readFileSync(join(folder, 'order.yaml'), 'utf8');
      writeFileSync(join(folder, 'order.yaml'), text.replace('/verify', '/{{create_order.body.id}}'));
    }
    const wrong = await run(...words.split(' '));
    expect([wrong.exitCode, asked]).toEqual([2, []]);
    expect(wrong.output).toContain(expected);
  });
});
