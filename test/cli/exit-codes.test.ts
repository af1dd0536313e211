import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sample } from '../support/sample.ts';
import { callCommand } from './command.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-exit-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Runs flows, each given by its steps and what else stands in its file; gives the exit code and what was printed. */
async function run(flows: readonly string[], ...flags: readonly string[]) {
  const names = flows.map((text, index) => {
    const file = `flow-${index + 1}.yaml`;
    writeFileSync(join(cwd, file), `name: Flow ${index + 1}\n${text}\n`);
    return file;
  });
  const { exitCode, output, errors } = await callCommand(['run', ...names, ...flags], { cwd });
  return { exitCode, text: output + errors };
}

const step = (rest: string): string => `steps:\n  - { id: one, ${rest} }`;
const undone = 'teardown: [ { action: log, config: { message: undone } } ]';
const PASSES = step('action: log, config: { message: hello }');
const FAILS = step('action: assert, config: { data: { n: 1 }, assertions: [n == 2] }');
const ERRS = step('action: http_request, config: { url: "http://127.0.0.1:1" }, assert: [status == 200]');
const MISTAKE = step(`action: log, config: { message: "{{int('name 0')}}" }`);

describe('a mistake of the author that shows as the flow runs', () => {
  it.each(
    sample(
      'mistakes that end a run with 2',
      [
        ['a text that is no number', MISTAKE],
        [
          'items that are a map',
          step(
            `action: for_each, config: { items: "{{ {'a': 1} }}", steps: [ ${'{ action: log, config: { message: a } }'} ] }`,
          ),
        ],
        ['a duration without unit', `env: { REST: 5 }\n${step('action: delay, config: { duration: "{{REST}}" }')}`],
        ['a key that the settings do not have', step(`action: log, config: "{{ {'mesage': 'a'} }}"`)],
        [
          'a text that is no address',
          `env: { HOST: "nowhere" }\n${step('action: http_request, config: { url: "{{HOST}}/x" }, assert: [status == 200]')}`,
        ],
        [
          'a wrong retry',
          `env: { N: many }\n${step('action: log, config: { message: a }, retry: { max_attempts: "{{N}}" }')}`,
        ],
        ['a wrong timeout', `env: { T: soon }\n${step('action: log, config: { message: a }, timeout: "{{T}}"')}`],
        ['a `when` that is not a bool', `env: { N: 5 }\n${step('when: N, action: log, config: { message: a }')}`],
        [
          'a condition that is not a bool',
          `env: { N: 5 }\n${step('action: if, config: { condition: N, then: [ { action: log, config: { message: a } } ] }')}`,
        ],
        ['a variable that cannot be set', step(`action: set, config: { n: "int('name 0')" }`)],
        ['a variable of the flow', `env: { N: "{{int('name 0')}}" }\n${PASSES}`],
        [
          'a look of a poll',
          step(
            `action: poll, config: { step: { action: log, config: { message: "{{int('name 0')}}" } }, until: message == "a" }`,
          ),
        ],
        [
          'a step in a branch',
          step(
            `action: parallel, config: { branches: [ { steps: [ { action: log, config: { message: "{{int('name 0')}}" } } ] } ] }`,
          ),
        ],
        [
          'a schema that is not there',
          step(`action: assert, config: { assertions: ['matches_schema({"a": 1}, "none.json")'] }`),
        ],
        [
          'a file that is not there',
          `env: { N: 5 }\n${step(`action: assert, config: { assertions: ['string(N) == file("none.txt")'] }`)}`,
        ],
        [
          'a variable that the environment lacks',
          `env: { N: 5 }\n${step(`action: assert, config: { assertions: ['string(N) == env("NONE")'] }`)}`,
        ],
        [
          'a capture of a file that is not there',
          step(`action: log, config: { message: a }, output: { b: { path: 'file("none.txt")', default: "" } }`),
        ],
        ['an assertion that reads nothing', step(`action: assert, config: { assertions: ['int("name 0") == 1'] }`)],
        ['a step that goes on', step(`action: log, config: { message: "{{int('name 0')}}" }, on_error: continue`)],
      ],
      { count: 8 },
    ),
  )('%s: exit 2, and teardown has run', async (_, text) => {
    const { exitCode, text: printed } = await run([`${text}\n${undone}`]);
    expect(printed).toContain('undone');
    expect(exitCode).toBe(2);
  });

  it('is called so in the events', async () => {
    const { text } = await run([MISTAKE], '--reporter', 'ndjson');
    expect(text).toContain('"kind":"authoring"');
  });

  it('is not tried again', async () => {
    const { text } = await run([MISTAKE.replace('config', 'retry: { max_attempts: 3, delay: 1h }, config')]);
    expect(text).toContain('cannot read "name 0"');
  });

  it.each([
    [
      'an answer that lacks what is read',
      `${step(`action: set, config: { list: "[]" }`)}\n  - { action: log, config: { message: "{{one.list[0].id}}" } }`,
    ],
    [
      'an answer that has nil',
      `${step(`action: set, config: { user: "{'id': nil}" }`)}\n  - { action: log, config: { message: "user {{user.id}}" } }`,
    ],
    [
      'a list that is nil',
      `${step(`action: set, config: { user: "{'id': nil}" }`)}\n  - { action: for_each, config: { items: "{{user.id}}", steps: [ { action: log, config: { message: a } } ] } }`,
    ],
    ['a connection that is refused', ERRS],
  ])('is not %s: exit 3', async (_, text) => {
    expect((await run([text])).exitCode).toBe(3);
  });
});

