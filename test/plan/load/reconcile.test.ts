import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from '../../cli/command.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-reconcile-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ACCEPTED = 'accepted: { step: create, key: "{{order_id}}" }';
const EVENTS = 'events: { topic: order.placed, key: $.value.order_id }';
const flow = (reconcile: string, env = 'KAFKA_BROKERS: "localhost:9092", DB: ""'): string => `
name: Orders
env: { URL: "http://localhost:1", ${env} }
load: { vus: 1, duration: 1s, reconcile: ${reconcile} }
setup:
  - { id: login, action: http_request, config: { url: "{{URL}}" }, assert: [status == 200], output: { user_id: $.id } }
steps:
  - id: create
    action: http_request
    config: { url: "{{URL}}" }
    assert: [status == 200]
    output: { order_id: $.id }
  - id: each
    action: for_each
    config:
      items: [1, 2]
      steps:
        - { id: inner, action: http_request, config: { url: "{{URL}}" }, assert: [status == 200], output: { inner_id: $.id } }
`;

async function plan(text: string) {
  writeFileSync(join(folder, 'flow.yaml'), text);
  const done = await callCommand(['load', 'flow.yaml', '--dry-run'], { cwd: folder });
  return { ...done, all: `${done.output}${done.errors}` };
}

describe('what `reconcile` says', () => {
  it.each([
    ['events alone, with the usual name of brokers', `{ ${ACCEPTED}, ${EVENTS} }`],
    [
      'rows, with what setup captured',
      `{ ${ACCEPTED}, rows: { connection: "{{DB}}", query: "SELECT id FROM o WHERE u = $1", params: ["{{user_id}}"], key: id, at_least: 1 }, within: 5s }`,
    ],
    ['a key of the answer itself', `{ accepted: { step: create, key: "{{body.id}}" }, ${EVENTS} }`],
    ['a step inside of a loop', `{ accepted: { step: inner, key: "{{inner_id}}" }, ${EVENTS} }`],
  ])('is taken: %s', async (_, reconcile) => {
    const { exitCode, all: output } = await plan(flow(reconcile));
    expect(exitCode, output).toBe(0);
    expect(output).toContain('reconcile: ');
    const unused = output.match(/`\w+` is never used/g) ?? [];
    expect(unused.some((text) => reconcile.includes(`{{${text.split('`')[1]}}}`))).toBe(false);
  });

  it.each([
    ['nothing', '[]', '`reconcile`: expected a map, got a list'],
    ['no `accepted`', `{ ${EVENTS} }`, '`reconcile` needs `accepted`'],
    ['no place', `{ ${ACCEPTED} }`, '`reconcile` needs `events` or `rows`, or both'],
    ['a key that is no key', `{ ${ACCEPTED}, ${EVENTS}, withing: 3s }`, 'did you mean `within`?'],
    [
      'a step that is not there',
      `{ accepted: { step: creat, key: "{{order_id}}" }, ${EVENTS} }`,
      'no step of a scenario is called `creat`',
    ],
    [
      'a step of setup',
      `{ accepted: { step: login, key: "{{user_id}}" }, ${EVENTS} }`,
      'no step of a scenario is called `login`',
    ],
    [
      'a name that is not there',
      `{ accepted: { step: create, key: "{{ordr_id}}" }, ${EVENTS} }`,
      'did you mean `order_id`?',
    ],
    [
      'the same key for all',
      `{ accepted: { step: create, key: order_id }, ${EVENTS} }`,
      '`accepted.key` is the same for all',
    ],
    [
      'a name that only iterations know',
      `{ ${ACCEPTED}, events: { topic: "t-{{order_id}}", key: $.key } }`,
      'unknown name `order_id`',
    ],
    [
      'a path to several values',
      `{ ${ACCEPTED}, events: { topic: t, key: "$.value.items[*].id" } }`,
      'may lead to several values',
    ],
    ['a path that is none', `{ ${ACCEPTED}, events: { topic: t, key: "$.value[" } }`, '`events.key`'],
    ['two numbers', `{ ${ACCEPTED}, events: { topic: t, key: $.key, exactly: 1, at_least: 1 } }`, 'exclude each other'],
    ['no query', `{ ${ACCEPTED}, rows: { connection: "{{DB}}", key: id } }`, 'query'],
    ['a time that is none', `{ ${ACCEPTED}, ${EVENTS}, within: soon }`, '`within`: expected a length of time'],
  ])('is refused: %s', async (_, reconcile, said) => {
    const { exitCode, all: output } = await plan(flow(reconcile));
    expect(exitCode, output).toBe(2);
    expect(output).toContain(said);
    expect(output).toMatch(/flow\.yaml:\d+:\d+/);
  });

  it('needs brokers where the flow has none under the usual name', async () => {
    const { exitCode, all: output } = await plan(flow(`{ ${ACCEPTED}, ${EVENTS} }`, 'DB: ""'));
    expect(exitCode).toBe(2);
    expect(output).toContain('brokers');
  });

  it('is skipped and told where the scenario does not run whose step it is about', async () => {
    const text = flow(`{ ${ACCEPTED}, ${EVENTS} }`).replace('vus: 1, duration: 1s, ', '');
    const other = 'id: other\nname: Other\nsteps: [{ id: log, action: log, config: { message: hello } }]';
    const one = '{ executor: shared-iterations, exec:';
    const scenarios = `scenarios: { buying: ${one} orders }, other: ${one} other } }`;
    writeFileSync(join(folder, 'two.yaml'), `id: orders${text}\n---\n${other}\n---\n${scenarios}\n`);
    const words = ['load', 'two.yaml', '--dry-run', '--scenario', 'other'];
    const { exitCode, output, errors } = await callCommand(words, { cwd: folder });
    expect(exitCode, errors).toBe(0);
    expect(errors).toContain('`reconcile` is skipped: no scenario runs that has the step `create`');
    expect(output).not.toContain('reconcile');
  });
});
