import * as z from 'zod/mini';
import type { KafkaPeer } from '../../drivers/kafka/types.ts';
import type { DefaultSettings, NamedConnection } from '../../model/action/settings.ts';
import { tlsSettings } from '../settings/tls.ts';

const DEFAULT_PORT = 9092;

/** Addresses of brokers: a text, several separated by commas, or a list. */
export function brokers() {
  return z.union([z.string(), z.array(z.string()).check(z.minLength(1))]).check((context) => {
    const message = describeBrokersMistake(context.value);
    if (message) context.issues.push({ code: 'custom', message, input: context.value });
  });
}

/** By its name, a connection of testmesh.yaml gives the others. */
export const KAFKA_CONNECTION: NamedConnection = { setting: 'connection', gives: ['brokers', 'sasl', 'tls'] };

/** Who says which brokers says how one gets in, too. */
export const KAFKA_DEFAULTS: DefaultSettings = { group: 'kafka', together: [['brokers', 'sasl', 'tls']] };

/** A name of a topic as brokers accept it. */
export function topicName() {
  return z
    .string()
    .check(z.regex(/^[A-Za-z0-9._-]{1,249}$/, 'expected the name of a topic: letters, digits, `.`, `_` and `-`'));
}

/** How to say who one is. */
export function sasl() {
  return z.strictObject({
    mechanism: z
      .string()
      .check(z.regex(/^(plain|scram-sha-256|scram-sha-512)$/i, 'expected `plain`, `scram-sha-256` or `scram-sha-512`')),
    username: z.string(),
    password: z.string(),
  });
}

/** Encryption: `true`, or certificates as PEM text or paths of PEM files. */
export function tls() {
  return z.union([
    z.boolean(),
    tlsSettings().check(
      z.refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
        error: 'expected `cert` and `key` together, got one of them',
      }),
    ),
  ]);
}

export type SaslSettings = z.output<ReturnType<typeof sasl>>;
export type TlsSettings = z.output<ReturnType<typeof tls>>;

/** Settings that say which brokers and how. */
export interface ConnectionSettings {
  readonly brokers: string | readonly string[];
  readonly sasl?: SaslSettings | undefined;
  readonly tls?: TlsSettings | undefined;
}

/** Reads addresses such as `localhost:9092, [::1]:9093`; without a port it is 9092. */
export function parseBrokers(given: string | readonly string[]): readonly KafkaPeer[] {
  return splitBrokers(given).flatMap((text) => parseBroker(text) ?? []);
}

function describeBrokersMistake(given: string | readonly string[]): string | undefined {
  const texts = splitBrokers(given);
  if (texts.length === 0) return 'expected the address of a broker such as `localhost:9092`, got none';
  const wrong = texts.find((text) => !parseBroker(text));
  if (wrong === undefined) return undefined;
  const isUrl = /^[a-z+]+:\/\//i.test(wrong);
  const help = isUrl ? ' without a scheme' : '';
  return `expected the address of a broker such as \`localhost:9092\`${help}, got "${wrong}"`;
}

function splitBrokers(given: string | readonly string[]): readonly string[] {
  const list = typeof given === 'string' ? [given] : given;
  return list
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function parseBroker(text: string): KafkaPeer | undefined {
  const found = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = found?.[1] ?? found?.[2];
  const port = found?.[3] === undefined ? DEFAULT_PORT : Number(found[3]);
  return host === undefined || port === 0 || port > 65_535 ? undefined : { host, port };
}
