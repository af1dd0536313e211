import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { PG_CRYPTO } from '../.config/stand-ins.ts';

const require = createRequire(import.meta.url);

interface PgCrypto {
  randomBytes(length: number): Uint8Array;
  sha256(data: Uint8Array): Promise<ArrayBuffer>;
  hashByName(name: string, data: Uint8Array): Promise<ArrayBuffer>;
  hmacSha256(key: Uint8Array, text: string): Promise<ArrayBuffer>;
  deriveKey(password: string, salt: Uint8Array, iterations: number): Promise<ArrayBuffer>;
  postgresMd5PasswordHash(user: string, password: string, salt: Uint8Array): Promise<string>;
}

const theirs: PgCrypto = require('pg/lib/crypto/utils');
const ours = {} as PgCrypto;
new Function('require', 'exports', PG_CRYPTO)(require, ours);

const data = Buffer.from([0, 1, 127, 128, 255]);

it.each<[string, (crypto: PgCrypto) => Promise<ArrayBuffer | string>]>([
  ['sha256', ({ sha256 }) => sha256(data)],
  ['SHA-256 by name', ({ hashByName }) => hashByName('SHA-256', data)],
  ['SHA-384 by name', ({ hashByName }) => hashByName('SHA-384', data)],
  ['SHA-512 by name', ({ hashByName }) => hashByName('SHA-512', data)],
  ['hmacSha256', ({ hmacSha256 }) => hmacSha256(data, 'c=biws,r=Schlüssel')],
  ['deriveKey', ({ deriveKey }) => deriveKey('pä$$ wörd 🗝', data, 4096)],
  ['the MD5 of a password', ({ postgresMd5PasswordHash }) => postgresMd5PasswordHash('jörg', 'pä$$', data)],
])('pg logs in with what the build puts in the place of its cryptography as with its own: %s', async (_, run) => {
  const [own, its] = [await run(ours), await run(theirs)];
  expect(Buffer.from(own as ArrayBuffer)).toEqual(Buffer.from(its as ArrayBuffer));
});

it('nonces of pg are random', () => {
  const first = Buffer.from(ours.randomBytes(18));
  expect(first).toHaveLength(18);
  expect(first).not.toEqual(Buffer.from(ours.randomBytes(18)));
});
