import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reporterNames } from '../../src/reporters/registry.ts';
import { sample } from '../support/sample.ts';
import { readXml } from '../support/xml.ts';
import { callCommand } from './command.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-lost-'));
  writeFileSync(join(cwd, 'passes.yaml'), PASSES);
  writeFileSync(join(cwd, 'fails.yaml'), FAILS);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...words: string[]) => callCommand(['run', ...words], { cwd });

const TEARDOWN = 'teardown: [ { id: undo, action: log, config: { message: undone } } ]\n';
const PASSES = `name: passes\nsteps: [ { id: say, action: log, config: { message: hello } } ]\n${TEARDOWN}`;
const FAILS = `name: fails\nsteps: [ { id: claim, action: assert, config: { assertions: ["1 == 2"] } } ]\n${TEARDOWN}`;

const PLACES = [
  ['.', 'it is a folder (EISDIR)'],
  ['passes.yaml/r', 'a part of its path is a file (EEXIST)'],
  ...(existsSync('/dev/full') ? [['/dev/full', 'no space is left on the device (ENOSPC)']] : []),
  ...(existsSync('/proc/1') ? [['/proc/none/r', 'it does not exist (ENOENT)']] : []),
] as const;

describe('a report that cannot be written', () => {
  // Of a run that passed there is nothing to annotate.
  const isSilent = (name: string, place: string): boolean => name === 'github' && place === '/dev/full';
  const cases = reporterNames.flatMap((name) =>
    PLACES.filter(([place]) => !isSilent(name, place)).map(([place, why]) => [name, place, why] as const),
  );

  it.each(sample('places that cannot be written', cases, { count: 12, kindOf: ([name]) => name }))(
    '%s=%s is one line on standard error, exit 3, and the others finish',
    async (name, place, why) => {
      const words = ['--reporter', `${name}=${place}`, '--reporter', 'junit=whole.xml'];
      const { output, ...ended } = await run('passes.yaml', ...words);
      // The tree stays on the terminal.
      expect(output).toContain('undone');
      expect(ended).toEqual({
        exitCode: 3,
        errors: `testmesh: the report of \`${name}\` is incomplete: \`${place}\` cannot be written: ${why}; give it another place with \`--reporter ${name}=FILE\`\n`,
      });
      expect(existsSync(join(cwd, 'whole.xml'))).toBe(true);
      rmSync(join(cwd, 'whole.xml'));
    },
  );

  it.each(['removed', 'replaced'])('is told where its file was %s while the run went on', async (what) => {
    const place = join(cwd, 'gone');
    const write = (text: string): void => {
      if (!text.includes('say')) return;
      rmSync(place, { recursive: true, force: true });
      if (what === 'removed') return;
      mkdirSync(place);
      writeFileSync(join(place, 'r.nd'), '');
    };
    const words = ['run', 'passes.yaml', '--reporter', 'tree', '--reporter', 'ndjson=gone/r.nd'];
    const { exitCode, errors } = await callCommand(words, { cwd, write });
    const why = what === 'removed' ? 'it was removed meanwhile' : 'another file was put in its place meanwhile';
    expect(errors).toBe(
      `testmesh: the report of \`ndjson\` is incomplete: \`gone/r.nd\` cannot be written: ${why}; give it another place with \`--reporter ndjson=FILE\`\n`,
    );
    expect(exitCode).toBe(3);
    rmSync(place, { recursive: true, force: true });
  });

  it('is told from a reporter that breaks, which no other place would mend', async () => {
    const write = (): never => {
      throw new TypeError("cannot read 'x' of undefined");
    };
    const words = ['run', 'passes.yaml', '--reporter', 'tree', '--reporter', 'junit=whole.xml'];
    const { exitCode, errors } = await callCommand(words, { cwd, write });
    expect(exitCode).toBe(3);
    expect(errors).toMatch(
      /^testmesh: the report of `tree` is incomplete: cannot read 'x' of undefined; this is a bug in testmesh, not in your flow: please report it with the lines below\nTypeError: cannot read 'x' of undefined\n {4}at /,
    );
    expect(errors).not.toContain('another place');
    expect(existsSync(join(cwd, 'whole.xml'))).toBe(true);
    rmSync(join(cwd, 'whole.xml'));
  });

  it('leaves a worse code as it is, and standard output to its reporter', async () => {
    const ended = await run('fails.yaml', '--reporter', 'tree', '--reporter', 'junit=.');
    expect(ended.exitCode).toBe(1);
    expect(ended.output).toContain('undone');
    expect(ended.errors).toMatch(/^testmesh: the report of `junit` .*\n$/);
  });

  it('is no record: that is said beside any reporter, and changes no code', async () => {
    const ended = await run('passes.yaml', '--reporter', 'junit=whole.xml', '--output-dir', 'passes.yaml/x');
    expect(ended.exitCode).toBe(0);
    expect(ended.errors).toMatch(/^testmesh: this run leaves no record in .*`--output-dir`\n$/);
  });
});

