import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReporter } from '../../../src/reporters/registry.ts';
import { EventBuilder, failedAssertion } from '../../support/events.ts';
import { answerHttp, sendHttp } from '../../support/exchanges.ts';
import { repeats, sample } from '../../support/sample.ts';
import { describeWithPrograms } from '../../support/servers/programs.ts';

const inFullRun = it.runIf(repeats('further tests of the report in a browser', 1, 0) > 0);

const BREAKOUT = `</script><img src=x onerror="document.title='broken out'"><b id="injected">x</b>`;
const LONG_LINE = `{"text":"${'x'.repeat(5_000_000)}"}`;

/** Three flows: one failed with texts that are meant to break out and a line of 5 MB, one with a loop, one that was skipped. */
function buildRun(): EventBuilder {
  const exchange = (body: string) =>
    answerHttp(sendHttp('POST http://localhost:1/orders', { headers: { 'x-test': BREAKOUT }, body: BREAKOUT }), {
      status: 500,
      contentType: 'application/json',
      body,
    });
  const failed = { outcome: 'failed', problems: [{ ...failedAssertion(), message: BREAKOUT }] } as const;
  const rows = Array.from({ length: 40 }, (_, at) => ({ id: at, name: `${BREAKOUT} ${at}` }));
  return new EventBuilder()
    .run()
    .flow({ name: `a ${BREAKOUT}`, tags: ['smoke'] })
    .step('setup/seed')
    .step('hostile', {
      ...failed,
      exchange: exchange(BREAKOUT),
      summary: BREAKOUT,
      notes: [BREAKOUT],
      details: [{ title: BREAKOUT, lines: [BREAKOUT] }],
    })
    .step('large', { exchange: exchange(LONG_LINE) })
    .step('rows', {
      exchange: {
        protocol: 'sql',
        database: {
          dialect: 'postgres',
          name: 'h:1/d',
          host: 'h',
          port: 1,
          database: 'd',
          user: 'u',
          hasPassword: false,
          tls: 'disable',
        },
        query: 'SELECT * FROM t',
        statements: [{ text: 'SELECT * FROM t', parameters: [] }],
        response: { summary: '40 rows', columns: ['id', 'name'], rows, rowCount: 40, changed: 0 },
      },
    })
    .step('teardown/bye')
    .endFlow('failed')
    .flow({ name: 'green' })
    .step('only', { captures: [{ name: 'who', value: BREAKOUT, isSecret: false }] })
    .endFlow('passed')
    .flow({ name: 'second red' })
    .step('again', failed)
    .endFlow('failed')
    .endRun('failed');
}

describeWithPrograms('the report in a browser', ['chromium'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'testmesh-html-'));
  const file = join(folder, 'report.html');
  const said: string[] = [];
  let browser: Browser;

  beforeAll(async () => {
    const written: string[] = [];
    await buildRun().play(await createReporter('html', { write: (text) => written.push(text) }));
    writeFileSync(file, written.join(''));
    const path = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
    browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(size: { width: number; colorScheme?: 'light' | 'dark' }, hash = ''): Promise<Page> {
    const { width, colorScheme = 'light' } = size;
    // Its own script is all that may run: the rules of the page are passed by for what looks at it.
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('request', (request) => {
      if (!/^(?:file|data):/.test(request.url())) said.push(`asked for ${request.url()}`);
    });
    await page.goto(`${pathToFileURL(file).href}${hash}`);
    await page.locator('section.flow').first().waitFor();
    return page;
  }

  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
  const row = (page: Page, name: string | RegExp) =>
    page.locator('button.row').filter({ has: page.locator('.name').filter({ hasText: name }) });

  describe.each(sample('widths of a browser', [360, 1024, 1920], { count: 0 }))('%i px wide', (width) => {
    it.each(sample('colour schemes', ['light', 'dark'] as const, { count: 1 }))(
      'has nothing serious for axe to find, and fits: %s',
      async (colorScheme) => {
        const page = await open({ width, colorScheme });
        for (const name of [/^hostile/, /^large/, /^rows/]) {
          const step = row(page, name);
          await step.waitFor();
          if ((await step.getAttribute('aria-expanded')) === 'false') await step.click();
        }
        await page.getByText('40 rows').first().waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
        await page
          .context()
          .newCDPSession(page)
          .then((session) => session.send('Page.setBypassCSP', { enabled: true }));
        await page.reload();
        await page.locator('section.flow').first().waitFor();
        await row(page, /^hostile/).waitFor();
        await page.addScriptTag({ content: axe.source });
        const found = await page.evaluate(async () => {
          const { axe: looks } = globalThis as unknown as {
            axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
          };
          const { violations } = await looks.run();
          return violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
        });
        expect(found).toEqual([]);
        await page.context().close();
      },
    );
  });

  it('shows what a run brought as text, runs none of it, and says nothing on the console', async () => {
    const page = await open({ width: 1024 });
    await row(page, /^green/).click();
    await row(page, /^only/).click();
    await page.getByText(BREAKOUT).first().waitFor();
    expect(await page.title()).toBe('testmesh: 2 of 3 failed');
    expect(await page.locator('#injected').count()).toBe(0);
    expect(await page.locator('img').count()).toBe(0);
    await page.context().close();
    expect(said).toEqual([]);
  });

  inFullRun('shows a line of 5 MB when it is asked for it', async () => {
    const page = await open({ width: 1024 });
    await row(page, /^large/).click();
    const all = button(page, /^show all 5,000/);
    await all.click();
    expect(
      await page.locator('pre.body').evaluateAll((all) => Math.max(...all.map((one) => one.textContent?.length ?? 0))),
    ).toBeGreaterThan(5_000_000);
    await page.context().close();
  });

  inFullRun('is used by keyboard alone: to failures, into steps, to the search', async () => {
    const page = await open({ width: 1024 });
    const focused = () =>
      page.evaluate<string>(
        "document.activeElement.querySelector('.name')?.firstChild.textContent ?? document.activeElement.getAttribute('aria-label') ?? ''",
      );
    await page.keyboard.press('j');
    expect(await focused()).toContain('a </script>');
    await page.keyboard.press('j');
    expect(await focused()).toContain('second red');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    expect(await row(page, /^a <\/script>/).getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('Enter');
    const seen = new Set<string>();
    for (let at = 0; at < 40; at++) {
      await page.keyboard.press('Tab');
      seen.add(await focused());
    }
    expect([...seen]).toEqual(expect.arrayContaining(['hostile', 'large', 'rows']));
    await page.keyboard.press('/');
    expect(await focused()).toBe('search');
    await page.keyboard.type('green');
    expect(await page.locator('section.flow:visible').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.locator('section.flow:visible').count()).toBe(3);
    await page.context().close();
  });

  inFullRun('has a link to each step, which opens it', async () => {
    const page = await open({ width: 1024 });
    const href = await page.getByRole('link', { name: 'link to this step' }).first().getAttribute('href');
    const other = await open({ width: 1024 }, href?.replace(/[^/]*$/, 'rows') ?? '');
    await other.getByText('40 rows').first().waitFor();
    expect(await other.evaluate("document.activeElement.querySelector('.name').textContent")).toBe('rows');
    await page.context().close();
    await other.context().close();
  });

  inFullRun('filters by outcome', async () => {
    const page = await open({ width: 1024 });
    await button(page, 'passed 1').click();
    expect(await page.locator('section.flow:visible').count()).toBe(1);
    await button(page, 'failed 2').click();
    expect(await page.locator('section.flow:visible').count()).toBe(2);
    await page.context().close();
  });
});
