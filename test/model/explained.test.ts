import { describe, expect, it } from 'vitest';
import { maskEvent } from '../../src/engine/events/mask-event.ts';
import { createSecrets } from '../../src/engine/events/secrets.ts';
import { checkExpression } from '../../src/engine/outcome/check-expression.ts';
import { ExactNumber, type Value } from '../../src/expr/index.ts';
import { decodeEvent, encodeEvent } from '../../src/model/event-table/event-codec.ts';
import type { Problem, StepFinished } from '../../src/model/events.ts';
import { createExpressionAt } from '../support/expression-at.ts';

const exact = new ExactNumber('9007199254740993');
const names: { readonly [name: string]: Value } = {
  items: [{ id: exact }, { id: 2 }],
  body: { id: exact, at: 1 },
  token: 'correct horse battery staple',
};

describe('an explained problem', () => {
  it('survives as JSON, exact numbers and all', () => {
    const problems = [explain('all(items, .id == 2)'), explain('body == {id: 1, at: 2}')];
    expect(problems[0]?.explained?.loops?.[0]?.items[0]?.parts[0]?.value).toBe(exact);
    expect(problems[1]?.explained?.compared?.actual).toEqual(names['body']);
    expect(decodeEvent(JSON.parse(JSON.stringify(encodeEvent(wrap(problems)))))).toEqual(wrap(problems));
  });

  it.each([
    'token == "correct horse battery staples"',
    'token == "correct horse"',
    'token startsWith "correct horsf"',
    'token matches "^correct horses$"',
    'token == {a: 1}',
    'all([token], # == "correct horse battery")',
    '[token] == ["correct horse batt"]',
    'token in ["correct horse battery staplE"]',
  ])('shows no part of a secret in %s', (source) => {
    const secrets = createSecrets();
    secrets.add(names['token'] ?? null);
    // The assertion itself is the author's, and shows what the author wrote.
    const { message: _message, location: _location, explained, ...problem } = explain(source);
    const differences = explained?.differences?.map(({ expected: _expected, ...one }) => one);
    const reported = { ...problem, message: '', explained: { parts: [], ...explained, differences } };
    const masked = maskEvent(wrap([reported]), secrets);
    expect(JSON.stringify(masked).replaceAll(source.replaceAll('"', '\\"'), '')).not.toMatch(/corr|hors|batt|stap/);
  });

  it('keeps beside a secret what quotes nothing', () => {
    const secrets = createSecrets();
    secrets.add(names['token'] ?? null);
    const masked = maskEvent(wrap([explain('body.nope == token')]), secrets) as StepFinished;
    const text = '`body` has no `nope`; its keys are `id`, `at`';
    expect(masked.problems[0]?.clues).toEqual([{ text, isQuote: false }]);
  });

  it('keeps the hints of others', () => {
    const secrets = createSecrets();
    secrets.add(names['token'] ?? null);
    const masked = maskEvent(wrap([explain('body.at == "1"')]), secrets) as StepFinished;
    expect(masked.problems[0]?.clues).toEqual([
      { text: expect.stringContaining('int 1 is not string "1"'), isQuote: true },
    ]);
  });
});

function explain(source: string): Problem {
  const env = new Map(Object.entries(names));
  const problem = checkExpression(createExpressionAt(source), env, { host: { now: () => 0 } });
  if (!problem) throw new Error(`${source} holds`);
  return problem;
}

function wrap(problems: readonly Problem[]): StepFinished {
  return {
    ...{ type: 'step_finished', at: 1, flow: 0, outcome: 'failed', problems },
    step: { address: 'a', id: 'a', phase: 'steps', action: 'assert', depth: 0 },
    location: { file: 'f.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 },
    timing: { startedAt: 1, durationMs: 1, attempts: 1 },
    output: { summary: '', assertionCount: 1, captures: [] },
    evidence: { details: [], notes: [] },
  };
}
