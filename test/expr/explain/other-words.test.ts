import { describe, expect, it } from 'vitest';
import { compile, type Explanation, ExprError, type Value } from '../../../src/expr/index.ts';
import { createFunctions } from '../../../src/functions/registry.ts';
import { createEnv, host } from '../support.ts';

const names: { readonly [name: string]: Value } = {
  status: 404,
  n: 5,
  duration_ms: 71,
  times: { total_ms: 70 },
  text: 'Blue mug',
  items: [{ price: 5, qty: 1 }],
  tags: ['a', 'b'],
  body: { id: 7, name: 'Ada', created_at: '2024-01-31T10:00:00Z', tags: ['a'] },
  headers: { 'content-type': 'text/html' },
};

/** What somebody writes who comes from elsewhere, and what stands in the hint. */
const habits: readonly [string, string][] = [
  // Operators.
  ['status !== 404', 'write `!=`'],
  ['status === 404', 'did you mean `==`?'],
  ['status = 404', 'did you mean `==`?'],
  ['status =! 404', 'write `!=`'],
  ['status <> 404', 'write `!=`'],
  ['status => 400', 'write `>=`'],
  ['(status => 400)', 'write `>=`'],
  ['true and (status => 400)', 'write `>=`'],
  ['status =< 400', 'write `<=`'],
  ['status >== 400', 'write `>=`'],
  ['n += 1', 'nothing can be assigned here: write the calculation itself'],
  ['text =~ "^B"', 'write `matches`, as in `name matches "^a"`'],
  ['text =~ /^B\\/x/i', 'write `matches "(?i)^B/x"`'],
  ['text !~ "^B"', 'write `not matches`, as in `name not matches "^a"`'],
  ['text matches /^B/', 'a pattern is a text: `matches "^B"`'],
  ['/^B\\d/g.test(text)', 'write `text matches "^B\\\\d"`'],
  ['text !contains "x"', 'write `not contains`'],
  ['n !in [1]', 'write `not in`'],
  ['n in (1, 2)', 'a list goes in brackets: `in [1, 2]`'],
  ['n not in (1, 2, 3)', 'a list goes in brackets: `in [1, 2, 3]`'],
  ['n in {1, 2}', 'a list goes in brackets: `in [1, 2]`'],
  ['not status == 404', '`not` belongs to what is next to it: write `not (…)` around the comparison'],
  ['not status > 400', '`not` belongs to what is next to it: write `not (…)` around the comparison'],
  ['not text contains "x"', '`not` belongs to what is next to it: write `not (…)` around the comparison'],
  ['not status in [404]', '`not` belongs to what is next to it: write `not (…)` around the comparison'],
  ['(not status) == 404', 'there is no truthiness: compare it with something'],
  ['/body/tags/0/id', 'a path is written with dots: `body.tags[0].id`'],
  ['/body/id', 'a path is written with dots: `body.id`'],
  ['/body/i', 'a pattern is a text: `matches "(?i)body"`'],
  ['random(1, 5)', 'write `random_int(1, 5)`'],
  ['generateUUID()', 'did you mean `uuid`?'],
  ['every(items, .price > 1)', 'there is no function `every`: write `all(items, .price > 1)`'],
  ['some(items, # != 1)', 'there is no function `some`: write `any(items, # != 1)`'],
  ['not every(filter(items, .qty > 0), .qty > 1)', 'there is no function `every`: write `all(list, .qty > 1)`'],
  ['items | some(.qty > 1)', 'there is no function `some`: write `any(list, .qty > 1)`'],
  ['every(items, x => x.qty > 1)', 'an item is `#` within a predicate, without an arrow: `all(items, #.qty > 1)`'],
  ['n in (5)', 'a list goes in brackets, as in `x in [1, 2]`'],
  ['status == 404 | n == 5', 'where one of two conditions is meant, write `or`'],
  ['status == 404 & n == 5', 'did you mean `&&`, or `bitand(a, b)`?'],
  ['status == 404 n == 5', 'join conditions with `and` or `or`'],
  ['"a" if n == 5 else "b"', 'write `condition ? a : b`'],
  // Assertions of other tools.
  ['typeof 1', 'a function call needs parentheses: `type(1)`'],
  ['typeof body.id == "number"', 'a function call needs parentheses: `type(body.id)`'],
  ['expect(status).toBe(200)', 'an assertion is one expression: write `status == 200`'],
  ['expect(status).not.toBe(200)', 'an assertion is one expression: write `status != 200`'],
  ['expect(body.id).to.be.above(5)', 'an assertion is one expression: write `body.id > 5`'],
  ['expect(body).to.have.property("id")', 'an assertion is one expression: write `"id" in body`'],
  ['expect(items).toHaveLength(1)', 'an assertion is one expression: write `len(items) == 1`'],
  ['expect(text).toMatch("^a").not', 'an assertion is one expression: write `not (text matches "^a")`'],
  ['expect(body.id).toBeNull() and n == 5', 'an assertion is one expression: write `body.id == nil`'],
  ['expect(status)', 'an assertion is one expression: write `status == …`'],
  ['assertThat(status).isEqualTo(200)', 'an assertion is one expression: write `status == 200`'],
  ['assert status == 404', 'an assertion is the expression alone: `status == 404`'],
  ['match $.id == 5', 'an assertion is the expression alone: `body.id == 5`'],
  ['assert(status == 404)', 'write `status == 404`'],
  ['assertEquals(status, 404)', 'write `status == 404`'],
  ['assertNotNull(body.id)', 'write `body.id != nil`'],
  ['isinstance(body.id, int)', 'write `type(body.id) == "int"`'],
  ['isinstance(body, dict)', 'write `type(body) == "map"`'],
  ['jsonPath("$.items[0].id") == 5', 'write `body.items[0].id`'],
  ['jsonpath("$.body.id") == 5', 'write `body.id`'],
  ['jsonPath(body, "$.id") == 5', 'write `body.id`'],
  ['jsonPath("$..id") == 5', 'a value is reached by its path, as in `body.items[0].id`'],
  ['body.jsonPath("$.id") == 5', 'write `body.id`'],
  ['$response.body#/items/0/id == 5', 'a path is written with dots: `body.items[0].id`'],
  ['body.id should be 5', 'write `body.id == 5`'],
  ['body.id must equal 5', 'write `body.id == 5`'],
  ['body.id should work', 'compare with `==`, `!=`, `>`, `contains` or `matches`, without other words'],
  ['body.id ShouldEqual 5', 'write `body.id == 5`'],
  ['body.id ShouldNotEqual 5', 'write `body.id != 5`'],
  ['body.id ShouldBeGreaterThanOrEqualTo 5', 'write `body.id >= 5`'],
  ['body.name ShouldContainSubstring "A"', 'write `body.name contains "A"`'],
  ['tags ShouldHaveLength 2', 'write `len(tags) == 2`'],
  ['tags length > 2', 'write `len(tags) > 2`'],
  ['body.x ShouldNotBeNil', 'write `body.x != nil`'],
  [
    'body.created_at ShouldHappenBefore "2025-01-01T00:00:00Z"',
    'write `date(body.created_at) < date("2025-01-01T00:00:00Z")`',
  ],
  ["text starts with 'A'", "write `text startsWith 'A'`"],
  ["text ends with 'A'", "write `text endsWith 'A'`"],
  ['text does not contain "x"', 'write `not (text contains "x")`'],
  ['text doesn\'t contain "x"', 'write `not (text contains "x")`'],
  ['text not empty', 'write `len(text) > 0`'],
  ['text is not empty', 'write `len(text) > 0`'],
  ['n is greater than 3', 'write `n > 3`'],
  ['n is at most 3', 'write `n <= 3`'],
  ['n isInteger', 'write `is_int(n)`'],
  ['n is a string', 'write `is_string(n)`'],
  ['body.tags instanceof Array', 'write `is_array(body.tags)`'],
  ['n is one of [1, 2]', 'write `n in [1, 2]`'],
  ['n isBetween 1 and 5', 'write `1 <= x <= 5`, or `x in 1..5`'],
  ['text icontains "a"', 'write `lower(x) contains "a"`'],
  ['text == "a" ignoring case', 'compare both sides with `lower(…)` around them'],
  ['n is valid', 'compare with `==`'],
  ['header "content-type" == "text/html"', 'write `headers["content-type"]`'],
  ["body matches schema 's.json'", 'write `matches_schema(body, "s.json")`'],
  ['jsonSchema(body, "s.json")', 'write `matches_schema(body, "s.json")`'],
  ['len(range(3)) == 3', 'write `0..2`'],
  ['header:X-Token', 'write `headers["X-Token"]`'],
  ['cookie "sid" exists', 'a cookie stands in its header: `headers["set-cookie"] contains "sid="`'],
  ['xpath "//id" == 3', 'there is no XPath: XML is a text, tested with `body contains "…"` or `body matches "…"`'],
  ['status 200', 'write `status == 200`'],
  ['status: 200', 'write `status == 200`'],
  ['status == 404, n == 5', 'join conditions with `and`, or write each as an item of its own'],
  ['text == "a", tags contains "b"', 'join conditions with `and`, or write each as an item of its own'],
  ['n in 1, 2', 'a list goes in brackets: `in [1, 2]`'],
  ['body.tags.0 == "a"', 'an item of a list is taken with brackets: `body.tags[0]`'],
  ['items.0.price == 5', 'an item of a list is taken with brackets: `items[0].price`'],
  ['text == "#string"', '`#string` is a marker of another tool: write `is_string(text)`'],
  ['body.x == "##number"', '`##number` is a marker of another tool: write `is_number(body.x)`'],
  ['tags == "#[3]"', '`#[3]` is a marker of another tool: write `len(tags) == 3`'],
  ['text == #notnull', '`#notnull` is a marker of another tool: write `text != nil`'],
  ['status in [400..499]', 'the brackets make a list with a list in it: write `status in 400..499`'],
  ['new Date() > n', 'write `now()`, or `date(text)` for another time'],
  // Signs.
  ['status ≠ 404', 'write `!=`'],
  ['n ≤ 5', 'write `<=`'],
  ['n × 5 == 25', 'write `*`'],
  ['n − 1 == 4', 'write `-`'],
  ['text == “Blue mug”', 'write a straight quote: `"`'],
  ['text == ‘Blue mug’', "write a straight quote: `'`"],
  ['text == „Blue mug“', 'write a straight quote: `"`'],
  ['text == \\"x\\"', 'a quote needs no backslash here'],
  ['n ＝ 5', 'write `=`'],
  ['n == \u200b5', 'a zero-width space (U+200B) is here: remove it'],
  ['@.price > 1', 'an item is `#` within a predicate: `filter(list, #.price > 10)`'],
  // Words.
  ['text is nil', 'write `text == nil`'],
  ['text IS NOT NULL', 'write `text != nil`'],
  ['n gt 5', 'write `n > 5`'],
  ['n eq 5', 'write `n == 5`'],
  ['n between 1 and 5', 'write `1 <= x <= 5`, or `x in 1..5`'],
  ['n == 5 AND status == 404', 'write `and` or `&&`'],
  ['text startswith "B"', 'write `startsWith`'],
  ['text ends_with "g"', 'write `endsWith`'],
  ['n mod 2 == 1', 'write `%`'],
  // Placeholders.
  ['{{#if text}}', 'there are no blocks: write `{{condition ? "a" : "b"}}`, or give the step a `when`'],
  ['{{ randInt 1 5 }}', 'write `{{random_int(1, 5)}}`'],
  ['{{randNumeric 5}}', 'write `{{random_int(10000, 99999)}}`'],
  ['{{ randAlphaNum 8 }}', 'write `{{random_string(8)}}`'],
  ['{{ upper "a b" }}', 'arguments stand in parentheses: `{{upper("a b")}}`'],
  ['{{trunc 5 "abc"}}', 'arguments stand in parentheses: `{{trunc(5, "abc")}}`'],
  ['{{/if}}', 'there are no blocks: write `{{condition ? "a" : "b"}}`, or give the step a `when`'],
  [
    '{{#each items}}',
    'there are no blocks: a list is mapped with `{{map(list, .name)}}`, and steps are repeated by `for_each`',
  ],
  ['{{env "HOME"}} == "a"', 'write `{{env("HOME")}}`'],
  ['{{.Env.HOME}} == "a"', 'write `{{env("HOME")}}`'],
  ['{{$processEnv HOME}} == "a"', 'write `{{env("HOME")}}`'],
  ['{{$randomInt 1 10}} == 5', 'write `{{random_int(1, 10)}}`'],
  ['{{$datetime iso8601}} == "a"', 'write `{{ISO_TIMESTAMP}}`, or `{{now().Format("2006-01-02")}}` for another layout'],
  // Numbers.
  ['status == 2xx', 'write `status in 200..299`'],
  ['status != 5XX', 'write `status not in 500..599`'],
  ['status in 40x', 'write `status in 400..409`'],
  ['status == "4xx"', 'int 404 is not string "4xx": a number never equals a text; write `status in 400..499`'],
  ['now() - 5m', 'a length of time is written `duration("5m")`'],
  // Calls.
  ['len items == 1', 'a function call needs parentheses: `len(items)`'],
  ['not empty body.tags', 'write `len(body.tags) == 0`'],
  ['typeof body.name == "string"', 'a function call needs parentheses: `type(body.name)`'],
  ['exists body.id', 'write `body.id != nil`'],
  ['exists(body.id)', 'write `body.id != nil`'],
  ['isEmpty(items)', 'write `len(items) == 0`'],
  ['includes(text, "x")', 'write `text contains "x"` for a text, `"x" in text` for a list or map'],
  ['contains(text, "x")', '`contains` goes between its sides: `text contains "x"`'],
  ['coalesce(body.x, 1)', 'write `body.x ?? 1`'],
  ['size(items)', 'did you mean `len`?'],
  ['toUpperCase(text)', 'did you mean `upper`?'],
  // Methods.
  ['text.includes("x")', 'write `text contains "x"`'],
  ['tags.includes("x")', 'write `"x" in tags`'],
  ['tags.indexOf("x") >= 0', 'write `"x" in tags`, or `findIndex(tags, # == "x")` for its position'],
  ['tags.lastIndexOf("x")', 'write `"x" in tags`, or `findLastIndex(tags, # == "x")` for its position'],
  ['text.indexOf("x")', 'functions go in front: `indexOf(text, "x")`'],
  ['indexOf(tags, "x") >= 0', 'write `item in list`, or `findIndex(list, # == item)` for its position'],
  ['body.contains("x")', 'write `"x" in body`'],
  ['body.id.toString()', 'write `string(body.id)`'],
  ['text.startsWith("B")', 'write `text startsWith "B"`'],
  ['text.toUpperCase()', 'write `upper(text)`'],
  ['items.length()', 'write `len(items)`'],
  ['tags.first()', 'functions go in front: `first(tags)`'],
  ['text.split(" ")', 'functions go in front: `split(text, " ")`'],
  ['text.slice(0, 4)', 'write `text[0:4]`'],
  ['text.match("^B")', 'write `text matches "^B"`'],
  ['body.created_at.Year()', 'convert it to a date: `date(body.created_at).Year()`'],
  ['text.foo()', 'only dates and durations have methods: functions go in front, as in `type(text)`'],
  // Predicates.
  [
    'filter(items, x => x.price > 1)',
    'an item is `#` within a predicate, without an arrow: `filter(items, #.price > 1)`',
  ],
  ['items.every((i) => i.price > 1)', 'an item is `#` within a predicate, without an arrow: `all(items, #.price > 1)`'],
  ['map(items, x -> x.price)', 'an item is `#` within a predicate, without an arrow: `map(items, #.price)`'],
  ['status := 200', 'did you mean `==`?'],
  ['status -> 200', 'write `>=`, or `-` and `>` with a value between them'],
  ['body->status == 200', 'a path is written with dots: `body.status`'],
  [`body->items->0->>'id' == 1`, 'a path is written with dots: `body.items[0].id`'],
  ['items.filter(.price > 1)', 'functions go in front: `filter(items, .price > 1)`'],
  ['filter(items, price > 1)', 'a field of the item is written `.price`'],
  ['all(items, n > 1 and qty > 0)', 'a field of the item is written `.qty`'],
  // Access.
  ['items[] == 1', 'take one item with `[0]`, or a field of each with `map(list, .name)`'],
  ['items[*].price', 'a list is mapped: `map(items, .price)`'],
  ['items[?(@.price > 1)]', 'items are chosen: `filter(items, .price > 1)`'],
  ['items[0, 1]', 'there is one index, or a slice such as `[0:2]`'],
  ['headers.content-type == "a"', 'a key with `-` in it is written `headers["content-type"]`'],
  ['headers.x-request-id == "a"', 'a key with `-` in it is written `headers["x-request-id"]`'],
  ['headers.x-status == 1', 'a key with `-` in it is written `headers["x-status"]`'],
  ['jsonpath "$.status" == "paid"', 'an assertion names keys of the result: write `body.status`'],
  ["jsonpath '$[0].id' == 1", 'an assertion names keys of the result: write `body[0].id`'],
  [
    'jsonpath "$.items[*].id" count == 2',
    'an assertion names keys of the result, as in `body.id` or `any(body.items, .id == 1)`; `output:` takes a JSONPath',
  ],
  // Names.
  ['body.x == None', 'did you mean `nil`?'],
  ['body.x == undefined', 'did you mean `nil`?'],
  ['true == True', 'did you mean `true`?'],
  ['Math.abs(n) == 5', 'functions need no prefix: write `abs(n)`'],
  // Times.
  ['now() - "1h" > now()', 'a length of time is written `duration("1h")`'],
  ['now() + "1 hour" > now()', 'a length of time is written `duration("1h")`'],
  ['now() - 3600 > now()', 'a number has no unit: write `duration("3600s")`'],
  ['duration("1h") < "90 min"', 'a length of time is written `duration("90m")`'],
  ['duration_ms < 500ms', '`duration_ms` is a number of milliseconds: write `500`'],
  ['1.5s > times.total_ms', '`times.total_ms` is a number of milliseconds: write `1500`'],
  ['duration_ms < duration("500ms")', '`duration_ms` is a number of milliseconds: write `500`'],
  ['duration("2s") >= duration_ms', '`duration_ms` is a number of milliseconds: write `2000`'],
  ['n < 500ms', 'a length of time is written `duration("500ms")`'],
  ['n < duration("500ms")', 'a number has no unit: write `duration("5s")`'],
  ['body.created_at < now()', 'convert the text with `date(…)`'],
  ['now() - body.created_at < duration("1h")', 'convert the text with `date(…)`'],
];

