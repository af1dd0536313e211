import { describe, expect, it } from 'vitest';
import { planText } from '../../../support/plan-text.ts';

const ACTIONS = {
  http_request: 'url: "http://localhost/"',
  database_query: 'connection: "postgres://localhost/x", query: "select 1"',
  uncounted: 'connection: "postgres://localhost/x", query: "with d as (delete from t returning id) select id from d"',
  poll: 'until: status == 200, step: { action: http_request, config: { url: "http://localhost/" } }',
};

/** What is said of an assertion: the message, the place and the help. */
function find(assertion: string, action: keyof typeof ACTIONS = 'http_request'): readonly string[] {
  const name = action === 'uncounted' ? 'database_query' : action;
  const step = `{ action: ${name}, config: { ${ACTIONS[action]} }, assert: [${JSON.stringify(assertion)}] }`;
  const { diagnostics } = planText(`name: x\nenv: { NAME: Ada, OTHER: Bea }\nsteps:\n  - ${step}\n`);
  return diagnostics
    .filter(({ code }) => code === 'TM208')
    .map(({ message, span, help = [] }) =>
      [message, span && JSON.parse(`"${span.file.text.slice(span.start, span.end)}"`), ...help].join(' | '),
    );
}

describe('a comparison of a comparison with what is not a bool', () => {
  const help = 'write each comparison by itself, joined by `and`';
  it.each([
    ['status == 500 != nil', 'nil', 'this always holds: `status == 500` is a bool, and nil is none'],
    [
      'status == 500 - body.id != 8',
      '8',
      'this always holds: `status == 500 - body.id` is a bool, and `8` is a number',
    ],
    ['body.name == "Bob" != "x"', '"x"', 'this always holds: `body.name == "Bob"` is a bool, and `"x"` is a string'],
    ['(status == 500) != 8', '8', 'this always holds: `status == 500` is a bool, and `8` is a number'],
    ['(1 in body.ids) == status', 'status', 'this can never hold: `1 in body.ids` is a bool, and `status` is a number'],
  ])('%s', (assertion, place, message) => {
    expect(find(assertion)).toEqual([`${message} | ${place} | ${help}`]);
  });

  it.each(['(status == 200) == body.ok', '(status == 200) == true', 'body.a == (body.b == 1)', '1 < body.a < 9'])(
    'is none in %s',
    (assertion) => expect(find(assertion)).toEqual([]),
  );
});

describe('an operand of `or` and `and` that is not a condition', () => {
  it.each([
    ['status == 200 or 201', '201', 'or', 'a number', 'write `status in [200, 201]`'],
    ['status == 200 or 201 or 204', '201', 'or', 'a number', 'write `status in [200, 201, 204]`'],
    ['status == 200 || 201', '201', 'or', 'a number', 'write `status in [200, 201]`'],
    ['body.a == "x" or "y"', '"y"', 'or', 'a string', 'write `body.a in ["x", "y"]`'],
    ['body.a != "x" and "y"', '"y"', 'and', 'a string', 'write `body.a not in ["x", "y"]`'],
    ['body.a != "x" or "y"', '"y"', 'or', 'a string', 'write `body.a not in ["x", "y"]`'],
    [
      'body.a contains "x" or "y"',
      '"y"',
      'or',
      'a string',
      'write the whole condition, as in `body.a contains "x" or body.a contains "y"`',
    ],
    ['body.a > 1 and 2', '2', 'and', 'a number', 'write the whole condition, as in `body.a > 1 and body.a > 2`'],
    ['status == 200 and status', 'status', 'and', 'a number', 'compare it with something: there is no truthiness'],
    ['body.ok and "x"', '"x"', 'and', 'a string', 'compare it with something: there is no truthiness'],
    ['any(body, .a == 1 or 2)', '2', 'or', 'a number', 'write `.a in [1, 2]`'],
  ])('%s', (assertion, place, operator, what, help) => {
    const message = `\`${place}\` is ${what}, not a bool: \`${operator}\` joins whole conditions`;
    expect(find(assertion)).toEqual([`${message} | ${place} | ${help}`]);
  });

  it.each([
    'status == 200 or body.ok',
    'body.ok and true',
    'not body.ok or status == 201',
    '(body.a ?? 1) == 2 or body.b',
  ])('is none in %s', (assertion) => expect(find(assertion)).toEqual([]));
});

