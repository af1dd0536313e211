import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { fakeAction } from '../support/plan-builder.ts';
import { findFlow, findStep, listSteps } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

const PAGES: Readonly<Record<string, { items: number[]; next: string | null }>> = {
  '': { items: [1, 2], next: 'b' },
  b: { items: [3, 4], next: 'c' },
  c: { items: [5], next: null },
};

/** A service that gives a page for a cursor. */
const fetchPage = fakeAction(
  (config) => ({ result: PAGES[(config as { cursor: string }).cursor] ?? { items: [], next: 'again' }, summary: '' }),
  { settings: { schema: z.unknown() }, result: { keys: { items: 'array', next: 'any' } }, judges: true },
);
const actions = { fetch_page: fetchPage };

async function run(steps: string, env = '{ }') {
  const started = startText(`name: x\nenv: ${env}\nsteps:\n${steps}\n`, { actions });
  await started.finish();
  return { ...started, steps: listSteps(started.events), flow: findFlow(started.events) };
}

const FETCH =
  '{ id: fetch, action: fetch_page, config: { cursor: "{{cursor}}" }, output: { cursor: next, page: items } }';
const pages = (more: string, steps = FETCH, id = 'pages'): string =>
  `  - { id: ${id}, action: repeat, config: { ${more}, steps: [ ${steps} ] } }\n`;
const check = (...assertions: string[]): string =>
  `  - { id: check, action: assert, config: { assertions: ${JSON.stringify(assertions)} } }`;
const count = (more = ''): string => `{ id: next, action: set, config: { n: n + 1 }${more} }`;

