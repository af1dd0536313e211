import { describe, expect, it } from 'vitest';
import { isMasked } from '../../../src/model/event-table/masked.ts';
import type { Replay } from '../../../src/model/inputs.ts';
import { findMissingValues } from '../../../src/plan/select/missing-values.ts';
import { selectSteps } from '../../../src/plan/select/select-steps.ts';
import { planText } from '../../support/plan-text.ts';

const FLOW = `
name: orders
setup:
  - { id: cleanup, action: log, config: { message: s } }
steps:
  - { id: create_user, action: http_request, config: { url: "http://localhost/" }, output: { user_id: $.body.id, token: { path: $.body.token, secret: true } } }
  - { id: use, action: log, config: { message: "{{user_id}} {{create_user.status}}" } }
  - { id: login, action: log, config: { message: "{{token}}" } }
teardown:
  - { id: cleanup, action: log, config: { message: t } }
`;
const [flow] = planText(FLOW).flows;
if (!flow) throw new Error('the flow was not planned');
const noInputs = { given: new Map(), environment: new Map(), envFile: new Map(), overrides: [], secretNames: [] };
const noReplay: Replay = {
  runId: 'r',
  captures: new Map(),
  results: new Map(),
  variables: new Map(),
  memory: new Map(),
  secrets: new Map(),
};

function choose(...ids: string[]) {
  if (!flow) throw new Error('the flow was not planned');
  return selectSteps(flow, { ids, withSetup: false, withTeardown: false });
}

describe('selectSteps', () => {
  it('knows ids and addresses; its own phase is meant first', () => {
    expect([...choose('use', 'teardown/cleanup').selection.addresses]).toEqual(['use', 'teardown/cleanup']);
    expect([...choose('cleanup').selection.addresses]).toEqual(['setup/cleanup']);
  });

  it('suggests the nearest step for one that is not there', () => {
    expect(choose('create_usr').unknown).toMatchObject([
      { message: 'there is no step `create_usr` in "orders"', help: ['did you mean `create_user`?'] },
    ]);
  });
});

describe('findMissingValues', () => {
  it('names the variable, the step that captures it and the ways out', () => {
    const missing = findMissingValues(flow, choose('use').selection, { inputs: noInputs, replay: undefined, isMasked });
    expect(missing.map((diagnostic) => diagnostic.message)).toEqual([
      '`use` needs `user_id`, but there is no record of a run of this flow; step `create_user` (line 6) captures it',
      '`use` needs `create_user`, but there is no record of a run of this flow; step `create_user` (line 6) makes it',
    ]);
    expect(missing[0]?.help).toEqual([
      'run that step too: --only create_user,use',
      'give the value: --var user_id=…',
      'run the whole flow once: testmesh run flow.yaml',
    ]);
  });

  it('says that a secret is in no record', () => {
    const replay = { ...noReplay, secrets: new Map([['token', 'create_user']]) };
    const missing = findMissingValues(flow, choose('login').selection, { inputs: noInputs, replay, isMasked });
    expect(missing.map((diagnostic) => [diagnostic.message, diagnostic.help?.[1]])).toEqual([
      [
        '`login` needs `token`, but it is a secret, which no record keeps; step `create_user` (line 6) captures it',
        'give the value: --secret token=…',
      ],
    ]);
  });

  it('finds nothing missing when the record, a flag or a chosen step gives it', () => {
    const replay = {
      ...noReplay,
      captures: new Map([['user_id', 1]]),
      results: new Map([['create_user', { status: 200 }]]),
    };
    expect(findMissingValues(flow, choose('use').selection, { inputs: noInputs, replay, isMasked })).toEqual([]);
    const inputs = { ...noInputs, given: new Map([['token', 't']]) };
    expect(findMissingValues(flow, choose('login').selection, { inputs, replay: noReplay, isMasked })).toEqual([]);
    expect(
      findMissingValues(flow, choose('create_user', 'use').selection, {
        inputs: noInputs,
        replay: undefined,
        isMasked,
      }),
    ).toEqual([]);
  });

  it('says that a value was left out of the record', () => {
    const omitted = {
      captures: new Map([['user_id', 'create_user']]),
      results: new Set(['create_user']),
      variables: new Set<string>(),
    };
    const replay = { ...noReplay, omitted };
    const missing = findMissingValues(flow, choose('use').selection, { inputs: noInputs, replay, isMasked });
    expect(missing.map((diagnostic) => diagnostic.message)).toEqual([
      '`use` needs `user_id`, but run r left it out of its record, since it is too large or secret; step `create_user` (line 6) captures it',
      '`use` needs `create_user`, but run r left it out of its record, since it is too large or secret; step `create_user` (line 6) makes it',
    ]);
  });

  it('takes the part of a recorded result that is needed, unless a secret was masked in it', () => {
    const text = `
name: orders
env: { MARK: "{{UUID}}" }
steps:
  - { id: log-in, action: http_request, config: { url: "http://localhost/" } }
  - { id: greet, action: log, config: { message: '{{steps["log-in"].body.id}}' } }
  - { id: enter, action: log, config: { message: '{{steps["log-in"].body.token}}' } }
  - { id: mark, action: log, config: { message: "{{MARK}}" } }
`;
    const [plan] = planText(text).flows;
    if (!plan) throw new Error('the flow was not planned');
    const results = new Map([['log-in', { body: { id: 'u-1', token: '***' } }]]);
    const omitted = { captures: new Map<string, string>(), results: new Set<string>(), variables: new Set(['MARK']) };
    const findFor = (id: string) => {
      const { selection } = selectSteps(plan, { ids: [id], withSetup: false, withTeardown: false });
      const replay = { ...noReplay, results, omitted };
      return findMissingValues(plan, selection, { inputs: noInputs, replay, isMasked }).map(({ message }) => message);
    };
    expect(findFor('greet')).toEqual([]);
    expect(findFor('enter')).toEqual([
      '`enter` needs `log-in.body.token`, but it is a secret, which no record keeps; step `log-in` (line 5) makes it',
    ]);
    expect(findFor('mark')).toEqual([
      '`mark` needs `MARK`, but run r left it out of its record, since it is too large or secret; no step of this flow makes it',
    ]);
  });
});
