import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];
const TEXTS = new Map(PAGES.map((page) => [page, readFileSync(join(ROOT, page), 'utf8')]));
const FLOWS = [...TEXTS].flatMap(([page, text]) =>
  [...text.matchAll(/^```yaml\n((?:name|flow):[\s\S]*?)^```$/gm)].map(([, flow = '']) => ({ page, flow })),
);
let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-readme-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('the flows in the documentation', () => {
  it('are some', () => {
    expect(FLOWS.length).toBeGreaterThan(3);
  });

  it.each(FLOWS)('hold as they stand: $page: $flow', async ({ flow }) => {
    writeFileSync(join(cwd, 'flow.yaml'), flow);
    const { output, errors } = await callCommand(['validate', 'flow.yaml'], { cwd });
    expect(errors + output).toBe('✓ 1 flow in 1 file: 0 errors, 0 warnings\n');
  });
});

describe('the pages', () => {
  it('README is for a newcomer, in 150 lines', () => {
    expect(TEXTS.get('README.md')?.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it.each(PAGES)('%s links to what is there', (page) => {
    const dead = [...(TEXTS.get(page) ?? '').matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].flatMap(
      ([link, path = '', anchor]) => {
        const target = path === '' ? page : join(dirname(page), path);
        if (!existsSync(join(ROOT, target))) return [link];
        return anchor === undefined || listAnchors(TEXTS.get(target) ?? '').includes(anchor) ? [] : [link];
      },
    );
    expect(dead).toEqual([]);
  });
});

/** The anchors that GitHub gives the headings of a page. */
function listAnchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}
