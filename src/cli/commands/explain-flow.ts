import { actions } from '../../actions/registry.ts';
import { listWatchKeys } from '../../plan/read/watch-keys.ts';
import type { KeyDoc } from './key-doc.ts';

type Rows = readonly (readonly [key: string, meaning: string])[];

/** What the keys of a flow mean, for `explain flow` and for editors. */
export const FLOW_ROWS: Rows = [
  ['name', 'what it is called in reports; placeholders may stand in it'],
  ['id', 'how others name it (`run_flow`); absent: the name of its file'],
  ['description', 'a sentence or more for readers'],
  ['suite', 'the suite that --suite chooses'],
  ['tags', 'words that --tags chooses by: [smoke, orders]'],
  ['skip', 'the reason why it is not run'],
  ['env', 'variables with their values; a variable of the process environment goes before them'],
  ['env_file', 'a dotenv file beside the flow, with variables'],
  ['secrets', 'names of variables whose values are masked everywhere'],
  ['timeout', 'how long its steps may take together: 2m'],
  ['setup', 'steps that run first; what fails there leaves out `steps`'],
  ['steps', 'the steps, one after another; the first that fails ends them'],
  ['teardown', 'steps that run whatever happens'],
  ['output', 'what it gives to a flow that calls it: name ← path or expression'],
  ['data', 'rows, each of which runs the whole flow: a list, or a .csv, .json or .yaml file'],
  ['serial', 'flows with the same word here never run at the same time'],
  ['trace', 'which hosts hear of its trace: { propagate: [localhost] }'],
  ['agree', 'what everything that it sees of one thing has to say: testmesh explain agree'],
  ['load', 'how `testmesh load` runs it, and what is held against thresholds'],
  ['scenarios', 'several ways to run flows in one load, by name'],
];

/** What the keys of a step mean. */
export const STEP_ROWS: Rows = [
  ['action', 'what it does: testmesh explain actions lists them'],
  ['config', 'the settings of its action: testmesh explain http_request'],
  ['id', 'its name, for `--only` and for later steps (`create_user.body.id`); absent: `step_N`'],
  ['name', 'what it is called in reports; placeholders may stand in it'],
  ['description', 'a sentence or more for readers'],
  ['when', 'an expression: where it is false the step is left out'],
  ['skip', 'the reason why it is not run'],
  ['assert', 'expressions over its result, each of which has to be true: [status == 200]'],
  ['output', 'what later steps know of it: name ← path (`$.body.id`) or expression'],
  ['retry', 'tries it again while it fails: { max_attempts: 3, delay: 1s }'],
  ['timeout', 'how long one attempt may take: 10s'],
  ['expect_error', 'the action must not succeed: true, or the error, { kind: sql, code: "23505" }'],
  ['on_error', '`continue`: the flow goes on, and still ends failed'],
  ['cleanup', 'a step, or a list, that runs with teardown when this step ran'],
  ['think', 'how long a virtual user of a load waits after it: 1s, or { min: 1s, max: 3s }'],
  ['record', 'what a load measures of it: { order_value: { type: trend, value: "{{body.total}}" } }'],
];

/** The keys that are told of as actions are. */
function listWatching(): Rows {
  return listWatchKeys(actions).map((key) => [key, `${actions.get(key)?.summary}: testmesh explain ${key}`] as const);
}

/** What flows and steps are written with. */
export const FLOW_TOPICS: Readonly<Record<string, KeyDoc>> = {
  flow: {
    text: [
      'A file with steps that run one after another, and what they are given. A file may hold several flows, with `---` between them; the keys may stand below `flow:`. Keys that begin with `x-` are the author’s own, for anchors.',
    ],
    tables: () => [['keys (`name` and `steps` are needed)', [...FLOW_ROWS, ...listWatching()]]],
    example: [
      'name: A user is announced',
      'env: { USERS: "http://localhost:5001" }',
      'steps:',
      '  - id: create_user',
      '    action: http_request',
      '    config: { method: POST, url: "{{USERS}}/users", body: { name: Ada } }',
      '    assert: [status == 201]',
    ],
    more: 'testmesh explain step shows the keys of a step, testmesh explain actions what steps do',
  },
  step: {
    text: ['What a flow does at one time: an action with its settings, what has to hold of its result, what is kept.'],
    tables: () => [['keys (`action` is needed)', [...STEP_ROWS, ...listWatching()]]],
    example: [
      '- id: create_user',
      '  action: http_request',
      '  config: { method: POST, url: "{{USERS}}/users", body: { name: Ada } }',
      '  assert: [status == 201, body.name == "Ada"]',
      '  output: { user_id: $.body.id }',
    ],
    more: 'testmesh explain actions lists what steps do',
  },
};
