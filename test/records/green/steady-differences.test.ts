import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/expr/index.ts';
import { listSteadyDifferences } from '../../../src/records/green/steady-differences.ts';

/** Where the first of these results is not as the others, newest first. */
const differ = (...results: readonly string[]): readonly string[] => {
  const [now, ...before] = results.map((text) => parseJson(text));
  return listSteadyDifferences(now ?? null, before).differences.map(({ kind, path }) => `${kind} ${path}`);
};

describe('what changed since a step last passed', () => {
  it.each([
    ['{"body": {"total": 60.98}}', '{"body": {"total": 59.98}}', ['changed body.total']],
    ['{"body": {"total": 59.980}}', '{"body": {"total": 59.98}}', []],
    ['{"status": 500}', '{"status": 201, "body": 1}', ['changed status', 'missing body']],
    ['{"rows": [{"s": "a", "n": 1}]}', '{"rows": [{"s": "b"}]}', ['changed rows[0].s', 'extra rows[0].n']],
  ])('%s after %s', (now, before, changed) => {
    expect(differ(now, before)).toEqual(changed);
  });

  it.each([
    ['ids', '{"id": 7, "user_id": 8, "orderId": 9, "ids": [1]}', '{"id": 1, "user_id": 2, "orderId": 3, "ids": [2]}'],
    [
      'times',
      '{"created_at": 5, "updatedAt": "2026-01-31", "duration_ms": 3}',
      '{"created_at": 6, "updatedAt": "2026-02-01", "duration_ms": 4}',
    ],
    ['what was measured', '{"timings": {"wait": 3}, "size": 7}', '{"timings": {"wait": 4}, "size": 8}'],
    [
      'headers of a moment',
      '{"headers": {"date": "Tue, 01 Dec 2026 15:46:57 GMT", "content-length": "3"}}',
      '{"headers": {"date": "Wed, 02 Dec 2026 15:46:57 GMT", "content-length": "4"}}',
    ],
    [
      'what a run makes up within a text',
      '{"name": "grace-0b5ee0a4-7a2f-4c1e-9a57-1f2a3b4c5d6e@x.y"}',
      '{"name": "grace-1c6ff1b5-8b30-4d2f-8b68-2a3b4c5d6e7f@x.y"}',
    ],
    ['ports', '{"next": "http://localhost:3000/a"}', '{"next": "http://localhost:3001/a"}'],
    ['what is masked', '{"note": "***"}', '{"note": "a"}'],
  ])('leaves out %s', (_, now, before) => {
    expect(differ(now, before)).toEqual([]);
  });

  it('leaves out what differs between two passes, at any position of a list', () => {
    expect(differ('{"a": [{"n": 1, "m": 1}]}', '{"a": [{"n": 2, "m": 2}]}', '{"a": [{"n": 3, "m": 2}]}')).toEqual([
      'changed a[0].m',
    ]);
    expect(differ('{"a": {"b": {"c": 1}}}', '{"a": {"b": {"c": 2}}}', '{"a": {"b": 7}}')).toEqual([]);
  });

  it.each([
    ['an id that is nil', '{"user_id": null}', '{"user_id": 5}', ['changed user_id']],
    ['an id that is gone', '{}', '{"user_id": 5}', ['missing user_id']],
    ['an id of another type', '{"id": "5"}', '{"id": 5}', ['changed id']],
    [
      'a time that is none',
      '{"created_at": "garbage"}',
      '{"created_at": "2026-01-31T10:00:00Z"}',
      ['changed created_at'],
    ],
    ['a secret that is nil', '{"api_token": null}', '{"api_token": "***"}', ['changed api_token']],
    ['the end of a long text', `{"s": "${'a'.repeat(5000)}b"}`, `{"s": "${'a'.repeat(5000)}c"}`, ['changed s']],
  ])('tells %s', (_, now, before, changed) => {
    expect(differ(now, before, before)).toEqual(changed);
  });

  it('tells what is nil, and counts for nothing otherwise', () => {
    expect(differ('{"n": null}', '{"n": 1}', '{"n": 2}')).toEqual(['changed n']);
    expect(differ('{"n": 3}', '{"n": 1}', '{"n": 2}')).toEqual([]);
  });

  it('counts what is masked', () => {
    const [now, before] = ['{"a": "***", "b": ["x *** y", 1]}', '{"a": "***", "b": ["x *** y", 1]}'].map((text) =>
      parseJson(text),
    );
    expect(listSteadyDifferences(now ?? null, [before ?? null])).toEqual({ differences: [], masked: 2 });
  });

  it('keeps a text in which more changed than what is made up', () => {
    expect(differ('{"s": "order 2026-01-01 lost"}', '{"s": "order 2026-01-02 done"}')).toEqual(['changed s']);
  });

  it('has nothing to say without a run that passed', () => {
    expect(differ('{"a": 1}')).toEqual([]);
  });
});
