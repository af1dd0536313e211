import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const find = (step: string, until: string): readonly string[] =>
  findingsOf(
    planText(
      `name: x\nenv: { n: 1 }\nsteps:\n  - { id: p, action: poll, config: { step: ${step}, until: '${until}' } }\n`,
    ),
  );
const SAME = 'TM227 4:11 nothing can change in `p`: its step asks nobody, and has the same names at each look';
const assert = '{ action: assert, config: { data: { a: "{{n}}" }, assertions: [a > 0] } }';

describe('a poll in whose step nothing can change', () => {
  it.each([
    [assert, 'a == 3'],
    ['{ action: set, config: { m: n + 1 } }', 'm > 3'],
    ['{ action: log, config: { message: hi } }', 'message == "ho"'],
  ])('is told: %s until %s', (step, until) => {
    expect(find(step, until)).toContain(SAME);
  });

  it.each([
    [assert, 'now() > date("2030-01-01")'],
    ['{ action: set, config: { m: "random_int(1, 6)" } }', 'm == 6'],
    ['{ action: log, config: { message: "{{TIMESTAMP}}" } }', 'message == "ho"'],
    ['{ action: log, config: { message: "{{uuid()}}" } }', 'message == "ho"'],
    ['{ action: http_request, config: { url: "http://localhost:1" } }', 'status == 200'],
  ])('is none where something may: %s until %s', (step, until) => {
    expect(find(step, until).filter((text) => text.startsWith('TM227'))).toEqual([]);
  });
});
