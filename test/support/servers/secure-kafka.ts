import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alterUserScramCredentialsV0, ConnectionPool } from '@platformatic/kafka';
import kafkajs from 'kafkajs';
import { startBroker } from '../../../demo-services/stack/kafka.ts';
import {
  type KafkaHome,
  type Listener,
  prepareKafkaHome,
  type Settings,
} from '../../../demo-services/stack/kafka-home.ts';
import type { Child, Nursery } from '../../../demo-services/stack/nursery.ts';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { makeCertificates } from './programs.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } = kafkajs;

/** The users that the broker knows, each by every mechanism, and what they may do with topics whose names begin with `shared`. */
const users = { admin: 'all', reader: 'read', writer: 'write', nobody: 'nothing' } as const;

export type User = keyof typeof users;

/** A password that no other user has; it holds what needs quoting elsewhere. */
export function passwordOf(user: User): string {
  return `${user}'s, =secret`;
}

/** A broker that asks who one is, with an address for each way to say so. */
export interface SecureKafka {
  /** Asks for nothing, and lets everything be done. */
  readonly open: string;
  readonly sasl: string;
  readonly tls: string;
  /** TLS that wants a certificate of the client. */
  readonly mutualTls: string;
  readonly saslTls: string;
  /** `ca.pem`, and a certificate of it with its key: `server.pem`, `server.key`. */
  readonly certificates: string;
  /** The same files by an authority that the broker does not know. */
  readonly foreignCertificates: string;
  readonly second: SecondBroker;
}

/** A broker that follows the first one and asks for nothing; it does not run at first. */
export interface SecondBroker {
  readonly address: string;
  /** Starts it unless it runs. */
  start(): Promise<void>;
  /** `SIGTERM` lets it hand over what it leads, `SIGKILL` does not. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** A broker of which nothing is heard is given up sooner than usual, and topics are made by those alone who say so. */
const manners: Settings = {
  'broker.heartbeat.interval.ms': 300,
  'broker.session.timeout.ms': 1500,
  'auto.create.topics.enable': false,
};

/** Starts it in a nursery, which also ends it. */
export async function startSecureKafka(nursery: Nursery): Promise<SecureKafka> {
  const certificates = join(nursery.folder, 'certificates');
  const foreignCertificates = join(nursery.folder, 'foreign');
  for (const folder of [certificates, foreignCertificates]) {
    await mkdir(folder);
    await makeCertificates(folder);
  }
  const home = await prepareKafkaHome(nursery, () => undefined);
  const port = await findFreePort();
  const listeners = await describeListeners();
  const settings = { ...(await describeTls(certificates)), ...describeSasl(), ...authorizer, ...manners };
  const controllerPort = await findFreePort();
  const node = { id: 1, port, controllerPort, listeners, settings };
  await startBroker({ nursery, home, node, name: 'secure-kafka' });
  await Promise.all([addScramUsers(port), allowTopics(port)]);
  const [sasl = '', tls = '', mutualTls = '', saslTls = ''] = listeners.map(({ host, port: own }) => `${host}:${own}`);
  const second = await describeSecond(nursery, home, controllerPort);
  return { open: `127.0.0.1:${port}`, sasl, tls, mutualTls, saslTls, certificates, foreignCertificates, second };
}

async function describeSecond(nursery: Nursery, home: KafkaHome, controllerPort: number): Promise<SecondBroker> {
  const node = { id: 2, port: await findFreePort(), controllerPort, settings: manners };
  let child: Child | undefined;
  return {
    address: `127.0.0.1:${node.port}`,
    async start() {
      if (!child?.isRunning()) child = await startBroker({ nursery, home, node, name: 'second-kafka' });
    },
    stop: async (signal) => child?.stop(signal, 10_000),
  };
}

async function describeListeners(): Promise<readonly Listener[]> {
  const kinds = [
    { name: 'SASL', protocol: 'SASL_PLAINTEXT' },
    { name: 'TLS', protocol: 'SSL' },
    { name: 'MUTUAL', protocol: 'SSL' },
    { name: 'BOTH', protocol: 'SASL_SSL' },
  ] as const;
  return Promise.all(kinds.map(async (kind) => ({ ...kind, host: 'localhost', port: await findFreePort() })));
}

async function describeTls(folder: string): Promise<Settings> {
  const read = async (name: string) => (await readFile(join(folder, name), 'utf8')).trim().replaceAll('\n', '\\n');
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.key': await read('server.key'),
    'ssl.keystore.certificate.chain': await read('server.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': await read('ca.pem'),
    'listener.name.mutual.ssl.client.auth': 'required',
  };
}

function describeSasl(): Settings {
  const module = 'org.apache.kafka.common.security';
  const known = Object.keys(users).map((user) => `user_${user}="${passwordOf(user as User)}"`);
  const settings = ['sasl', 'both'].map((name): Settings => {
    const at = `listener.name.${name}`;
    return {
      [`${at}.sasl.enabled.mechanisms`]: name === 'sasl' ? 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512' : 'SCRAM-SHA-512',
      [`${at}.plain.sasl.jaas.config`]: `${module}.plain.PlainLoginModule required ${known.join(' ')};`,
      [`${at}.scram-sha-256.sasl.jaas.config`]: `${module}.scram.ScramLoginModule required;`,
      [`${at}.scram-sha-512.sasl.jaas.config`]: `${module}.scram.ScramLoginModule required;`,
    };
  });
  return Object.assign({}, ...settings);
}

const authorizer: Settings = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS;User:admin;User:CN=localhost',
};

async function addScramUsers(port: number): Promise<void> {
  const pool = new ConnectionPool('test');
  const iterations = 4096;
  const connection = await pool.get({ host: '127.0.0.1', port });
  // One request for each mechanism: it may name a user once.
  for (const [index, bits] of [256, 512].entries()) {
    const upsertions = (Object.keys(users) as User[]).map((name) => {
      const salt = randomBytes(16);
      const saltedPassword = pbkdf2Sync(passwordOf(name), salt, iterations, bits / 8, `sha${bits}`);
      return { name, mechanism: index + 1, iterations, salt, saltedPassword };
    });
    await alterUserScramCredentialsV0.api.async(connection, [], upsertions);
  }
  await pool.close();
}

async function allowTopics(port: number): Promise<void> {
  const admin = new Kafka({ clientId: 'test', brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const operations = { reader: AclOperationTypes.READ, writer: AclOperationTypes.WRITE };
  const acl = Object.entries(operations).map(([user, operation]) => ({
    resourceType: AclResourceTypes.TOPIC,
    resourceName: 'shared',
    resourcePatternType: ResourcePatternTypes.PREFIXED,
    principal: `User:${user}`,
    host: '*',
    operation,
    permissionType: AclPermissionTypes.ALLOW,
  }));
  await admin.createAcls({ acl });
  await admin.disconnect();
}