describe('conditions that exclude each other', () => {
  it.each([
    [
      'body.status != "new" or body.status != "open"',
      'this always holds: `body.status` is never both "new" and "open"',
      'write `body.status not in ["new", "open"]`',
    ],
    [
      'body.status != 1 or "x" in body.tags or 2 != body.status or body.status != 3',
      'this always holds: `body.status` is never both 1 and 2',
      'write `body.status not in [1, 2, 3]`',
    ],
    [
      'body.status == "new" and body.status == "open"',
      'this can never hold: `body.status` is never both "new" and "open"',
      'write `body.status in ["new", "open"]`',
    ],
  ])('%s', (assertion, message, help) => {
    expect(find(assertion)).toEqual([`${message} | ${assertion} | ${help}`]);
  });

  it.each([
    'body.status != "new" and body.status != "open"',
    'body.status == "new" or body.status == "open"',
    'body.status != "new" or body.state != "open"',
    'body.status != NAME or body.status != OTHER',
    'body.status != 1 or body.status != 1.0',
    'random_int(1, 2) != 1 or random_int(1, 2) != 2',
  ])('are none in %s', (assertion) => expect(find(assertion)).toEqual([]));
});

describe('a comparison of something with itself', () => {
  const help = 'compare it with what is expected: a value, or a name that an earlier step or `env` gives';
  it.each([
    ['body.email == body.email', 'body.email == body.email', 'body.email'],
    ['status == 200 and len(body.a) <= len( body.a )', 'len(body.a) <= len( body.a )', 'len(body.a)'],
    ['len(body) == len(body)', 'len(body) == len(body)', 'len(body)'],
    ['any(body, .a == .a)', '.a == .a', '.a'],
    ['NAME != NAME', 'NAME != NAME', 'NAME'],
    ['body.a contains body.a', 'body.a contains body.a', 'body.a'],
  ])('%s', (assertion, place, text) => {
    expect(find(assertion)).toEqual([`\`${text}\` is compared with itself: this checks nothing | ${place} | ${help}`]);
  });

  it.each(['body.a == body.b', 'uuid() == uuid()', 'body.a - body.a == 0', 'body.a in body.a'])(
    'is none in %s',
    (assertion) => expect(find(assertion)).toEqual([]),
  );
});

describe('a condition that reads nothing', () => {
  const help = 'compare something that came back with what is expected, as in `body.name == "Ada"`';
  it.each(['1 == 1', 'true', 'not false', '"a" != "b"', 'len([1]) == 1', '1 < 2 < 3', 'let x = 1; 2 > 1'])(
    '%s',
    (assertion) => {
      expect(find(assertion)).toEqual([
        `this always holds: it reads nothing of what came back | ${assertion} | ${help}`,
      ]);
    },
  );

  it.each([
    ['status == 500 or true', 'true'],
    ['true or status == 500', 'true'],
    ['status == 500 or body.ok or 1 == 1', '1 == 1'],
    ['status == 200 and (body.ok or not false)', 'not false'],
  ])('and decides: %s', (assertion, place) => {
    const decided = 'leave it out: with it the rest of the condition checks nothing';
    expect(find(assertion)).toEqual([
      `this always holds: \`${place}\` is true whatever comes back | ${place} | ${decided}`,
    ]);
  });

  it.each([
    ['status == 500 or status != 500', 'status == 500'],
    ['body.a < 5 or body.ok or body.a >= 5', 'body.a < 5'],
    ['body.ok or not body.ok', 'body.ok'],
    ['not (body.a == 1) or body.a == 1', 'not (body.a == 1)'],
  ])('and stands beside its opposite: %s', (assertion, place) => {
    const message = `this always holds: \`${place}\` is so, or the opposite is`;
    expect(find(assertion)).toEqual([`${message} | ${assertion} | leave one of them out`]);
  });

  it.each([
    'status == 500 and status != 501',
    'body.a < 5 or body.a > 5',
    'body.ok or not body.other',
    'random_int(1, 2) == 1 or random_int(1, 2) != 1',
    'status == 200 and true',
    'status == 500 or false',
    '1 == 2',
    'uuid() != "a"',
    'random_int(1, 2) < 3',
    'NAME == "Ada"',
    '"{{NAME}}" == "Ada"',
    '$env["NAME"] == "Ada"',
  ])('is none in %s', (assertion) => expect(find(assertion)).toEqual([]));

  it('may be a `when`, which is switched by hand', () => {
    const { diagnostics } = planText('name: x\nsteps:\n  - { action: log, when: "true", config: { message: a } }\n');
    expect(diagnostics).toEqual([]);
  });
});