describe('two reports in one file', () => {
  it.each([
    ['junit=same.x', 'ndjson=same.x'],
    ['junit=same.x', 'ndjson=./a/../same.x'],
    ['tree=same.x', 'tree=same.x'],
  ])('%s and %s are refused before anything runs', async (first, second) => {
    const ended = await run('passes.yaml', '--reporter', first, '--reporter', second);
    expect(ended).toMatchObject({ exitCode: 2, output: '' });
    expect(ended.errors).toContain(`would both write to the file \`${second.slice(second.indexOf('=') + 1)}\``);
    expect(readFileSync(join(cwd, 'same.x'), 'utf8')).toContain('would both write');
    rmSync(join(cwd, 'same.x'));
  });
});

describe('the reports of a run that did not start', () => {
  const OLD = '<testsuites name="old"/>';
  const NAMES = ['r.xml', 'r.txt', 'r.ndjson', 'r.json'];
  const REPORTERS = ['junit=r.xml', 'tree=r.txt', 'ndjson=r.ndjson', 'json=r.json'].flatMap((one) => [
    '--reporter',
    one,
  ]);

  it.each([
    ['a flag that is none', ['passes.yaml', '--bogus', ...REPORTERS], 2, '--bogus'],
    ['a value that does not fit', ['passes.yaml', '--workers', 'x', ...REPORTERS], 2, '--workers'],
    ['a file that is not there', ['absent.yaml', ...REPORTERS], 2, 'absent.yaml'],
    ['a finding', ['broken.yaml', ...REPORTERS], 2, 'unknown name `nobody`'],
    ['a step that no flow has', ['passes.yaml', '--only', 'nobody', ...REPORTERS], 2, 'nobody'],
    ['tags that no flow has', ['passes.yaml', '--tags', 'slow', ...REPORTERS], 4, 'slow'],
    [
      'two on standard output',
      ['passes.yaml', '--reporter', 'tree', '--reporter', 'junit', ...REPORTERS],
      2,
      'both write',
    ],
    ['a reporter that is none', ['passes.yaml', '--reporter', 'pdf=r.pdf', ...REPORTERS], 2, 'pdf'],
  ])('say why after %s', async (_title, words, exitCode, why) => {
    writeFileSync(join(cwd, 'broken.yaml'), PASSES.replace('hello', '"{{nobody}}"'));
    for (const name of NAMES) writeFileSync(join(cwd, name), OLD.repeat(1000));
    const ended = await run(...words);
    expect(ended.exitCode).toBe(exitCode);
    const [xml, tree, events, json] = NAMES.map((name) => readFileSync(join(cwd, name), 'utf8'));
    expect(readXml(xml ?? '')).toMatchObject({ name: 'testsuites', attributes: { tests: '1', errors: '1' } });
    expect(xml).toContain('<error message="');
    for (const text of [xml, tree, json]) expect(text).toContain(why);
    expect(events).toBe('');
  });

  it('leave an older one where the run may not write it, and name the place of a finding', async () => {
    writeFileSync(join(cwd, 'broken.yaml'), PASSES.replace('hello', '"{{nobody}}"'));
    await run('broken.yaml', '--reporter', 'junit=r.xml', '--reporter', 'junit=passes.yaml/r');
    expect(readFileSync(join(cwd, 'r.xml'), 'utf8')).toMatch(/<testsuite [^>]*file="broken.yaml"/);
  });

  it.each([
    ['passes.yaml', '--help'],
    ['absent.yaml', '--dry-run'],
  ])('are left alone by %s %s', async (file, flag) => {
    writeFileSync(join(cwd, 'r.xml'), OLD);
    await run(file, flag, '--reporter', 'junit=r.xml');
    expect(readFileSync(join(cwd, 'r.xml'), 'utf8')).toBe(OLD);
  });

  it('of a load are removed', async () => {
    for (const name of ['s.json', 'o.csv']) writeFileSync(join(cwd, name), '{}');
    const words = ['load', 'absent.yaml', '--vus', '1', '--summary-export', 's.json', '--out', 'csv=o.csv'];
    const { exitCode } = await callCommand(words, { cwd });
    expect(exitCode).toBe(2);
    for (const name of ['s.json', 'o.csv']) expect(existsSync(join(cwd, name))).toBe(false);
  });
});
