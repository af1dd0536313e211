import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key, as PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly name: string;
}

export interface CertificateSpec {
  readonly name: string;
  /** Host names and addresses that it is for. */
  readonly hosts?: readonly string[];
  /** Who signs it; absent: itself. */
  readonly authority?: Certificate;
  readonly isAuthority?: boolean;
  /** Ends before today. */
  readonly isOver?: boolean;
}

const DAY_MS = 86_400_000;
let serial = 1;

/** Makes an X.509 certificate with a key on the curve P-256. */
export function makeCertificate({
  name,
  hosts = [],
  authority,
  isAuthority = false,
  isOver = false,
}: CertificateSpec): Certificate {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = authority ? createPrivateKey(authority.key) : pair.privateKey;
  const endMs = Date.now() + (isOver ? -DAY_MS : 30 * DAY_MS);
  const signature = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const extensions = [
    sequence(oid(0x55, 0x1d, 0x13), octets(sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : [])))),
    ...(hosts.length > 0 ? [sequence(oid(0x55, 0x1d, 0x11), octets(sequence(...hosts.map(nameHost))))] : []),
  ];
  serial += 1;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([serial])),
    signature,
    nameSubject(authority?.name ?? name),
    sequence(time(endMs - 60 * DAY_MS), time(endMs)),
    nameSubject(name),
    pair.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const whole = sequence(body, signature, der(0x03, Buffer.from([0]), sign('sha256', body, signer)));
  return { name, cert: writePem('CERTIFICATE', whole), key: exportKey(pair.privateKey) };
}

/** A key that only opens with a passphrase. */
export function lockKey({ key }: Certificate, passphrase: string): string {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const;
  return createPrivateKey(key).export(options).toString();
}

function exportKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function nameSubject(name: string): Buffer {
  return sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))));
}

function nameHost(host: string): Buffer {
  if (isIP(host) === 4) return der(0x87, Buffer.from(host.split('.').map(Number)));
  return der(0x82, Buffer.from(host));
}

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return der(0x17, Buffer.from(digits.slice(2)));
}

function oid(...bytes: number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function octets(content: Buffer): Buffer {
  return der(0x04, content);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), content]);
}

function writePem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