/** Conditions that are written out whole. */
const constants: readonly [string, string][] = [
  ['"status == 404"', 'the value is string, not bool: the quotes make it a text: write `status == 404` without them'],
  ['"len(items) > 0"', 'the value is string, not bool: the quotes make it a text: write `len(items) > 0` without them'],
  [
    '"{{status}} == 404"',
    'the value is string, not bool: the quotes make it a text: write `{{status}} == 404` without them',
  ],
  ['"ok"', 'the value is string, not bool: it is a text: compare something with it, as in `body.name == "ok"`'],
  ['404', 'the value is int, not bool: compare something with it, as in `status == 404`'],
  ['-1', 'the value is int, not bool: compare something with it, as in `status == -1`'],
  ['[200, 404]', 'the value is array, not bool: compare something with it, as in `status in [200, 404]`'],
  ['body.id', 'the value is int, not bool: compare it with something, as in `body.id == 7`'],
];

describe('words of other languages', () => {
  it.each(habits)('%s', (source, hint) => {
    const { error, hints } = explain(source);
    expect(error !== undefined || /"4xx"|"#|\[\d+\.\./.test(source), source).toBe(true);
    expect(hints).toContain(hint);
  });

  it.each(constants)('%s as a condition', (source, hint) => {
    expect(explain(source).hints[0]).toBe(hint);
  });

  it.each(['a.b-c', 'body.id - n', 'body.id -n', 'body.id- n'])('are not seen in %s', (source) => {
    const known = createEnv({ ...names, a: { b: 3 }, c: 2 });
    expect(compile(source).evaluate(known, host)).toBe(source.startsWith('a') ? 1 : 2);
  });
});

/** What is said of a source when it is compiled and evaluated over the names. */
function explain(source: string): Pick<Explanation, 'error' | 'hints'> {
  try {
    const options = { functions: createFunctions(), names: new Set(Object.keys(names)), placeholders: true };
    return compile(source, options).explain(createEnv(names), host);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    return { error, hints: error.hint === undefined ? [] : [error.hint] };
  }
}
