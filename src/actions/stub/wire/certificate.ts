import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What a server needs to be trusted by whoever trusts `ca`; PEM texts. */
export interface SelfSigned {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
const VALID_DAYS = 30;

/** Object identifiers, encoded. */
const OID = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  serverAuth: '2b06010505070301',
  alternativeNames: '551d11',
  subjectKey: '551d0e',
  authorityKey: '551d23',
} as const;

const TRUE = Buffer.from('0101ff', 'hex');

/** Makes an authority of its own and a certificate of it for this machine (localhost, 127.0.0.1, ::1), for 30 days. Node signs, but makes no certificates. */
export function makeSelfSigned(nowMs: number): SelfSigned {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name: 'testmesh stub authority', ...authority };
  const ca = makeCertificate({ ...issuer, nowMs, issuer, extensions: describeAuthority() });
  const names = { name: 'localhost', publicKey: server.publicKey };
  const cert = makeCertificate({ ...names, nowMs, issuer, extensions: describeServer() });
  return { ca, cert, key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

interface Issuer {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

interface About {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly issuer: Issuer;
  readonly nowMs: number;
  readonly extensions: readonly Buffer[];
}

/** A certificate (RFC 5280) in PEM. */
function makeCertificate({ name, publicKey, issuer, nowMs, extensions }: About): string {
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const keys = [
    extension(OID.subjectKey, false, encode(0x04, hashKey(publicKey))),
    extension(OID.authorityKey, false, sequence(encode(0x80, hashKey(issuer.publicKey)))),
  ];
  const content = sequence(
    encode(0xa0, encode(0x02, Buffer.from([2]))),
    encode(0x02, serial),
    algorithm,
    writeName(issuer.name),
    sequence(writeTime(nowMs - DAY_MS), writeTime(nowMs + VALID_DAYS * DAY_MS)),
    writeName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    encode(0xa3, sequence(...extensions, ...keys)),
  );
  const signature = sign('sha256', content, issuer.privateKey);
  const certificate = sequence(content, algorithm, encode(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function describeAuthority(): readonly Buffer[] {
  // The bits of keyCertSign and cRLSign.
  return [
    extension(OID.basicConstraints, true, sequence(TRUE)),
    extension(OID.keyUsage, true, encode(0x03, Buffer.from([1, 0x06]))),
  ];
}

function describeServer(): readonly Buffer[] {
  const addresses = [Buffer.from([127, 0, 0, 1]), Buffer.concat([Buffer.alloc(15), Buffer.from([1])])];
  const names = [encode(0x82, Buffer.from('localhost')), ...addresses.map((address) => encode(0x87, address))];
  // The bit of digitalSignature.
  return [
    extension(OID.basicConstraints, true, sequence()),
    extension(OID.keyUsage, true, encode(0x03, Buffer.from([7, 0x80]))),
    extension(OID.extendedKeyUsage, false, sequence(oid(OID.serverAuth))),
    extension(OID.alternativeNames, false, sequence(...names)),
  ];
}

function hashKey(key: KeyObject): Buffer {
  // The key's bits are the end of its description: 65 bytes of a point on P-256.
  const bits = key.export({ type: 'spki', format: 'der' }).subarray(-65);
  return createHash('sha1').update(bits).digest();
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(isCritical ? [TRUE] : []), encode(0x04, value));
}

function writeName(text: string): Buffer {
  return sequence(encode(0x31, sequence(oid(OID.commonName), encode(0x0c, Buffer.from(text)))));
}

/** `YYMMDDhhmmssZ`, which is right until 2050. */
function writeTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14);
  return encode(0x17, Buffer.from(`${digits}Z`));
}

function oid(hex: string): Buffer {
  return encode(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return encode(0x30, ...parts);
}

/** Tag, length and content, as DER has them. */
function encode(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
