import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

/** The findings of a flow with these steps, with their help. */
function find(steps: readonly string[], env = ''): readonly string[] {
  const text = `name: x${env}\nsteps:\n${steps.map((step) => `  - ${step}`).join('\n')}\n`;
  return planText(text).diagnostics.map(({ code, message, help = [] }) => [`${code} ${message}`, ...help].join(' | '));
}

const fetch = (more = 'output: { cursor: $.body.next }'): string =>
  `{ id: fetch, action: http_request, config: { url: "http://localhost:1/?c={{cursor}}" }, ${more} }`;
const repeat = (more: string, steps: string): string =>
  `{ id: pages, action: repeat, config: { ${more}, max: 3, steps: [ ${steps} ] } }`;
const CARRY = 'carry: { cursor: "" }';

describe('what a loop hands on', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['is known to its steps and conditions', [repeat(`${CARRY}, until: cursor == nil`, fetch())], []],
    ['and to `while`', [repeat(`${CARRY}, while: cursor != nil`, fetch())], []],
    [
      '`until` sees what the round captured, and its results',
      [
        repeat(
          `${CARRY}, until: "seen == 1 or fetch.status == 404"`,
          fetch('output: { cursor: $.body.next, seen: $.body.seen }'),
        ),
      ],
      [],
    ],
    [
      'the keys of those results are checked',
      [repeat(`${CARRY}, until: fetch.stats == 404`, fetch())],
      ['TM104 `fetch` has no `stats` | did you mean `fetch.status`?'],
    ],
    [
      'what only its own step captures needs a first value',
      [repeat('until: cursor == nil', fetch())],
      [
        'TM106 `cursor` is used before it is captured: this step captures it when it has passed | give it a first value, `carry: {cursor: ""}`: each round then has what the one before it captured',
      ],
    ],
    [
      'in `while`, which is judged before the first round, too',
      [repeat('while: more', '{ id: a, action: set, config: { more: "1 > 0" } }')],
      [
        'TM106 `more` is used before it is captured: step `a` (line 3) captures it | give it a first value, `carry: {more: ""}`: each round then has what the one before it captured',
      ],
    ],
    [
      'of another loop it is `repeat` that does it',
      [
        `{ id: each, action: for_each, config: { items: [1], steps: [ { action: log, config: { message: "{{later}}" } }, { id: two, action: set, config: { later: "1" } } ] } }`,
      ],
      [
        'TM106 `later` is used before it is captured: step `two` (line 3) captures it | `action: repeat` hands it on from round to round, with `carry: {later: ""}` as its first value',
      ],
    ],
    [
      'what is read from outside is the same in each round',
      [repeat('until: n > 3', '{ action: set, config: { n: n + 1 } }')],
      [
        'TM227 `n` is the same in each round of `pages`: what a round captures under it does not reach the next one | give it a first value, `carry: {n: "{{n}}"}`: each round then has what the one before it captured',
      ],
    ],
    [
      'but what a round made before is its own',
      [repeat('until: n > 3', '{ action: set, config: { n: "5" } }, { action: set, config: { n: n + 1 } }')],
      [],
    ],
    [
      'what no step captures stays what it is',
      [repeat('carry: { n: 0 }, until: "true"', '{ action: log, config: { message: "{{n}}" } }')],
      [
        'TM227 `n` is carried, and no step of `pages` captures it: it keeps its first value | capture it in a step of the rounds, as in `output: {n: $.body.n}`, or leave it out',
      ],
    ],
    [
      'may not have the name of what a loop around gives',
      [
        `{ id: each, action: for_each, config: { items: [1], steps: [ ${repeat('carry: { item: 0 }, until: item > 3', '{ action: set, config: { item: item + 1 } }')} ] } }`,
      ],
      [
        'TM371 `item` is the name that `each` around gives its steps: it cannot be carried too | give one of the two another name',
      ],
    ],
    [
      'is nil outside when `while` does no round',
      [repeat(`${CARRY}, while: cursor != nil`, fetch()), '{ action: log, config: { message: "{{cursor}}" } }'],
      [
        'TM205 `cursor` is nil when `pages` does no round, as its `while` may have it | `until` does one round at least; or give this step a `when`',
      ],
    ],
    [
      'with `until` it is known outside',
      [repeat(`${CARRY}, until: cursor == nil`, fetch()), '{ action: log, config: { message: "{{cursor}}" } }'],
      [],
    ],
  ])('%s', (_title, steps, expected) => {
    const env =
      expected.some((text) => text.includes('`n` is the same')) || steps.join().includes('n: "5"')
        ? '\nenv: { n: 1 }'
        : '';
    expect(find(steps, env)).toEqual(expected);
  });
});
