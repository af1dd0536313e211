import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const withAgree = (agree: string, more = '') =>
  planText(`name: a flow
agree: ${agree}
steps:
  - id: place
    action: http_request
    config: { url: "http://shop.test/orders" }
    assert: [status == 200]
    output: { order_id: $.body.id }
${more}`);

describe('agree', () => {
  it.each([
    ['auto', 'auto'],
    ['off', undefined],
    ['false', undefined],
  ])('takes %s', (word, plan) => {
    const planned = withAgree(word, '  - { action: log, config: { message: "{{order_id}}" } }\n');
    expect(findingsOf(planned)).toEqual([]);
    expect(planned.flows[0]?.agree).toBe(plan);
  });

  it('takes things, whose ids use what the flow captures', () => {
    const planned = withAgree(
      '{ order: { id: "{{order_id}}", fields: [total, items.quantity], except: [updated_at] } }',
    );
    expect(findingsOf(planned)).toEqual([]);
    const { agree } = planned.flows[0] ?? {};
    const [thing] = Array.isArray(agree) ? agree : [];
    expect(thing?.name).toBe('order');
    const names = new Map([['order_id', 'o-1']]);
    expect(thing?.settings.render(names, { now: () => 0 })).toEqual({
      id: 'o-1',
      fields: ['total', 'items.quantity'],
      except: ['updated_at'],
    });
  });

  it.each([
    ['', ['TM103 2:1 `agree` is empty', 'TM201 8:15 `order_id` is never used']],
    ['yes', ['TM103 2:8 `agree`: expected `auto`, `off` or a map of things, got string "yes"', expect.anything()]],
    ['true', ['TM103 2:8 `agree`: expected `auto`, `off` or a map of things, got bool true', expect.anything()]],
    ['[order]', ['TM103 2:8 `agree`: expected `auto`, `off` or a map of things, got a list', expect.anything()]],
    ['{ order: auto }', ['TM103 2:17 `agree.order`: expected a map with `id`, got string "auto"', expect.anything()]],
    ['{ order: }', ['TM103 2:10 `agree.order`: expected a map with `id`, got nothing', expect.anything()]],
    ['{ "the order": { id: 1 } }', ['TM108 2:10 `the order` cannot be the name of a thing', expect.anything()]],
    ['{ order: {} }', [expect.stringMatching(/^TM102 2:10 .*`id`/), expect.anything()]],
    ['{ order: { id: "{{order_id}}", feilds: [total] } }', ['TM101 2:39 unknown key `feilds` in `agree.order`']],
    ['{ order: { id: "{{order_id}}", fields: total } }', [expect.stringMatching(/^TM103 2:47 .*fields/)]],
    ['{ order: { id: "{{ordr_id}}" } }', ['TM104 2:26 unknown name `ordr_id`']],
  ])('refuses %s', (agree, findings) => {
    expect(findingsOf(withAgree(agree))).toEqual(findings);
  });

  it.each([
    ['auto', []],
    ['off', [expect.stringMatching(/^TM213 .* `total` is read but never checked/)]],
  ])('%s: columns and events of which nothing is asserted are looked at, or warned of', (word, findings) => {
    const query = `SELECT id, total FROM orders WHERE id = $1`;
    const more = `  - id: stored
    action: database_query
    config: { connection: "postgres://localhost/shop", query: "${query}", params: ["{{order_id}}"] }
    assert: [row_count == 1, first_row.id == order_id]
`;
    expect(findingsOf(withAgree(word, more))).toEqual(findings);
  });
});
