import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { OutputMistake } from '../../../src/load/metrics/samples.ts';
import { createOutput } from '../../../src/load/outputs/registry.ts';
import { makeWorld, removeTestFolders } from './made-samples.ts';
import { ABOUT, BASE, playLoad, SUMMARY } from './page/made-load.ts';

afterAll(removeTestFolders);

const BAD_BASE = JSON.stringify({
  ...BASE,
  steps: BASE.steps.map((step) => ({ ...step, values: { med: '<b>1</b>' } })),
});

async function write(target: string, { base = '' }: { base?: string } = {}) {
  const world = makeWorld();
  if (base !== '') writeFileSync(join(world.folder, 'base.json'), base);
  const output = await createOutput(`html=${target}`, world);
  await output.start(ABOUT);
  playLoad(output);
  return { output, read: (file: string) => readFileSync(join(world.folder, file), 'utf8') };
}

describe('the report', () => {
  it('is one page: verdict, thresholds, tables, charts, what failed, and the base beside it', async () => {
    const { output, read } = await write('out/report.html,base=base.json', { base: JSON.stringify(BASE) });
    output.takeSummary?.(SUMMARY);
    expect(await output.close()).toEqual({ written: 0, lost: 0, notes: [] });
    const page = read('out/report.html');
    await expect(page.slice(page.indexOf('<main>'), page.indexOf('</main>'))).toMatchFileSnapshot(
      'golden/page/report.html.txt',
    );
  });

  it('loads nothing, runs nothing, and keeps names text', async () => {
    const { output, read } = await write('report.html');
    output.takeSummary?.(SUMMARY);
    await output.close();
    const page = read('report.html');
    expect(page).not.toMatch(/<script|<img|<b>shop|\son\w+=(?!alert)|javascript:/i);
    expect(page).not.toMatch(/\b(?:src|href|action)="(?!data:,")|url\(|@import|https?:/i);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:;`);
  });

  it('says so where the load did not come to its end, rather than be an earlier report', async () => {
    const { output, read } = await write('report.html');
    expect(read('report.html')).toContain('has not come to its end');
    await output.close();
    expect(read('report.html')).toContain('has not come to its end');
  });

  it.each([
    ['a base that is not there', 'report.html,base=none.json', ''],
    ['a base that is no JSON', 'report.html,base=base.json', 'name: x'],
    ['a base that is something else', 'report.html,base=base.json', '{"version": 1, "run": {}, "steps": []}'],
    ['a base whose durations are none', 'report.html,base=base.json', BAD_BASE],
    ['a page below a file', 'base.json/report.html', 'x'],
  ])('does not begin with %s', async (name, target, base) => {
    const mistake = await write(target, { base }).catch((error: unknown) => error);
    expect(mistake).toBeInstanceOf(OutputMistake);
    const { message, help } = mistake as OutputMistake;
    await expect([message, ...help, ''].join('\n')).toMatchFileSnapshot(`golden/page/${name.replaceAll(' ', '-')}.txt`);
  });

  it('tells at the end that it could not be written', async () => {
    const world = makeWorld();
    const output = await createOutput('html=out/report.html', world);
    await output.start(ABOUT);
    playLoad(output);
    output.takeSummary?.(SUMMARY);
    rmSync(join(world.folder, 'out'), { recursive: true });
    mkdirSync(join(world.folder, 'out/report.html'), { recursive: true });
    const { notes } = await output.close();
    expect(notes).toEqual([expect.stringContaining('`out/report.html` was not written: ')]);
  });
});
