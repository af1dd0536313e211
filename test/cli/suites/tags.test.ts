import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

let cwd = '';
const flow = (name: string, tags: string) =>
  `name: ${name}\ntags: [${tags}]\nsteps:\n  - { action: log, config: { message: hi } }\n`;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-tags-'));
  writeFileSync(
    join(cwd, 'flows.yaml'),
    [flow('quick', 'smoke'), flow('long', 'smoke, slow'), flow('bare', '')].join('---\n'),
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...words: readonly string[]) => callCommand(['run', 'flows.yaml', ...words], { cwd });

describe('--tags', () => {
  it.each<[condition: string, chosen: readonly string[]]>([
    ['smoke', ['quick', 'long']],
    ['smoke and not slow', ['quick']],
    ['not smoke', ['bare']],
  ])('%s runs %j', async (condition, chosen) => {
    const { exitCode, output, errors } = await run('--tags', condition);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect([...output.matchAll(/^ (quick|long|bare) /gm)].map(([, name]) => name)).toEqual(chosen);
  });

  it.each<[condition: string, exitCode: number, message: string]>([
    ['nightly', 4, 'testmesh: --tags: no flow matches `nightly`\n  = their tags are `slow` and `smoke`\n'],
    ['smoek', 2, 'testmesh: --tags: no flow has the tag `smoek`\n  = did you mean `smoke`?\n'],
    [
      'smoke,slow',
      2,
      'testmesh: --tags: `,` is no word of a condition on tags\n  = write `or`, as in `smoke and not slow`\n',
    ],
  ])('%s chooses nothing, and says why', async (condition, exitCode, message) => {
    const ended = await run('-t', condition);
    expect(ended).toMatchObject({ exitCode, output: '', errors: message });
  });

  it('may match nothing where that is said', async () => {
    const { exitCode, errors } = await run('--tags', 'nightly', '--pass-with-no-tests');
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: 'note: --tags: no flow matches `nightly`\n' });
  });
});