describe('repeat', () => {
  it('gives the items of three pages, and the captures of the last round', async () => {
    const collect = '{ id: collect, action: set, config: { all: "concat(all, page)" } }';
    const { steps, events } = await run(
      pages('carry: { cursor: "", all: [] }, until: cursor == nil, max: 9', `${FETCH}, ${collect}`) +
        check('all == [1, 2, 3, 4, 5]', 'page == [5]', 'cursor == nil'),
    );
    expect(steps.slice(0, 3)).toEqual(['pages[0]>fetch passed', 'pages[0]>collect passed', 'pages[1]>fetch passed']);
    expect(steps.slice(-2)).toEqual(['pages passed', 'check passed']);
    expect(findStep(events, 'pages')).toMatchObject({
      summary: '3 rounds',
      result: {
        count: 3,
        rounds: [
          { index: 0, outcome: 'passed', captures: { cursor: 'b', page: [1, 2] } },
          { index: 1, outcome: 'passed', captures: { cursor: 'c', page: [3, 4] } },
          { index: 2, outcome: 'passed', captures: { cursor: null, page: [5] } },
        ],
      },
    });
  });

  it('is errored at `max`, and shows what the rounds captured', async () => {
    const { events, flow } = await run(pages('carry: { cursor: never }, until: cursor == nil, max: 12'));
    const step = findStep(events, 'pages');
    expect(flow.outcome).toBe('errored');
    expect(step.problems).toMatchObject([
      { outcome: 'errored', kind: 'expectation', message: '`until` did not hold in 12 rounds: `cursor == nil`' },
    ]);
    const [detail] = step.details;
    expect(detail?.title).toBe('rounds');
    expect(detail?.lines).toHaveLength(11);
    expect(detail?.lines[0]).toBe('   [0]  cursor = "again", page = []');
    expect(detail?.lines[5]).toBe('     …  2 rounds more');
  });

  it.each([
    ['while', 3, 'n < 3', 'passed'],
    ['while', 2, 'n < 3', 'errored'],
    ['until', 3, 'n == 3', 'passed'],
    ['until', 2, 'n == 3', 'errored'],
  ])('judges `%s` when %i rounds are over', async (word, max, condition, outcome) => {
    const { flow } = await run(pages(`carry: { n: 0 }, ${word}: ${condition}, max: ${max}`, count()));
    expect(flow.outcome).toBe(outcome);
  });

  it('judges `until` after the first round, with its results by id too', async () => {
    const condition = 'until: "n == 8 and steps.next.n == 8 and next.n == 8"';
    const { flow } = await run(pages(`carry: { n: 7 }, ${condition}, max: 3`, count()));
    expect(flow.outcome).toBe('passed');
  });

  it('does no round when `while` is false at once: what it captures is nil then', async () => {
    const { steps, events } = await run(
      pages('carry: { n: 0 }, while: n > 0, max: 3', `${count()}, { id: more, action: set, config: { seen: "1" } }`) +
        check('n == nil', 'seen == nil', 'pages.count == 0', 'pages.rounds == []'),
    );
    const reason = 'not reached: `while` is false before the first round';
    expect(steps).toEqual([
      `pages>next skipped: ${reason}`,
      `pages>more skipped: ${reason}`,
      'pages passed',
      'check passed',
    ]);
    expect(findStep(events, 'pages').notes).toEqual([
      '`while` is false before the first round: nothing was done, and nothing was checked',
    ]);
  });

  it('keeps the value of what a round does not capture, says so, and gives it outside', async () => {
    const { events, flow } = await run(
      pages(
        'carry: { n: 0, last: none }, until: n == 3, max: 5',
        `${count()}, { when: n == 2, action: set, config: { last: n } }`,
      ) + check('last == 2'),
    );
    expect(flow.outcome).toBe('passed');
    expect(findStep(events, 'pages').notes).toEqual([
      '`last` was not captured in 2 of 3 rounds, first in `pages[0]`, and kept its value',
    ]);
  });

  it('gives the later steps of a round what it captured', async () => {
    const { flow } = await run(
      pages(
        'carry: { n: 0 }, until: n == 2, max: 5',
        `${count()}, { action: assert, config: { assertions: [n > 0] } }`,
      ),
    );
    expect(flow.outcome).toBe('passed');
  });

  it.each([
    ['fails with a round that fails', 'n < 2', 'failed'],
    ['is errored with a round that is', 'n / "x" > 0', 'failed'],
  ])('%s, and does no further one', async (_title, assertion, outcome) => {
    const { steps, flow } = await run(
      pages(
        'carry: { n: 0 }, until: n == 5, max: 9',
        `${count()}, { id: see, action: assert, config: { assertions: ['${assertion}'] } }`,
      ),
    );
    expect(flow.outcome).toBe(outcome);
    expect(steps.at(-1)).toBe('pages failed');
    expect(steps.filter((step) => step.includes('see')).length).toBe(assertion.startsWith('n <') ? 2 : 1);
  });

  it.each([
    ['until', 'word > 1', /`word > 1` cannot be evaluated/],
    ['until', 'word', /`word` is not a bool: expected true or false, got string/],
    ['while', 'word', /`word` is not a bool/],
  ])('is errored where `%s: %s` cannot be judged', async (key, condition, message) => {
    const { events, flow } = await run(pages(`carry: { n: 0 }, ${key}: ${condition}, max: 9`, count()), '{ word: x }');
    expect(flow.outcome).toBe('errored');
    expect(findStep(events, 'pages').problems[0]?.message).toMatch(message);
  });

  it('keeps the last 100 rounds, and the count of all', async () => {
    const { events } = await run(pages('carry: { n: 0 }, until: n == 130, max: 200', count()));
    const { result } = findStep(events, 'pages') as unknown as {
      result: { count: number; rounds: { index: number }[] };
    };
    expect(result.count).toBe(130);
    expect(result.rounds).toHaveLength(100);
    expect(result.rounds[0]?.index).toBe(30);
  });

  it('stands inside of a loop and around one', async () => {
    const inner = `{ id: each, action: for_each, config: { items: [1, 2], item_name: k, steps: [ { id: see, action: assert, config: { assertions: [n + k > 0] } } ] } }`;
    const loop = pages('carry: { n: "{{item}}" }, while: n < 3, max: 5', `${count()}, ${inner}`).trim().slice(2);
    const { steps, flow } = await run(
      `  - { id: outer, action: for_each, config: { items: [1, 2], steps: [ ${loop} ] } }\n`,
    );
    expect(flow.outcome).toBe('passed');
    expect(steps).toContain('outer[0]>pages[1]>each[1]>see passed');
    expect(steps.filter((step) => step.startsWith('outer[1]>pages['))).toHaveLength(4);
  });

  it('says when nothing ran in any round', async () => {
    const { events } = await run(
      pages('until: "true", max: 2', '{ skip: later, action: log, config: { message: hi } }'),
    );
    expect(findStep(events, 'pages').notes).toEqual([
      'no step ran in any round, since all were skipped: nothing was checked',
    ]);
  });
});
