import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

const TOPICS = [
  'testmesh.yaml',
  'environments',
  'defaults',
  'before_all',
  'services',
  'stubs',
  'routes',
  'then',
  'proxies',
  'faults',
  'mocks',
];
const SETUP =
  'setup:\n  - { id: pg, action: fault_proxy_start, config: { upstream: "localhost:5432" } }\n  - { id: users, action: fault_proxy_start, config: { upstream: "http://localhost:5001" } }\n';
let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-explain-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe.each(TOPICS)('testmesh explain %s', (topic) => {
  it('says what there is to write', async () => {
    const { exitCode, output } = await callCommand(['explain', topic]);
    const path = fileURLToPath(new URL(`explained/${topic}.txt`, import.meta.url));
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, output);
    expect(output).toBe(readFileSync(path, 'utf8'));
    expect(exitCode).toBe(0);
  });

  it('has an example that holds as it stands', async () => {
    const { output } = await callCommand(['explain', topic]);
    const [, example = ''] = /\nfor example\n((?: {2}.*\n)+)/.exec(output) ?? [];
    const text = example.replaceAll(/^ {2}/gm, '');
    const folder = join(cwd, topic);
    mkdirSync(folder);
    const isOfStub = topic === 'routes' || topic === 'then';
    const project = topic === 'faults' ? '{}\n' : isOfStub ? 'stubs: { a: { file: a.yaml } }\n' : text;
    writeFileSync(join(folder, 'testmesh.yaml'), project);
    if (isOfStub) writeFileSync(join(folder, 'a.yaml'), text);
    const steps = topic === 'faults' ? `${SETUP}steps:\n${text.replaceAll(/^/gm, '  ').trimEnd()}\n` : 'steps:\n';
    writeFileSync(join(folder, 'flow.yaml'), `name: x\n${steps}  - { action: log, config: { message: a } }\n`);
    if (topic === 'before_all') writeAround(folder);
    const { exitCode, errors, output: summary } = await callCommand(['validate', 'flow.yaml'], { cwd: folder });
    expect(errors + summary).toMatch(/^✓ (1 flow in 1 file|3 flows in 3 files): 0 errors, 0 warnings\n$/);
    expect(exitCode).toBe(0);
  });

  it('is named where help is', async () => {
    const { output } = await callCommand(['explain', '--help']);
    expect(output.replaceAll(/\s+/g, ' ')).toContain(
      `\`${topic}\``.replace('`testmesh.yaml', '`explain testmesh.yaml').replace('`services', '`explain services'),
    );
  });
});

/** The files that its example names. */
function writeAround(folder: string): void {
  mkdirSync(join(folder, 'flows'));
  for (const name of ['log-in', 'wipe'])
    writeFileSync(
      join(folder, 'flows', `${name}.yaml`),
      'name: x\nsteps:\n  - { action: log, config: { message: a } }\n',
    );
}
