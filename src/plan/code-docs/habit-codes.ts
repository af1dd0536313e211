import { type CodeDoc, describeCode } from './code-doc.ts';

const head = (steps: string): string => `name: Orders\nsteps:\n${steps}`;
const request = (rest: string, id = 'read_order'): string =>
  `  - id: ${id}\n    action: http_request\n    config: { url: "http://localhost:5003/api/v1/orders/1" }\n    ${rest}\n`;
const wait = (id: string, config: string): string =>
  `  - id: ${id}\n    action: kafka_consumer\n    config: { brokers: "localhost:9092", topic: order.created${config} }\n`;
const query = (rest: string): string =>
  head(
    `  - action: database_query\n    config: { connection: "postgres://localhost/shop", ${rest} }\n    assert: [row_count == 1]\n`,
  );

/** Warnings: flows that run, and are blind, slow or leaky. */
export const habitCodes: readonly CodeDoc[] = [
  describeCode('TM201', 'a capture that is never used', {
    text: 'The variable is captured and never read. Often the step that should use it has another spelling, or its check was forgotten. Remove the line, or name it in the output of the flow.',
    wrong: head(request('output: { total: $.body.total }')),
    right: head(request('assert: [body.total == 59.98]')),
  }),
  describeCode('TM202', 'a value is pasted into SQL', {
    text: 'A placeholder in a query becomes part of the SQL text: a quote in the value breaks the statement, and worse. Bind the value: it is sent beside the statement and can be anything. Names cannot be bound: no warning where a placeholder gives the name of a table, schema, index or the like (`CREATE TABLE {{T}}`, `FROM {{SCHEMA}}.orders`).',
    wrong: query('query: "SELECT id FROM orders WHERE note = \'{{NOTE}}\'"').replace(
      'steps:',
      'env: { NOTE: "it\'s new" }\nsteps:',
    ),
    right: query('query: "SELECT id FROM orders WHERE note = $1", params: ["{{NOTE}}"]').replace(
      'steps:',
      'env: { NOTE: "it\'s new" }\nsteps:',
    ),
  }),
  describeCode('TM224', 'a list is pasted into an address', {
    text: 'A path with a slice, a wildcard, a filter or `..` captures a list, be it of one: `$.body.items[-1:].id` gives `[7]`, and the address would hold `/orders/[7]`. A path of names and positions captures the value: `[-1]` is the last item. One of a list is taken with `{{ids[0]}}`.',
    wrong: head(
      `${request('output: { last: "$.body.items[-1:].id" }')}  - action: http_request\n    config: { url: "http://localhost:5003/items/{{last}}" }\n    assert: [status == 200]\n`,
    ),
    right: head(
      `${request('output: { last: "$.body.items[-1].id" }')}  - action: http_request\n    config: { url: "http://localhost:5003/items/{{last}}" }\n    assert: [status == 200]\n`,
    ),
  }),
  describeCode('TM203', 'a secret is in the file', {
    text: 'The name or the address says that this is a password, token or key. Flow files are shared and kept: take the value from the environment or `--secret`, and name it under `secrets:` so that it is masked everywhere. The same is said of what `auth`, `sasl`, `tls`, `headers`, `query` and `cookies` of a step hold, of its passwords, and of addresses and their parameters. What is found so is masked from then on, when it has eight or more characters and is no word or number. Addresses of this machine are not reported, nor are values of a step with fewer than eight characters.',
    wrong: `env: { API_TOKEN: "c0ffee" }\n${head(request('assert: [status == 200]').replace('/1" }', '/1", headers: { x-token: "{{API_TOKEN}}" } }'))}`,
    right: `env: { API_TOKEN: "{{env('API_TOKEN', '')}}" }\nsecrets: [API_TOKEN]\n${head(request('assert: [status == 200]').replace('/1" }', '/1", headers: { x-token: "{{API_TOKEN}}" } }'))}`,
  }),
  describeCode('TM204', 'a step that judges nothing', {
    text: 'The action passes whatever comes back, and the step has no assertion, no capture and no `expect_error`: it is green when the service answers with an error. An HTTP status of 400 or more is not an error by itself.',
    wrong: head(request('timeout: 5s')),
    right: head(request('assert: [status == 200]')),
  }),
  describeCode('TM205', 'a capture of a step that may be skipped', {
    text: 'The step that captures this variable has a `when`, so the variable may have no value. Give the step that uses it the same `when`.',
    wrong: `env: { STAGE: test }\n${head(
      `${request('when: STAGE == "test"\n    output: { total: $.body.total }')}  - action: log\n    config: { message: "total {{total}}" }\n`,
    )}`,
    right: `env: { STAGE: test }\n${head(
      `${request('when: STAGE == "test"\n    output: { total: $.body.total }')}  - action: log\n    when: STAGE == "test"\n    config: { message: "total {{total}}" }\n`,
    )}`,
  }),
  describeCode('TM206', 'a variable hides another name', {
    text: 'The variable has the name of a key of the result or of a built-in name, which is out of reach where the variable counts. Another name keeps both.',
    wrong: head(
      `${request('output: { status: $.body.status }')}  - action: log\n    config: { message: "{{status}}" }\n`,
    ),
    right: head(
      `${request('output: { order_status: $.body.status }')}  - action: log\n    config: { message: "{{order_status}}" }\n`,
    ),
  }),
  describeCode('TM207', 'a name that every shell has', {
    text: 'Names such as PATH, HOME and USER are set in every shell, so they are not overridden from there: the value in the file always counts. Another name can be set from outside.',
    wrong: `env: { USER: "ada" }\n${head('  - action: log\n    config: { message: "{{USER}}" }\n')}`,
    right: `env: { ORDER_USER: "ada" }\n${head('  - action: log\n    config: { message: "{{ORDER_USER}}" }\n')}`,
  }),
  describeCode('TM208', 'a condition that can never hold', {
    text: 'The whole is not a bool, such as a condition in quotes or a bare `200`; or the two sides are of kinds that are never equal, whatever comes back: `status == "200"` compares a number with a text, `type(x)` gives "string" and never "text", and for a number "int" or "float". What each key of a result holds is known for every action: `value` of `redis.get` is a text, so `value == 5` never holds. There is no conversion: write the number without quotes, or convert it with `string(…)`. The same is said of what holds always and so checks nothing: `x != "a" or x != "b"`, something compared with itself, `len(x) >= 0`, `duration_ms >= 0`, `rows != nil` of a key that is never nil, `1 == 1`, `status == 500 or true`, `x matches ".*"`, which finds something in every text, and `sortBy(items, "price")`, whose `"price"` is the same for each item: write `.price`; of `status >= 200 < 300`, whose second half is `200 < 300`: write `200 <= status < 300`; of `ok` of a Redis action, which is true wherever there is a result (`SET … NX` that wrote nothing has it too): compare `value`; and of `status == 200 or 201`, where `201` is no condition: write `status in [200, 201]`.',
    wrong: head(request('assert: [\'status == "200"\']')),
    right: head(request('assert: [status == 200]')),
  }),
  describeCode('TM209', 'a fixed wait before a look', {
    text: 'A fixed delay before a step that looks is too short on a bad day and too long on every other. A poll looks again and again until the condition holds, and goes on at once when it does.',
    wrong: head(
      `  - { id: rest, action: delay, config: { duration: 2s } }\n${request('assert: [body.status == "paid"]')}`,
    ),
    right: head(`  - id: paid
    action: poll
    config:
      timeout: 10s
      step: { action: http_request, config: { url: "http://localhost:5003/api/v1/orders/1" } }
      until: body.status == "paid"
`),
  }),
  describeCode('TM210', 'a wait that any message satisfies', {
    text: 'Without `match`, any message on the topic is taken for the awaited one, whoever sent it: another test, another user. Say which one is meant.',
    wrong: head(wait('created', '')),
    right: head(wait('created', ', match: { value: { order_id: "{{ORDER}}" } }')).replace(
      'steps:',
      'env: { ORDER: "1" }\nsteps:',
    ),
  }),
  describeCode('TM211', 'two waits for the same message', {
    text: 'Two waits have the same topic and rules: one message satisfies both, so the second event may be missing without being noticed. Say with `since: step:<id>` which step triggers the second message.',
    wrong: head(
      `${wait('created', ', match: { value: { id: 1 } }')}${request('assert: [status == 200]')}${wait('created_again', ', match: { value: { id: 1 } }')}`,
    ),
    right: head(
      `${wait('created', ', match: { value: { id: 1 } }')}${request('assert: [status == 200]')}${wait('created_again', ', match: { value: { id: 1 } }, since: "step:read_order"')}`,
    ),
  }),
];
