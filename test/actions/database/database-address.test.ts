import { describe, expect, it } from 'vitest';
import { readDatabaseAddress } from '../../../src/actions/database/database-address.ts';
import { nameMysqlDatabase } from '../../../src/drivers/mysql/mysql-address.ts';

const EXPECTED =
  '`connection`: expected a URL that begins with `postgres://`, `postgresql://`, `mysql://` or `mariadb://`';

describe('readDatabaseAddress', () => {
  it.each([
    ['postgresql://u@h', 'postgres', { port: 5432, database: 'u' }],
    ['mysql://u:p@h/d', 'mysql', { user: 'u', password: 'p', host: 'h', port: 3306, database: 'd', tls: 'disable' }],
    ['MariaDB://u%40x:p%2Fw%23@h:1/d%20e', 'mysql', { user: 'u@x', password: 'p/w#', port: 1, database: 'd e' }],
    ['mysql://u@[::1]', 'mysql', { host: '::1', password: '', database: '' }],
    ['mysql://u@h/d?socket=/run/m.sock', 'mysql', { socket: '/run/m.sock' }],
    ['mysql://u@h?ssl-mode=REQUIRED&ssl-ca=ca.pem', 'mysql', { tls: 'require', tlsFiles: { ca: 'ca.pem' } }],
    ['mysql://u@h?sslmode=verify-full&sslkey=k', 'mysql', { tls: 'verify-full', tlsFiles: { key: 'k' } }],
    ['mysql://u@h?ssl=true', 'mysql', { tls: 'verify-full' }],
    ['mysql://u@h?charset=latin1', 'mysql', { ignored: ['charset'] }],
  ])('%s', (text, dialect, address) => {
    expect(readDatabaseAddress(text)).toMatchObject({ dialect, address });
  });

  it.each([
    ['http://h', `${EXPECTED}, got \`http://\``],
    ['orders', `${EXPECTED}, got the name \`orders\``],
    ['u:secret@h/d', `${EXPECTED}, got a text without a scheme`],
    ['mysql://u:sec#ret@h/d', '`connection` is not a valid URL: the password in it has to be percent-encoded'],
    ['mysql://u@h/d?ssl-mode=always', '`connection`: `ssl-mode=always` is not known'],
    [
      'mysql://u@10.0.0.1/d?ssl-mode=VERIFY_IDENTITY',
      '`connection`: `ssl-mode=VERIFY_IDENTITY` compares the certificate with a host name, got the address `10.0.0.1`',
    ],
    ['', '`connection` is empty'],
  ])('%s is a mistake', (text, mistake) => {
    const read = readDatabaseAddress(text);
    expect(read).toMatchObject({ mistake });
    expect(JSON.stringify(read)).not.toMatch(/secret|sec#ret/);
  });

  it('says how to name a connection', () => {
    expect(readDatabaseAddress('orders-2')).toMatchObject({
      help: [expect.stringContaining('`connection: "{{DB_URL}}"`')],
    });
  });

  it('names a database without its password', () => {
    const read = readDatabaseAddress('mysql://u:secret@[::1]/d');
    expect('address' in read && read.dialect === 'mysql' && nameMysqlDatabase(read.address)).toBe('[::1]:3306/d');
  });
});
