import { type CodeDoc, describeCode } from './code-doc.ts';

const head = (steps: string): string => `name: Orders\nsteps:\n${steps}`;
const query = (sql: string, assertions: string): string =>
  head(`  - id: order_stored
    action: database_query
    config:
      connection: "postgres://localhost/shop"
      query: "${sql}"
      params: ["{{ORDER}}"]
    assert:
      - ${assertions}
`).replace('steps:', 'env: { ORDER: "1" }\nsteps:');
const wait = (match: string, rest = ''): string =>
  head(`  - id: announced
    action: kafka_consumer
    config: { brokers: "localhost:9092", topic: order.created, match: ${match} }
${rest}`);

const quiet = `  - id: none_cancelled
    action: kafka_consumer
    config: { brokers: "localhost:9092", topic: order.cancelled, match: { value: { id: "1" } }, count: 0 }
`;
const sent = `  - id: place
    action: kafka_producer
    config: { brokers: "localhost:9092", topic: order.placed, value: { id: "1" } }
`;
const refused = (rest: string): string =>
  head(`  - id: same_order_again
    action: database_query
    config: { connection: "postgres://localhost/shop", query: "INSERT INTO orders (id) VALUES (1)" }
    ${rest}
`);

/** Warnings: checks that would pass whatever the values are. */
export const blindCodes: readonly CodeDoc[] = [
  describeCode('TM213', 'columns that are never checked', {
    text: 'The query names columns that no assertion, capture or later step mentions: any value in them passes. Compare the row, or read only what is compared. Not reported: `SELECT *`, columns that the query compares itself (`WHERE id = $1`), rows that are taken as a whole, an id alone that is read for counting, claims that there is no row, and flows with `agree`, which compares them.',
    wrong: query('SELECT total, status FROM orders WHERE id = $1', 'row_count == 1'),
    right: query('SELECT total, status FROM orders WHERE id = $1', '\'rows == [{total: 59.98, status: "paid"}]\''),
  }),
  describeCode('TM214', 'a range where the number is known', {
    text: '`>=` and `>` let too much pass where the flow knows the number: an order that is stored twice, an item that is counted twice. An id has one row, a query by something that this flow made gives as many rows as it made, a wait ends with the messages that it waits for, Redis has no more keys than a step names, a batch has the messages that are sent, and an answer repeats what the request sent. Write `==`. The same is said of what no answer can make false: a `count(…)` gives one row whatever the tables hold, so `row_count == 1` and `first_row != nil` check nothing; compare what is in the row. A DELETE without `RETURNING` gives no rows and a SELECT changes none, so that `row_count == 0`, or `rows_affected == 0`, is always so: write the other one. Every answer has headers, and a status below 600.',
    wrong: query('SELECT id FROM orders WHERE id = $1', 'row_count >= 1'),
    right: query('SELECT id FROM orders WHERE id = $1', 'row_count == 1'),
  }),
  describeCode('TM215', 'an event whose content is never checked', {
    text: 'The message is found by its key or headers alone, and its value is never checked: an event with a wrong total, or of another kind, passes. Compare `message.value`, or say under `match.value` what it has to hold. Not reported where `agree` compares it.',
    wrong: wait('{ key: "1" }'),
    right: wait('{ key: "1" }', '    assert: [message.value.total == 59.98]\n'),
  }),
  describeCode('TM217', 'a wait that ends before the assertion can fail', {
    text: 'A Kafka wait ends as soon as it has the messages that it waits for, so `count == 1` could never be false: a duplicate comes a moment later. The wait therefore keeps looking for 500 ms (`settle`) where the flow asks how many messages there are (`count`, `seen`, `messages`) other than by `>=` and `>`, or hands on the whole result (`let r = paid; r.count == 1`). `exactly: true` or `count: {min, max}` says the same in the wait itself, without the assertion. So does `mock_server_verify` with `within`, which `count: 1` has look on.',
    wrong: wait('{ value: { id: 1 } }', '    assert: [count == 1]\n'),
    right: wait('{ value: { id: 1 } }, exactly: true'),
  }),
  describeCode('TM221', 'a wait that stands too early', {
    text: 'A wait with `count: 0` says that something did not come. When it stands before the first step that could cause it, nothing has happened yet, and it passes whatever that step does later. Move it behind the step that must not cause the message; it sees all messages since the flow began. A wait for a message that only this flow can cause (found by a value of its own, or `trace: current`) fails there, whatever follows. Not reported: waits with `since: earliest` or a time back, which look at what was there before, and waits in a loop or a parallel branch beside what may cause one.',
    wrong: head(`${quiet}${sent}`),
    right: head(`${sent}${quiet}`),
  }),
  describeCode('TM222', 'a value that is new in each step is awaited', {
    text: '`UUID` and `RANDOM_ID` are made anew for each step, and `TIMESTAMP`, `ISO_TIMESTAMP`, `TIME` and `DATETIME` are the time of the step: a message, request or row that is found by one was sent by nobody, so that a wait for nothing passes and any other fails. The same holds of an assertion on what another step sent, and of an `Idempotency-Key` by which a service is to know a request again. Variables under `env:` are made once for the flow: declare it there, and name that in both places.',
    wrong: wait('{ value: { id: "{{UUID}}" } }'),
    right: wait('{ value: { id: "{{ID}}" } }').replace('steps:', 'env: { ID: "{{UUID}}" }\nsteps:'),
  }),
  describeCode('TM218', 'an expected error that may be any', {
    text: 'Any error satisfies `expect_error: true`: a database that is down or a misspelt column, where a unique violation was meant. Say which one it is, `expect_error: {kind: sql, code: "23505"}`, with its code or a part of its message, or compare `error` in `assert`. What testmesh itself refuses to do is never the expected error.',
    wrong: refused('expect_error: true'),
    right: refused('expect_error: { kind: sql, code: "23505" }'),
  }),
];
