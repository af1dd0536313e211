import { describe, expect, it } from 'vitest';
import { findStep } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

/** What is said of the step `look`, in a flow in which others went before it. */
async function look(before: string, reads: string): Promise<readonly string[]> {
  const text = `name: x\nenv: { ON: false }\nsteps:\n${before}\n  - { id: look, ${reads} }\n`;
  const { events, finish } = startText(text);
  await finish();
  return findStep(events, 'look').problems.map(({ message }) => message);
}

const log = (text: string): string => `action: log, config: { message: "${text}" }`;
const SKIPPED = `  - { id: pay, action: log, when: ON, config: { message: a }, output: { paid: message } }`;
const FAILED = `  - { id: pay, action: log, on_error: continue, config: { message: a }, assert: [message == "b"], output: { paid: message } }`;
const ERRORED = `  - { id: pay, action: log, on_error: continue, config: { message: "{{[1][2]}}" }, output: { paid: message } }`;
const UNTAKEN = `  - { id: pay, action: if, config: { condition: ON, then: [{ action: set, config: { paid: "1" } }] } }`;

describe('names of steps that did not give them', () => {
  it.each([
    [
      'a skipped capture',
      SKIPPED,
      log('{{paid}}'),
      '`paid` has no value: `pay`, which captures it, was skipped (when is false)',
    ],
    ['a skipped result', SKIPPED, log('{{pay.message}}'), '`pay` has no result: it was skipped (when is false)'],
    [
      'one by its id in brackets',
      SKIPPED,
      log("{{steps['pay'].message}}"),
      '`pay` has no result: it was skipped (when is false)',
    ],
    ['one behind a dot', SKIPPED, log('{{steps.pay.message}}'), '`pay` has no result: it was skipped (when is false)'],
    ['a failed capture', FAILED, log('{{paid}}'), '`paid` has no value: `pay`, which captures it, failed'],
    [
      'a failed capture through its step',
      FAILED,
      log('{{pay.paid}}'),
      '`paid` has no value: `pay`, which captures it, failed',
    ],
    ['an errored result', ERRORED, log('{{pay.message}}'), '`pay` has no result: it ended with an error'],
    [
      'an errored capture',
      ERRORED,
      log('{{paid}}'),
      '`paid` has no value: `pay`, which captures it, ended with an error',
    ],
    ['a branch not taken', UNTAKEN, log('{{paid}}'), '`paid` has no value: nothing that ran in `pay` captured it'],
    [
      'in an assertion',
      SKIPPED,
      'action: log, config: { message: a }, assert: [message == paid]',
      '`message == paid` cannot be evaluated: `paid` has no value: `pay`, which captures it, was skipped (when is false)',
    ],
    [
      'in a `when`',
      SKIPPED,
      'action: log, when: paid == "a", config: { message: a }',
      '`when`: `paid == "a"` cannot be evaluated: `paid` has no value: `pay`, which captures it, was skipped (when is false)',
    ],
  ])('says why: %s', async (_title, before, reads, message) => {
    expect(await look(before, reads)).toEqual([message]);
  });

  it('are not those of functions: `first` is an id here', async () => {
    const before = SKIPPED.replace('id: pay', 'id: first');
    expect(await look(before, log('{{first.message}}'))).toEqual([
      '`first` has no result: it was skipped (when is false)',
    ]);
  });

  it('are nil where it is asked whether there is a result', async () => {
    expect(await look(SKIPPED, 'action: log, when: steps.pay == nil, config: { message: a }')).toEqual([]);
    expect(await look(SKIPPED, `action: log, when: "steps['pay'] == nil", config: { message: a }`)).toEqual([]);
  });

  it('take a fallback, and the value of a later step that gives them', async () => {
    expect(await look(SKIPPED, log(`\${paid:-none}`))).toEqual([]);
    const again = `${SKIPPED}\n  - { id: again, action: set, config: { paid: "2" } }`;
    expect(await look(again, log('{{paid}}'))).toEqual([]);
  });
});

it('what does not fit in a setting is shown with its values, and secrets among them are not', async () => {
  const text = (secrets: string) =>
    `name: t\nsecrets: [${secrets}]\nenv: {P: "517", Q: 2}\nsteps:\n  - {id: a, action: log, config: {message: "{{P * Q}}"}}`;
  const problemOf = async (secrets: string) => {
    const run = startText(text(secrets));
    await run.finish();
    return findStep(run.events, 'a').problems[0];
  };
  expect(await problemOf('')).toMatchObject({
    kind: 'authoring',
    explained: {
      parts: [
        { text: 'P', value: '517' },
        { text: 'Q', value: 2 },
      ],
    },
    clues: [{ text: '`P` is a text: convert it with `int(P)`' }],
  });
  expect((await problemOf('P'))?.explained?.parts[0]?.value).toBe('***');
});

describe('names that are empty', () => {
  const hints = async (url: string): Promise<readonly string[] | undefined> => {
    const text = `name: x\nenv: { EMPTY: "", FULL: a, TO: { host: "" } }\nsteps:\n  - { id: look, action: http_request, config: { url: "${url}" }, assert: [status == 200] }\n`;
    const { events, finish } = startText(text);
    await finish();
    return findStep(events, 'look').problems[0]?.hints;
  };

  it('are named where the settings are wrong, before what is said anyway', async () => {
    const [first, second] = (await hints('{{EMPTY}}/users?a={{FULL}}')) ?? [];
    expect(first).toBe('`EMPTY` is empty: give it a value');
    expect(second).toContain("put the service's address before it");
    expect((await hints('{{EMPTY}}{{TO.host}}'))?.[0]).toBe('`EMPTY` and `TO.host` are empty: give each a value');
  });

  it('are no matter where none is', async () => {
    expect(await hints('/{{FULL}}')).toEqual(["put the service's address before it: `http://localhost:5001/a`"]);
  });
});
