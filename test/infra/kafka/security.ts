import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { kafkaConsumer } from '../../../src/actions/kafka_consumer.ts';
import { kafkaProducer } from '../../../src/actions/kafka_producer.ts';
import { ActionError } from '../../../src/model/action/outcome.ts';
import type { Problem } from '../../../src/model/events.ts';
import { sample } from '../../support/sample.ts';
import {
  connectOtherClient,
  createKafkaFlow,
  type KafkaFlow,
  nameTopic,
  type OtherClient,
} from '../../support/servers/kafka.ts';
import { passwordOf, type SecureKafka, type User } from '../../support/servers/secure-kafka.ts';
import { runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithOwnKafka, useOwnKafka } from './own-kafka.ts';
import { certificate, refusals, type Settings, sasl, trust } from './refusals.ts';

const LONGEST_MS = 5000;

describeWithOwnKafka('kafka and a broker that asks who one is', () => {
  const workspace = useWorkspace();
  let kafka: SecureKafka;
  let other: OtherClient;
  let topic: string;
  let sending: KafkaFlow;
  let waiting: KafkaFlow;

  beforeAll(async () => {
    kafka = await useOwnKafka();
    other = await connectOtherClient(kafka.open);
  });
  afterAll(async () => {
    await other?.close();
  });
  beforeEach(async () => {
    topic = nameTopic('shared');
    await other.createTopic(topic, 1);
    sending = createKafkaFlow(kafkaProducer);
    waiting = createKafkaFlow(kafkaConsumer);
  });
  afterEach(async () => {
    await sending.close();
    await waiting.close();
  });

  /** Gives the problem of something that has to go wrong, in time. */
  async function fail(work: Promise<unknown>): Promise<Problem> {
    const startedAt = performance.now();
    const error = await work.catch((thrown: unknown) => thrown);
    expect(performance.now() - startedAt).toBeLessThan(LONGEST_MS);
    if (error instanceof ActionError) return error.problem;
    throw new Error(`expected an ActionError, got ${String(error)}`);
  }

  describe.each<[string, (given: SecureKafka) => Settings]>([
    ['SASL plain', (given) => ({ brokers: given.sasl, sasl: sasl('admin', 'plain') })],
    ['SCRAM-SHA-256', (given) => ({ brokers: given.sasl, sasl: sasl('admin', 'scram-sha-256') })],
    ['SCRAM-SHA-512', (given) => ({ brokers: given.sasl, sasl: sasl('admin', 'SCRAM-SHA-512') })],
    ['TLS', (given) => ({ brokers: given.tls, tls: trust(given) })],
    ['TLS that trusts anybody', (given) => ({ brokers: given.tls, tls: { insecure: true } })],
    [
      'TLS with a certificate of the client',
      (given) => ({ brokers: given.mutualTls, tls: { ...trust(given), ...certificate(given.certificates) } }),
    ],
    [
      'SCRAM over TLS',
      (given) => ({ brokers: given.saslTls, tls: trust(given), sasl: sasl('admin', 'scram-sha-512') }),
    ],
  ])('%s', (_name, describeSettings) => {
    it('sends, and awaits what another client sent', async () => {
      const settings = describeSettings(kafka);
      const wait = { ...settings, topic, timeout: '10s', match: { value: { n: 2 } } };
      await waiting.prepare('wait', wait);
      await sending.run('send', { ...settings, topic, value: { n: 1 } });
      await other.send(topic, [{ value: '{"n":2}' }]);
      expect((await waiting.run('wait', wait)).result).toMatchObject({ count: 1, seen: 2 });
    });
  });

  it.each(sample('refusals of a broker', refusals, { count: 5 }))(
    'names $what',
    async ({ settings, code: olderCode, newerCode, says, hint }) => {
      const given = { ...settings(kafka), topic };
      const [sent, awaited] = await Promise.all([
        fail(sending.run('send', { ...given, value: 'x', timeout: '30s' })),
        fail(waiting.prepare('wait', { ...given, timeout: '30s' })),
      ]);
      const code = newerCode && sent.code === newerCode ? newerCode : olderCode;
      const message = says.replace('`peer`', `\`${given.brokers}\``).replace(olderCode, code);
      const expected = { outcome: 'errored', kind: 'connection', code, hints: [hint] };
      expect(sent).toEqual({ ...expected, message });
      expect(awaited).toEqual({ ...expected, message });
    },
  );

  it('looks into the files of `tls` before it connects', async () => {
    const cert = join(kafka.certificates, 'server.pem');
    const key = join(kafka.foreignCertificates, 'server.key');
    const settings = { brokers: kafka.mutualTls, topic, tls: { ...trust(kafka), cert, key } };
    const expected = {
      kind: 'authoring',
      code: 'TM312',
      message: `\`tls.key\` (\`${key}\`) is not the key of the certificate in \`tls.cert\` (\`${cert}\`)`,
    };
    expect(await fail(sending.run('send', { ...settings, value: 'x' }))).toMatchObject(expected);
    expect(await fail(waiting.prepare('wait', settings))).toMatchObject(expected);
  });

  it('asks for the certificate of another name', async () => {
    const brokers = kafka.tls.replace('localhost', '127.0.0.1');
    const settings = { brokers, topic, tls: { ...trust(kafka), servername: 'localhost' } };
    expect((await sending.run('send', { ...settings, value: { n: 1 } })).result).toMatchObject({ topic });
    const other = { ...settings, tls: { ...trust(kafka), servername: 'example.com' }, value: 'x' };
    expect(await fail(sending.run('send', other))).toMatchObject({ kind: 'connection' });
  });

  describe('rights', () => {
    const as = (user: User) => ({ brokers: kafka.sasl, sasl: sasl(user, 'plain'), topic, timeout: '30s' });
    const denied = (user: User, operation: string, verb: string) => ({
      outcome: 'errored',
      kind: 'kafka',
      code: 'TOPIC_AUTHORIZATION_FAILED',
      message: `the broker does not let this user ${verb} \`${topic}\` (TOPIC_AUTHORIZATION_FAILED)`,
      hints: [
        `it needs the permission \`${operation}\`${operation === 'Write' ? ', and `Create` if the topic does not exist yet' : ''}: ` +
          `\`kafka-acls --add --allow-principal User:${user} --operation ${operation} --topic ${topic}\``,
      ],
    });

    it('are enough when they are those that the step needs', async () => {
      await waiting.prepare('wait', as('reader'));
      await sending.run('send', { ...as('writer'), value: 'x' });
      expect((await waiting.run('wait', as('reader'))).result).toMatchObject({ count: 1 });
    });

    it('are named when one may not write', async () => {
      expect(await fail(sending.run('send', { ...as('reader'), value: 'x' }))).toEqual(
        denied('reader', 'Write', 'write to'),
      );
    });

    it('are named when one may look, and not read: no message is never the answer', async () => {
      await waiting.prepare('wait', as('writer'));
      expect(await fail(waiting.run('wait', { ...as('writer'), count: 0, timeout: '1s' }))).toEqual(
        denied('writer', 'Read', 'read'),
      );
    });

    it('are named before the first step when one may not even look', async () => {
      expect(await fail(waiting.prepare('wait', as('nobody')))).toEqual(denied('nobody', 'Read', 'read'));
    });
  });

  it('is reached by the name of a connection of testmesh.yaml, with its own authority and a secret of the environment', async () => {
    copyFileSync(trust(kafka).ca, join(workspace.path, 'ca.pem'));
    workspace.write('password', passwordOf('admin'));
    workspace.write(
      'testmesh.yaml',
      `default_environment: here
environments:
  here:
    secrets: { PASSWORD: { file: password } }
    connections:
      bus:
        brokers: "${kafka.saslTls}"
        sasl: { mechanism: scram-sha-512, username: admin, password: "{{PASSWORD}}" }
        tls: { ca: ca.pem }
`,
    );
    const file = workspace.write(
      'flows/flow.yaml',
      `name: named
env: { REF: "{{UUID}}" }
steps:
  - { id: send, action: kafka_producer, config: { connection: bus, topic: ${topic}, value: { ref: "{{REF}}" } } }
  - { id: wait, action: kafka_consumer, config: { connection: bus, topic: ${topic}, match: { value: { ref: "{{REF}}" } } }, assert: [message.value.ref == REF] }
`,
    );
    const ended = await runCli(['run', file], { cwd: workspace.path });
    expect(ended.code, ended.output).toBe(0);
    expect(ended.output).not.toContain(passwordOf('admin'));
  });

  it('ends the command with 3, and keeps the password to itself', async () => {
    const file = workspace.write(
      'flow.yaml',
      `flow:
  name: Refused
  secrets: [PASSWORD]
  steps:
    - id: wait
      action: kafka_consumer
      config:
        brokers: "${kafka.sasl}"
        topic: ${topic}
        match: { key: k }
        sasl: { mechanism: scram-sha-512, username: admin, password: "{{PASSWORD}}" }
`,
    );
    const ended = await runCli(['run', file, '--var', 'PASSWORD=not-the-right-one'], { cwd: workspace.path });
    expect(ended.code, ended.output).toBe(3);
    expect(ended.output).toContain('did not accept the credentials');
    expect(ended.output).toContain('check the mechanism, username and password of `sasl`');
    expect(ended.output).not.toContain('not-the-right-one');
  });
});
