import { type CodeDoc, describeCode } from './code-doc.ts';

const head = (steps: string): string => `name: Users\nsteps:\n${steps}`;
const log = (message: string): string => `  - action: log\n    config: { message: "${message}" }\n`;
const twoSteps = (first: string, second: string): string =>
  head(
    `  - id: create_user\n    action: assert\n    config: { data: { id: 7 }, assertions: [id == 7] }\n    ${first}\n${log(second)}`,
  );

/** Flows that cannot be carried out as they are written. */
export const flowCodes: readonly CodeDoc[] = [
  describeCode('TM101', 'an unknown key', {
    text: 'An unknown key would be ignored in silence, and with `asserts:` all its checks would be lost. The nearest known key is suggested. Keys of an action go below `config:`.',
    wrong: 'name: Users\nsteps:\n  - action: log\n    confg: { message: "hello" }\n',
    right: head(log('hello')),
  }),
  describeCode('TM102', 'a key is missing', {
    text: 'A flow needs `name` and `steps`, a step needs `action`, and an action needs the settings that the table of actions marks with a star.',
    wrong: 'steps:\n  - action: log\n    config: { message: "hello" }\n',
    right: head(log('hello')),
  }),
  describeCode('TM103', 'a value of the wrong kind', {
    text: 'The value is not of the kind that its key takes: a text where a list belongs, a bare number where a duration belongs (`30s`), a word that is not one of the choices.',
    wrong: head('  - action: delay\n    config: { duration: 5 }\n'),
    right: head('  - action: delay\n    config: { duration: 5s }\n'),
  }),
  describeCode('TM104', 'an unknown name', {
    text: 'Nothing gives a value to this name: no `env:`, no `output:` of an earlier step, no key of the result, no `--var`. After the id of a step comes a key of its result or a name that it captured: any other is reported too, but nothing below that is checked. Nothing is ever sent with a placeholder in it, so this is found before the run. Declare the name, capture it, or correct its spelling.',
    wrong: `env: { USER_NAME: "Ada" }\n${head(log('hello {{USER_NAM}}'))}`,
    right: `env: { USER_NAME: "Ada" }\n${head(log('hello {{USER_NAME}}'))}`,
  }),
  describeCode('TM105', 'an unknown action', {
    text: 'There is no action of this name; the nearest one is suggested.',
    wrong: head('  - action: lgo\n    config: { message: "hello" }\n'),
    right: head(log('hello')),
  }),
  describeCode('TM106', 'a name is used before it has a value', {
    text: 'Steps run one after another, setup before steps: a name that a later step captures has no value yet. Move the step that uses it after the one that captures it.',
    wrong: head(
      `${log('user {{user_id}}')}  - action: assert\n    config: { data: { id: 7 }, assertions: [id == 7] }\n    output: { user_id: id }\n`,
    ),
    right: twoSteps('output: { user_id: id }', 'user {{user_id}}'),
  }),
  describeCode('TM107', 'an id is used twice', {
    text: 'A step is named by its id in reports, with `--only`, and by steps that read its result. Within setup, steps or teardown each id occurs once; two flows of a file have different ids.',
    wrong: head(
      '  - { id: hello, action: log, config: { message: "a" } }\n  - { id: hello, action: log, config: { message: "b" } }\n',
    ),
    right: head(
      '  - { id: hello, action: log, config: { message: "a" } }\n  - { id: again, action: log, config: { message: "b" } }\n',
    ),
  }),
  describeCode('TM108', 'a name that cannot be one', {
    text: 'An id is letters, digits, `_` and `-` and begins with a letter or `_`; a variable is the same without `-`, and not a word of the expression language. A tag is one word that `--tags` can name.',
    wrong: head('  - { id: 1st, action: log, config: { message: "hello" } }\n'),
    right: head('  - { id: first, action: log, config: { message: "hello" } }\n'),
  }),
  describeCode('TM109', 'an expression that does not parse', {
    text: 'The text is not an expression of the language, or calls a function that does not exist. `==` compares, `and` and `or` join, `len(x)` counts, `=~` is `matches`. Of several expressions with `;` between them only the last one counts, so a condition is one expression.',
    wrong: head('  - action: assert\n    config: { data: { status: 200 }, assertions: [status = 200] }\n'),
    right: head('  - action: assert\n    config: { data: { status: 200 }, assertions: [status == 200] }\n'),
  }),
  describeCode('TM110', 'a path that does not parse', {
    text: 'What begins with `$` is a JSONPath by RFC 9535: `$.body.items[0].id`, `$..id`, `$.items[?@.price > 10]`; conditions may also be expressions over the item `@`. A regular expression of a capture has to be valid RE2 with one group.',
    wrong: twoSteps('output: { user_id: $.id. }', 'user {{user_id}}'),
    right: twoSteps('output: { user_id: $.id }', 'user {{user_id}}'),
  }),
  describeCode('TM111', 'a placeholder that does not parse', {
    text: 'Between `{{` and `}}` there is an expression. For two literal braces, write `\\{{` (in double quotes `\\\\{{`).',
    wrong: head(log('hello {{}}')),
    right: head(log('hello {{UUID}}')),
  }),
  describeCode('TM112', 'two spellings of one key', {
    text: 'A few keys have a second, older spelling. Both at once leave open which one counts; keep the one that the message names.',
    wrong: twoSteps('output: { user_id: id }\n    save: { user_id: id }', 'user {{user_id}}'),
    right: twoSteps('output: { user_id: id }', 'user {{user_id}}'),
  }),
  describeCode('TM113', 'not in this version', {
    text: 'The key or action belongs to the language, and this version does not have it yet. It is refused rather than passed over, so that no flow does less than it says.',
    wrong: head('  - action: spans\n    config: { service: orders }\n'),
    right: head(log('hello')),
  }),
  describeCode('TM114', 'the env_file cannot be read', {
    text: '`env_file` names a dotenv file, relative to the flow file. One that is missing is an error, since every name in it would be unknown.',
    wrong: `env_file: .env.tset\n${head(log('hello'))}`,
    right: {
      flow: `env_file: .env.test\n${head(log('hello {{USER_NAME}}'))}`,
      files: { '.env.test': 'USER_NAME=Ada\n' },
    },
  }),
  describeCode('TM115', 'a named file cannot be read', {
    text: 'A setting names a file, relative to the flow file, and there is none that can be read.',
    wrong: head(
      '  - action: database_query\n    config: { connection: "postgres://localhost/shop", query: { file: orders.sql } }\n    assert: [row_count == 1]\n',
    ),
    right: {
      flow: head(
        '  - action: database_query\n    config: { connection: "postgres://localhost/shop", query: { file: orders.sql } }\n    assert: [row_count == 1]\n',
      ),
      files: { 'orders.sql': 'SELECT id FROM orders LIMIT 1\n' },
    },
  }),
  describeCode('TM116', 'a given value does not fit its declaration', {
    text: 'A value in `env:` declares the type of its name: a text from the shell or `--var` that is not a number cannot take the place of a number. Give a value that fits, or declare the name as text.',
    wrong: { flow: `env: { MAX: 5 }\n${head(log('at most {{MAX}}'))}`, commands: ['run flow.yaml --var MAX=five'] },
    right: { flow: `env: { MAX: 5 }\n${head(log('at most {{MAX}}'))}`, commands: ['run flow.yaml --var MAX=7'] },
  }),
  describeCode('TM117', 'no step of this name', {
    text: '`--only` names steps by their ids, those of setup and teardown as `setup/<id>`. No chosen flow has a step of this id.',
    wrong: {
      flow: head('  - { id: hello, action: log, config: { message: "a" } }\n'),
      commands: ['run flow.yaml --only helo'],
    },
    right: {
      flow: head('  - { id: hello, action: log, config: { message: "a" } }\n'),
      commands: ['run flow.yaml --only hello'],
    },
  }),
  describeCode('TM118', 'a step alone lacks a value', {
    text: 'A step that runs alone takes what earlier steps captured from the record of the last run. Without a record that has the value, give it with `--var`, run the step that captures it too, or run the whole flow once. Secrets are never in a record.',
    wrong: {
      flow: head(
        '  - id: create_user\n    action: assert\n    config: { data: { id: 7 }, assertions: [id == 7] }\n    output: { user_id: id }\n  - { id: greet, action: log, config: { message: "user {{user_id}}" } }\n',
      ),
      commands: ['run flow.yaml --only greet'],
    },
    right: {
      flow: head(
        '  - id: create_user\n    action: assert\n    config: { data: { id: 7 }, assertions: [id == 7] }\n    output: { user_id: id }\n  - { id: greet, action: log, config: { message: "user {{user_id}}" } }\n',
      ),
      commands: ['run flow.yaml --only greet --var user_id=7'],
    },
  }),
  describeCode('TM128', 'a value that has to come from outside', {
    text: '`env: {K: "{{K}}"}` (in any spelling of a placeholder) says that the flow reads `K` and that its value comes from outside: from the shell, `--var`, `--secret` or `--env-file`, or from the call. `validate` takes it as it is; a run without the value does not begin. So it is with a name in the settings of a service that the run starts.',
    wrong: {
      flow: `env: { USER_NAME: "\${USER_NAME}" }\n${head(log('hello {{USER_NAME}}'))}`,
      commands: ['run flow.yaml'],
    },
    right: {
      flow: `env: { USER_NAME: "\${USER_NAME}" }\n${head(log('hello {{USER_NAME}}'))}`,
      commands: ['run flow.yaml --var USER_NAME=Ada'],
    },
  }),
];