describe('a pattern that finds something in every text', () => {
  it.each(['.*', '^.*$', '', '^', '[a-z]*', 'paid|', '(paid)?', '^\\\\s*'])('%s', (pattern) => {
    const message = 'this holds of every text: the pattern finds something in each, the empty one too';
    const help = 'write what the text has to be, from `^` to `$`; that it is a text says `is_string(…)`';
    expect(find(`body.a matches "${pattern}"`)).toEqual([`${message} | "${pattern}" | ${help}`]);
  });

  it.each(['.+', '^.+$', '^$', '^paid', '\\\\d*\\\\.', '^[a-z]*$'])('is none in %s', (pattern) => {
    expect(find(`body.a matches "${pattern}"`)).toEqual([]);
  });
});

describe('a claim that holds of everything, since it asks for nothing', () => {
  const text = 'write what has to stand there; that a text is empty says `== ""`';
  it.each([
    ['body.a contains ""', 'text: the empty one is in each', '""', text],
    ['body.a startsWith ""', 'text: the empty one is in each', '""', text],
    ['not (body.a endsWith "")', 'text: the empty one is in each', '""', text],
    ['hasPrefix(body.a, "")', 'text: the empty one is in each', '""', text],
    ['hasSuffix(body.a, "")', 'text: the empty one is in each', '""', text],
    ['indexOf(body.a, "") >= 0', 'text: the empty one is in each', '""', text],
    ['lastIndexOf(body.a, "") != -1', 'text: the empty one is in each', '""', text],
    [
      'contains_all(body.a, [])',
      'list: no items are expected',
      '[]',
      'write the items that it has to have; that it has none says `len(…) == 0`',
    ],
    [
      'matches_partial(body.a, {})',
      'map: no fields are expected',
      '{}',
      'write the fields that it has to have; that it is a map says `is_map(…)`',
    ],
  ])('%s', (assertion, rest, place, help) => {
    expect(find(assertion)).toEqual([`this holds of every ${rest} | ${place} | ${help}`]);
  });

  it.each([
    'body.a contains "x"',
    'hasPrefix(body.a, "x")',
    'indexOf(body.a, "x") >= 0',
    'contains_all(body.a, [1])',
    'matches_partial(body.a, {b: 1})',
    'same_items(body.a, [])',
    'body.a == ""',
  ])('is none in %s', (assertion) => expect(find(assertion)).toEqual([]));
});

describe('a number of things that is compared with less than there can be', () => {
  const many = 'write `> 0` where there has to be something, `== 0` where nothing may be';
  it.each([
    ['len(body.items) >= 0', 'always holds', 'len(body.items)', many],
    ['0 <= len(body.items)', 'always holds', 'len(body.items)', many],
    ['len(body.items) > -1', 'always holds', 'len(body.items)', many],
    ['count(body.items, .a == 1) != -1', 'always holds', 'count(body.items, .a == 1)', many],
    ['len(body.items) < 0', 'can never hold', 'len(body.items)', many],
    ['len(body.items) == -1', 'can never hold', 'len(body.items)', many],
    ['len(body.items) <= -1', 'can never hold', 'len(body.items)', many],
    [
      'duration_ms >= 0',
      'always holds',
      'duration_ms',
      'write the longest time that is allowed, as in `duration_ms < 500`',
    ],
    ['0 <= size', 'always holds', 'size', 'write the number that is expected: `size == …`'],
    ['status >= 0', 'always holds', 'status', 'write the number that is expected: `status == …`'],
  ])('%s', (assertion, outcome, number, help) => {
    expect(find(assertion)).toEqual([`this ${outcome}: \`${number}\` is never below 0 | ${assertion} | ${help}`]);
  });

  it('knows the numbers of a result', () => {
    expect(find('row_count >= 0', 'database_query')).toHaveLength(1);
    expect(find('len(rows) >= 0', 'database_query')).toHaveLength(1);
    expect(find('rows_affected >= 0', 'database_query')).toHaveLength(1);
    expect(find('rows_affected >= 0', 'uncounted')).toEqual([]);
    expect(find('rows_affected != nil', 'uncounted')).toEqual([]);
    expect(find('(let row_count = body; row_count >= 0)', 'database_query')).toEqual([]);
  });

  it.each([
    'len(body) > 0',
    'len(body) >= 1',
    'len(body) <= 0',
    'len(body) == 0',
    'len(body) != 0',
    'body.n >= 0',
    'indexOf(body.a, "x") > -1',
  ])('says something in %s', (assertion) => expect(find(assertion)).toEqual([]));
});

it('looks at `until` as well', () => {
  const text = `name: x
steps:
  - action: poll
    config:
      step: { action: http_request, config: { url: "http://localhost/" } }
      until: [status == 200 or 201, body.a == body.a]
`;
  expect(planText(text).diagnostics.map(({ code }) => code)).toEqual(['TM208', 'TM208']);
});
