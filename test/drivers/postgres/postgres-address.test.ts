import { describe, expect, it } from 'vitest';
import { nameDatabase, readPostgresAddress } from '../../../src/drivers/postgres/postgres-address.ts';

describe('readPostgresAddress', () => {
  it.each([
    ['postgres://u:p@h/d', { user: 'u', password: 'p', host: 'h', port: 5432, database: 'd', tls: 'disable' }],
    ['postgresql://u%40x:p%2Fw%23@h:1/d%20e', { user: 'u@x', password: 'p/w#', port: 1, database: 'd e' }],
    ['postgres://u@h', { password: '', database: 'u' }],
    ['postgres://u@[::1]:5433/d', { host: '::1', port: 5433 }],
    ['postgres://u@/d?host=/run/pg&port=6000', { host: '/run/pg', port: 6000, database: 'd' }],
    ['postgres://u@h/d?sslmode=require&sslrootcert=ca.pem', { tls: 'require', tlsFiles: { ca: 'ca.pem' } }],
    ['postgres://u:p@h/d?application_name=a@b', { host: 'h', database: 'd' }],
    ['postgres://h/d?user=a@b', { host: 'h', database: 'd' }],
    ['postgres://u@h/d?ssl=true', { tls: 'verify-full' }],
    ['postgres://u@h/d?application_name=x&schema=y', { applicationName: 'x', ignored: ['schema'] }],
  ])('%s', (text, expected) => {
    expect(readPostgresAddress(text)).toMatchObject({ address: expected });
  });

  it.each([
    ['postgres://u:s@ec/ret@h/d', '`connection` is not a valid URL: the password in it has to be percent-encoded'],
    ['postgres://u:s@ec?ret@h/d', '`connection` is not a valid URL: the password in it has to be percent-encoded'],
    ['postgres://u:s@ec#ret@h/d', '`connection` is not a valid URL: the password in it has to be percent-encoded'],
    ['postgres://u:sec#ret@h/d', '`connection` is not a valid URL: the password in it has to be percent-encoded'],
    ['postgres://u:/secret@h/d', '`connection` is not a valid URL: the password in it has to be percent-encoded'],
    ['postgres://u:12#ret@h/d', '`connection` is not a valid URL: the password in it has to be percent-encoded'],
    ['postgres://u:12?ret@h/d', '`connection` is not a valid URL: the password in it has to be percent-encoded'],
    ['postgres://u:12/ret@h/d', '`connection` is not a valid URL: the password in it has to be percent-encoded'],
    ['postgres://u@h:port/d', '`connection` is not a valid URL'],
    ['postgres://u@h/d?sslmode=always', '`connection`: `sslmode=always` is not known'],
  ])('%s is a mistake', (text, mistake) => {
    expect(readPostgresAddress(text)).toMatchObject({ mistake });
  });

  it('names a database without its password', () => {
    const read = readPostgresAddress('postgres://u:secret@[::1]/d');
    expect('address' in read && nameDatabase(read.address)).toBe('[::1]:5432/d');
  });
});
