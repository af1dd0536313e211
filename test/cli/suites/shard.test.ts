import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-shard-'));
  const write = (name: string, more = '') =>
    writeFileSync(
      join(cwd, `${name}.yaml`),
      `name: ${name}\n${more}steps:\n  - { action: log, config: { message: hi } }\n`,
    );
  for (const name of ['a', 'b', 'c', 'd', 'e']) write(name);
  write('f', 'data: [{ n: 1 }, { n: 2 }]\n');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = async (words: string) => {
  const { exitCode, output, errors } = await callCommand(['run', '.', ...words.split(' ')], { cwd });
  const flows = [...output.matchAll(/^ ([a-f](?: \[row \d)?).* seed /gm)].map(([, name = '']) =>
    name.replace(' [row ', ''),
  );
  return { exitCode, errors, flows };
};
const ALL = ['a', 'b', 'c', 'd', 'e', 'f1', 'f2'];
/** Events of an earlier run in which the flows took these times. */
function writeDurations(times: Readonly<Record<string, number>>): void {
  const lines = Object.entries(times).map(([name, durationMs]) => {
    const row = Number(name.slice(1)) || undefined;
    const id = name.charAt(0);
    const about = { id, name, file: `${id}.yaml`, line: 1, row, traceId: '', tags: [] };
    const counts = { passed: 1, failed: 0, errored: 0, skipped: 0 };
    const output = { captures: {}, secretNames: [] };
    return {
      type: 'flow_finished',
      at: 1,
      flow: 0,
      about,
      outcome: 'passed',
      durationMs,
      counts,
      output,
      problems: [],
    };
  });
  writeFileSync(join(cwd, 'times.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

describe('--shard', () => {
  it.each([1, 2, 3, 4, 7])('of %i parts gives each flow and row to exactly one', async (count) => {
    const parts = [];
    for (let index = 1; index <= count; index++) parts.push((await run(`--shard ${index}/${count}`)).flows);
    expect(parts.flat()).toEqual(ALL);
    const sizes = parts.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('gives the same parts whatever the order', async () => {
    const plain = await run('--shard 2/3');
    const shuffled = await run('--shard 2/3 --shuffle=5');
    expect(shuffled.flows.toSorted()).toEqual(plain.flows);
  });

  it('is balanced by the times of an earlier run', async () => {
    writeDurations({ a: 100, b: 30, c: 30, d: 30, f1: 10, f2: 10 });
    const parts = [];
    for (const index of [1, 2]) parts.push((await run(`--shard ${index}/2 --durations times.ndjson`)).flows);
    // `e` is new: it is taken for one like the others, of 35.
    expect(parts).toEqual([
      ['a', 'f1', 'f2'],
      ['b', 'c', 'd', 'e'],
    ]);
  });

  it('may be empty', async () => {
    expect(await run('--shard 1/9')).toEqual({
      exitCode: 0,
      flows: [],
      errors: 'note: this shard has nothing to run: the flows are 7\n',
    });
  });

  it.each([
    ['--shard 5/4', 'shard: expected a part and how many there are, from 1: `2/4`, got `5/4`'],
    ['--shard 0/4', 'shard: expected a part'],
    ['--shard 1/2 --last-failed', '--shard and --last-failed do not go together'],
    ['--durations times.ndjson', '--durations is for shards\n  = write `--shard 1/4` too'],
    ['--shard 1/2 --durations no.ndjson', '--durations: `no.ndjson` cannot be read: it does not exist'],
    ['--shard 1/2 --durations a.yaml', '--durations: `a.yaml` has no flow that ran'],
  ])('%s is refused', async (words, message) => {
    const { exitCode, errors, flows } = await run(words);
    expect({ exitCode, flows }).toEqual({ exitCode: 2, flows: [] });
    expect(errors).toContain(message);
  });
});
