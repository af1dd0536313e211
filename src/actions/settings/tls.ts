import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import * as z from 'zod/mini';
import type { TlsParts } from '../../drivers/tls.ts';
import { ActionError } from '../../model/action/outcome.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { readText } from '../../util/read-text.ts';

/** Whom to trust and who one is: certificates as PEM text or paths of PEM files. */
export function tlsSettings() {
  return z.strictObject({
    ca: z.optional(z.string()),
    cert: z.optional(z.string()),
    key: z.optional(z.string()),
    passphrase: z.optional(z.string()),
    servername: z.optional(z.string()),
    insecure: z.optional(z.boolean()),
  });
}

export type TlsSettings = z.output<ReturnType<typeof tlsSettings>>;

type PemKey = 'ca' | 'cert' | 'key';

/** What was given as one of the settings, and where it is from. */
interface Pem {
  readonly text: string;
  /** `tls.ca`, with the file that it names. */
  readonly name: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/;

/** Whether a setting is PEM text itself and no path of a file with it. */
export function isPemText(given: string): boolean {
  return given.includes('-----BEGIN');
}

/** Reads the files of the TLS settings, and makes sure that they hold what they are for. @throws ActionError of kind `config` */
export async function readTls(settings: TlsSettings, directory: string): Promise<TlsParts> {
  const { passphrase, servername, insecure: isInsecure = false } = settings;
  const [ca, cert, ownKey] = (['ca', 'cert', 'key'] as const).map((key) => readPem(key, settings[key], directory));
  if (ca) readPublicKey(ca);
  const key = ownKey ?? cert;
  if (cert && key) {
    const publicKey = readPublicKey(cert);
    if (!PRIVATE_KEY.test(key.text)) throw createMistake(describeMissingKey(ownKey));
    if (!createPublicKey(readPrivateKey(key, passphrase)).equals(publicKey)) {
      const message = `${key.name} is not the key of the certificate in ${cert.name}`;
      throw createMistake([message, 'name the two that belong together']);
    }
  }
  return { ca: ca?.text, cert: cert?.text, key: key?.text, passphrase, servername, isInsecure };
}

function readPem(setting: PemKey, given: string | undefined, directory: string): Pem | undefined {
  if (given === undefined) return undefined;
  if (isPemText(given)) return { text: given, name: `\`tls.${setting}\`` };
  try {
    return { text: readText(resolve(directory, given)), name: `\`tls.${setting}\` (\`${given}\`)` };
  } catch (error) {
    const message = `\`tls.${setting}\`: the file \`${resolve(directory, given)}\` cannot be read: ${describeFileTrouble(error)}`;
    throw createMistake([message, 'give a path from the flow file, or PEM text'], error);
  }
}

/** The key of the first certificate; each has to be readable. */
function readPublicKey(pem: Pem): KeyObject {
  const wanted = 'expected PEM text: `-----BEGIN CERTIFICATE-----` …';
  const keys = (pem.text.match(CERTIFICATE) ?? []).map((text) => {
    try {
      return createPublicKey(text);
    } catch (error) {
      throw createMistake([`${pem.name} holds a certificate that cannot be read`, wanted], error);
    }
  });
  if (keys[0]) return keys[0];
  throw createMistake([`${pem.name} holds no certificate`, wanted]);
}

function readPrivateKey(key: Pem, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: key.text, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    const isLocked = /ENCRYPTED/.test(key.text);
    if (isLocked && passphrase === undefined) {
      throw createMistake([`${key.name} is locked with a passphrase`, 'give it: `tls: {passphrase: …}`'], error);
    }
    if (isLocked) throw createMistake([`\`tls.passphrase\` does not open ${key.name}`], error);
    throw createMistake(
      [`${key.name} holds a key that cannot be read`, 'expected PEM text: `-----BEGIN PRIVATE KEY-----` …'],
      error,
    );
  }
}

function describeMissingKey(key: Pem | undefined): [string, string] {
  if (key) return [`${key.name} holds no private key`, 'expected PEM text: `-----BEGIN PRIVATE KEY-----` …'];
  return ['`tls.cert` has no private key with it', 'name its file: `tls: {cert: client.pem, key: client.key}`'];
}

function createMistake([message, ...hints]: readonly [string, ...string[]], cause?: unknown): ActionError {
  return new ActionError({ kind: 'authoring', code: 'TM312', message, hints }, { cause });
}
