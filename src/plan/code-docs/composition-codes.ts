import { type CodeDoc, describeCode } from './code-doc.ts';

const head = (steps: string): string => `name: Users\nsteps:\n${steps}`;
const log = (message: string): string => `  - action: log\n    config: { message: "${message}" }\n`;
const branches = (first: string, second: string): string =>
  head(`  - action: parallel
    config:
      branches:
        - steps:
            - { id: one, action: assert, config: { data: { a: 1 }, assertions: [a == 1] }, output: { ${first}: a } }
        - steps:
            - { id: two, action: assert, config: { data: { b: 2 }, assertions: [b == 2] }, output: { ${second}: b } }
output: { first: ${first}, second: ${second} }
`);
const call = (config: string): string => head(`  - action: run_flow\n    config: { ${config} }\n`);
const GREET = 'name: Greet\nid: greet\nsteps:\n  - action: log\n    config: { message: "hello {{user_name}}" }\n';

/** Flows that call flows, run branches and have rows of data. */
export const compositionCodes: readonly CodeDoc[] = [
  describeCode('TM119', 'two branches capture one name', {
    text: 'Branches run at the same time, so the one that ends last would win, and that may be a different one each time. Give the two captures different names.',
    wrong: branches('user_id', 'user_id'),
    right: branches('user_id', 'order_id'),
  }),
  describeCode('TM120', 'a called flow lacks a value', {
    text: 'A called flow sees what `input:` gives it and what it declares itself, never the variables of its caller. This one reads a name that nothing gives a value.',
    wrong: { flow: call('flow: greet.yaml'), files: { 'greet.yaml': GREET } },
    right: { flow: call('flow: greet.yaml, input: { user_name: Ada }'), files: { 'greet.yaml': GREET } },
  }),
  describeCode('TM121', 'a flow calls itself', {
    text: 'The calls go round in a circle and would never end. The message shows the circle; remove one of its calls.',
    wrong: { flow: call('flow: other.yaml'), files: { 'other.yaml': call('flow: flow.yaml') } },
    right: { flow: call('flow: other.yaml'), files: { 'other.yaml': head(log('hello')) } },
  }),
  describeCode('TM122', 'rows of data that are not rows', {
    text: '`data` is a list of maps, or a CSV, JSON or YAML file that holds one: each row has the same columns, each column a name of its own, and there is at least one row.',
    wrong: `data: [{ user_name: Ada }, Grace]\n${head(log('hello {{user_name}}'))}`,
    right: `data: [{ user_name: Ada }, { user_name: Grace }]\n${head(log('hello {{user_name}}'))}`,
  }),
  describeCode('TM123', 'an unknown flow is called', {
    text: '`flow` of `run_flow` is a file relative to this one, `file.yaml#id` where a file holds several flows, or the id of a flow of this run. Nothing of that name is there, or more than one.',
    wrong: { flow: call('flow: greeet, input: { user_name: Ada }'), files: { 'greet.yaml': GREET } },
    right: { flow: call('flow: greet.yaml, input: { user_name: Ada }'), files: { 'greet.yaml': GREET } },
  }),
  describeCode('TM124', 'no row of this number', {
    text: '`--row` names rows of `data` by their number, from 1. No chosen flow has that many.',
    wrong: {
      flow: `data: [{ user_name: Ada }]\n${head(log('hello {{user_name}}'))}`,
      commands: ['run flow.yaml --row 2'],
    },
    right: {
      flow: `data: [{ user_name: Ada }]\n${head(log('hello {{user_name}}'))}`,
      commands: ['run flow.yaml --row 1'],
    },
  }),
  describeCode('TM212', 'an input that the called flow does not know', {
    text: 'The value is given to a flow that neither declares nor uses its name: it is misspelt, or no longer needed.',
    wrong: {
      flow: call('flow: greet.yaml, input: { user_name: Ada, colour: red }'),
      files: { 'greet.yaml': GREET },
    },
    right: { flow: call('flow: greet.yaml, input: { user_name: Ada }'), files: { 'greet.yaml': GREET } },
  }),
  describeCode('TM216', 'a given value that no flow reads', {
    text: 'A name given with `--var` or `--secret` that no flow of the run reads or declares is misspelt, or no longer needed: the flow goes on with the value that it has. Names of `--var-file` and `TESTMESH_VAR_` may be meant for other flows, and are not reported.',
    wrong: {
      flow: `env: { SERVICE_URL: "http://localhost:5001" }\n${head(log('{{SERVICE_URL}}'))}`,
      commands: ['run flow.yaml --var SERVCE_URL=http://127.0.0.1:5002'],
    },
    right: {
      flow: `env: { SERVICE_URL: "http://localhost:5001" }\n${head(log('{{SERVICE_URL}}'))}`,
      commands: ['run flow.yaml --var SERVICE_URL=http://127.0.0.1:5002'],
    },
  }),
  describeCode('TM219', 'a line of a dotenv file that is not an assignment', {
    text: 'A line of `env_file` or `--env-file` is neither `NAME=value` nor a comment, so it gives nothing: a value continues over several lines without quotes, a quote before it is never closed, or its `=` is missing. A `#` begins a comment at the beginning of a line and after a space; elsewhere it belongs to the value.',
    wrong: {
      flow: `env_file: .env\n${head(log('hello {{USER_NAME}}'))}`,
      files: { '.env': 'USER_NAME=Ada\nLovelace\n' },
    },
    right: {
      flow: `env_file: .env\n${head(log('hello {{USER_NAME}}'))}`,
      files: { '.env': 'USER_NAME="Ada Lovelace" # the first\n' },
    },
  }),
  describeCode('TM220', 'what other tools write, and is a plain text here', {
    text: `\`\${env:HOME}\` is a name with a fallback: where nothing is named \`env\`, it is the text "HOME". A variable is \`\${HOME}\`, and a fallback is written with \`:-\`. A layout of a date is written with the date 2 January 2006, 15:04:05: in \`YYYY-MM-DD\` or \`%Y-%m-%d\` no part of a date stands, so that text comes out as it is. In the address of a request \`/users/{id}\` and \`/users/:id\` are sent so: what is to be filled in is \`/users/{{id}}\`.`,
    wrong: head(log("{{now().Format('YYYY-MM-DD')}}")),
    right: head(log("{{now().Format('2006-01-02')}}")),
  }),
  describeCode('TM223', 'a placeholder that nothing fills in', {
    text: `Placeholders are filled in where they stand in the flow. A value of \`env_file\` or \`--env-file\` and a cell of \`data\` is taken as it stands, so that \`\${BASE}/orders\` would be sent with \`\${BASE}\` in it. Put the text together in the flow: under \`env\`, or around the name of the cell. Where the text is meant as it stands, put a value of a dotenv file into single quotes, and write \`\\{{\` or \`\\\${\` in a cell.`,
    wrong: {
      flow: `env_file: .env\n${head(log('{{ORDERS}}'))}`,
      files: { '.env': `BASE=http://localhost:5003\nORDERS=\${BASE}/orders\n` },
    },
    right: {
      flow: `env_file: .env\nenv: { ORDERS: "{{BASE}}/orders" }\n${head(log('{{ORDERS}}'))}`,
      files: { '.env': 'BASE=http://localhost:5003\n' },
    },
  }),
  describeCode('TM227', 'a loop whose rounds are all the same', {
    text: 'Each round of a loop begins with the names that were known before it, so what a round captures does not reach the next one. `repeat` hands on what stands under its `carry:`, each name with its first value: what a round captures under it is what the next one and the condition see. The same is said of a `poll` whose step asks nobody, in which nothing can change from look to look, and of a carried name that no round captures.',
    wrong: head(
      '  - action: set\n    config: { page: 1 }\n  - action: repeat\n    config: { until: page > 3, max: 5, steps: [{ action: set, config: { page: page + 1 } }] }\n',
    ),
    right: head(
      '  - action: repeat\n    config: { carry: { page: 1 }, until: page > 3, max: 5, steps: [{ action: set, config: { page: page + 1 } }] }\n',
    ),
  }),
  describeCode('TM228', 'a comment that allows nothing', {
    text: 'A comment allows the warnings of one line, with a reason: `# testmesh: allow TM209 – the service needs that long`, on that line or alone above it. It allows nothing without a reason, without a code, where the line has no such finding, and where the finding is an error. `findings: {TM209: off}` in testmesh.yaml is for all flows.',
    wrong: head('  # testmesh: allow TM209\n  - { action: log, config: { message: hello } }\n'),
    right: head(
      '  - action: http_request\n    config: { method: POST, url: "http://127.0.0.1:9/orders" }\n    assert: [status == 201]\n  # testmesh: allow TM209 – nothing tells when the nightly job is over\n  - { action: delay, config: { duration: 1s } }\n  - action: http_request\n    config: { url: "http://127.0.0.1:9/orders/1" }\n    assert: [status == 200]\n',
    ),
  }),
  describeCode('TM372', 'rounds without a word on when they end', {
    text: '`repeat` ends by one condition: `until`, which is judged after each round, or `while`, which is judged before each, the first one too. `max` is the most rounds that there may be; reaching it is an error.',
    wrong: head(
      '  - action: repeat\n    config: { carry: { page: 1 }, max: 5, steps: [{ action: set, config: { page: page + 1 } }] }\n',
    ),
    right: head(
      '  - action: repeat\n    config: { carry: { page: 1 }, while: page < 3, max: 5, steps: [{ action: set, config: { page: page + 1 } }] }\n',
    ),
  }),
  describeCode('TM371', 'a name that a loop cannot give', {
    text: '`item_name` and `index_name` of `for_each` and the names below `carry` of `repeat` are variables: letters, digits and `_`, each another one than those that the loops around give.',
    wrong: head(
      '  - action: for_each\n    config: { items: [1, 2], item_name: user-id, steps: [{ action: log, config: { message: hello } }] }\n',
    ),
    right: head(
      '  - action: for_each\n    config: { items: [1, 2], item_name: user_id, steps: [{ action: log, config: { message: "{{user_id}}" } }] }\n',
    ),
  }),
  describeCode('TM125', 'a placeholder that gives no value', {
    text: 'The placeholder parses, and what it says could not be evaluated in the run: an index beyond the end of a list, a member of nil, a text where a number is needed. The message names the part. Where something that it reads was missing, an answer may be to blame (exit code 3); else the flow is wrong (exit code 2, kind `authoring`). Write `?.` and `??` where something may be missing.',
    wrong: { flow: head(log("the last word: {{split('a b', ' ')[5]}}")), commands: ['run flow.yaml'] },
    right: { flow: head(log("the last word: {{split('a b', ' ')[-1]}}")), commands: ['run flow.yaml'] },
  }),
];