describe('of several exit codes the first counts', () => {
  it.each([
    ['1 before 2', [MISTAKE, FAILS], 1],
    ['1 before 3', [ERRS, FAILS], 1],
    ['2 before 3', [ERRS, MISTAKE, PASSES], 2],
    [
      '2 of teardown before 3',
      [ERRS, `${PASSES}\nteardown: [ ${'{ action: log, config: { message: "{{int(\'name 0\')}}" } }'} ]`],
      2,
    ],
  ])('%s', async (_, flows, exitCode) => {
    expect((await run(flows)).exitCode).toBe(exitCode);
  });
});

describe('a run in which no step ran', () => {
  const left = `steps: [ { when: "1 == 2", action: log, config: { message: hello } } ]`;
  const meant = 'steps: [ { skip: "waits for ticket 12", action: log, config: { message: hello } } ]';

  it.each([
    ['a `when` that is false', [left], 4],
    ['conditions beside what the author skips', [`${left.slice(0, -2)}, ${meant.slice('steps: ['.length)}`], 4],
    ['a setup that ran', [`setup: [ { action: log, config: { message: a } } ]\n${left}`], 4],
    [
      'an `if` that takes no branch',
      ['steps: [ { action: if, config: { condition: 1 == 2, then: [ { action: log, config: { message: a } } ] } } ]'],
      4,
    ],
    ['a loop whose steps are left out', [`steps: [ { action: for_each, config: { items: [1], ${left} } } ]`], 4],
    ['a loop without items, which says so', [`steps: [ { action: for_each, config: { items: [], ${left} } } ]`], 0],
    ['branches whose steps are left out', [`steps: [ { action: parallel, config: { ${left} } } ]`], 4],
    [
      'a branch with a step that ran',
      [`steps: [ { action: if, config: { condition: 1 == 1, then: [ { action: log, config: { message: a } } ] } } ]`],
      0,
    ],
    ['a called flow', [`steps: [ { action: run_flow, config: { flow: inner.yaml } } ]`], 4],
    ['steps that the author skips', [meant], 0],
    ['a flow that the author skips', [`skip: "waits"\n${left}`], 0],
    ['a flow beside one that ran', [left, PASSES], 0],
    ['a flow beside one that failed', [left, FAILS], 1],
    ['a flow beside one that could not', [left, ERRS], 3],
  ])('%s', async (_, flows, exitCode) => {
    writeFileSync(join(cwd, 'inner.yaml'), `name: Inner\n${left}\n`);
    for (const flags of [[], ['--strict']]) expect((await run(flows, ...flags)).exitCode).toBe(exitCode);
    if (exitCode === 4) expect((await run(flows, '--pass-with-no-tests')).exitCode).toBe(0);
  });

  it('says so, and how to let it pass', async () => {
    expect((await run([left])).text).toContain('✗ no step ran; `--pass-with-no-tests` lets that pass');
  });

  it('skips the step that calls a flow in which none did, with what it asserts and captures', async () => {
    writeFileSync(
      join(cwd, 'inner.yaml'),
      `name: Inner\n${left.replace('log, config: { message: hello }', 'set, config: { token: "7" }')}\n`,
    );
    const call =
      '{ id: auth, action: run_flow, config: { flow: inner.yaml }, assert: [token == 7], output: { mine: token } }';
    const { exitCode, text } = await run([
      `steps:\n  - ${call}\n  - { id: use, action: log, config: { message: "{{mine}}" } }`,
    ]);
    expect(text).toMatch(/· auth .*skipped/);
    expect(text).toContain('`mine` has no value: `auth`, which captures it, was skipped (no step ran)');
    expect(exitCode).toBe(3);
  });

  it.each([
    ['a directory without flows', 'empty'],
    ['a glob that matches none', 'none/*.yaml'],
  ])('%s', async (_, path) => {
    mkdirSync(join(cwd, 'empty'), { recursive: true });
    expect((await callCommand(['run', path], { cwd })).exitCode).toBe(4);
    expect((await callCommand(['run', path, '--pass-with-no-tests'], { cwd })).exitCode).toBe(0);
    expect((await callCommand(['run', 'nowhere.yaml', '--pass-with-no-tests'], { cwd })).exitCode).toBe(2);
  });
});
