import { describe, expect, it } from 'vitest';
import { findFlow, findStep } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';
import { sample } from '../support/sample.ts';

const COSTLY = 'any(1..900000, any(1..900, # < 0))';

async function run(steps: string) {
  const started = startText(`name: costly\nsteps:\n${steps}`);
  await started.finish();
  return started;
}

/** The one problem of the step `work`. */
async function problemOf(steps: string) {
  const { events, bugs } = await run(steps);
  expect(bugs).toEqual([]);
  const { problems, attempts } = findStep(events, 'work');
  return { problem: problems[0], attempts, flow: findFlow(events).outcome };
}

const places = [
  ['an assertion', `  - {id: work, action: log, config: {message: x}, assert: ['${COSTLY}']}`],
  [
    'an assertion with a message',
    `  - {id: work, action: log, config: {message: x}, assert: [{expression: '${COSTLY}', message: m}]}`,
  ],
  [
    'an assertion that is impure',
    `  - {id: work, action: log, config: {message: x}, assert: ['uuid() != "" and ${COSTLY}']}`,
  ],
  ['`when`', `  - {id: work, action: log, config: {message: x}, when: '${COSTLY}'}`],
  ['a capture', `  - {id: work, action: log, config: {message: x}, output: {a: '${COSTLY}'}}`],
  [
    'a capture with a default',
    `  - {id: work, action: log, config: {message: x}, output: {a: {path: '${COSTLY}', default: 1}}}`,
  ],
  ['a setting', `  - {id: work, action: log, config: {message: '{{ ${COSTLY} }}'}}`],
  ['the name', `  - {id: work, name: '{{ ${COSTLY} }}', action: log, config: {message: x}}`],
  ['`set`', `  - {id: work, action: set, config: {a: '${COSTLY}'}}`],
  [
    'a condition',
    `  - {id: work, action: if, config: {condition: '${COSTLY}', then: [{action: log, config: {message: x}}]}}`,
  ],
  [
    'a regular expression over a long text',
    '  - {id: work, action: set, config: {a: \'repeat("a", 1000000) matches "([a-z]?){1000}[0-9]"\'}}',
  ],
  [
    'a captured regular expression',
    '  - {id: work, action: set, config: {a: \'repeat("a", 1000000)\'}, output: {b: {regex: "([a-z]?){1000}[0-9]", from: a, default: none}}}',
  ],
] as const;

describe('an evaluation that costs too much', () => {
  it.each(sample('places of an evaluation over budget', places, { count: 2 }))(
    'in %s makes the step errored',
    async (_place, steps) => {
      const { problem, flow } = await problemOf(steps);
      expect(problem).toMatchObject({
        outcome: 'errored',
        kind: 'budget',
        message: expect.stringMatching(
          /the evaluation (?:takes more than 50000000 steps|makes more than 1000000 items)/,
        ),
        location: { file: expect.any(String), line: 3 },
      });
      expect(problem?.clues?.map(({ text }) => text)).toEqual([
        'give it less to do: fewer items, a part of the text, a simpler pattern',
      ]);
      expect(flow).toBe('errored');
    },
  );

  const paths = [
    ['descends again and again', `'fromJSON(repeat("{\\"a\\":", 120) + "1" + repeat("}", 120))'`, '$..a..a..a..zzz'],
    ['judges every item at a cost', `'1..20000'`, '$.items[?count(1..900000, # > 0) > 0]'],
  ] as const;
  it.each(sample('paths over budget', paths, { count: 0 }))(
    'is that of a path which %s, whatever its default',
    async (_what, items, path) => {
      const capture = `{a: {path: '${path}', default: none}}`;
      const { problem, flow } = await problemOf(
        `  - {id: work, action: set, config: {items: ${items}}, output: ${capture}, retry: {max_attempts: 3, delay: 1s}}`,
      );
      expect(problem).toMatchObject({ outcome: 'errored', kind: 'budget', location: { line: 3 } });
      expect(flow).toBe('errored');
    },
  );

  it('is not what asks `repeat` for more than it makes: the number is wrong', async () => {
    const step = '  - {id: work, action: log, config: {message: "{{repeat(\'x\', 9000000)}}"}}';
    expect(await problemOf(step)).toMatchObject({
      problem: { outcome: 'errored', kind: 'authoring', message: '`repeat` makes at most 1000000 characters' },
    });
  });

  it('is not tried again', async () => {
    const step = `  - {id: work, action: log, config: {message: x}, assert: ['${COSTLY}'], retry: {max_attempts: 3, delay: 1s}}`;
    expect(await problemOf(step)).toMatchObject({ problem: { kind: 'budget' }, attempts: 1 });
  });

  it('is not an error that `expect_error` accepts', async () => {
    const step = `  - {id: work, action: set, expect_error: true, config: {a: '${COSTLY}'}}`;
    expect(await problemOf(step)).toMatchObject({ problem: { outcome: 'errored', kind: 'budget' } });
  });

  it.each([
    ['until', `until: '${COSTLY}'`, ''],
    ['fail_when', `until: message == "y", fail_when: '${COSTLY}'`, ''],
    ['the look', `until: message == "y"`, `, assert: ['${COSTLY}']`],
  ])('ends a poll at its first look: %s', async (_name, settings, more) => {
    const look = `{action: log, config: {message: x}${more}}`;
    const step = `  - {id: work, action: poll, config: {step: ${look}, timeout: 10s, interval: 1s, ${settings}}}`;
    const { events } = await run(step);
    expect(findStep(events, 'work').problems[0]).toMatchObject({ outcome: 'errored', kind: 'budget' });
    expect(events.filter((event) => event.type === 'step_started' && event.step.address !== 'work')).toHaveLength(1);
  });

  it('leaves teardown its turn', async () => {
    const { events } = await run(
      `  - {id: work, action: set, config: {a: '${COSTLY}'}}\nteardown:\n  - {id: clean, action: log, config: {message: x}}`,
    );
    expect(findStep(events, 'teardown/clean').outcome).toBe('passed');
  });
});
