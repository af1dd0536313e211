import { describe, expect, it } from 'vitest';
import { findPasswords, hidePasswords } from '../../../src/engine/events/address-passwords.ts';

describe('passwords of addresses', () => {
  it.each<[text: string, hidden: string, found: readonly string[]]>([
    ['postgres://app:k9-Ru!x_2q@h:1/db', 'postgres://app:***@h:1/db', ['k9-Ru!x_2q']],
    ['postgres://app:short@h:1/db', 'postgres://app:***@h:1/db', []],
    ['postgres://orders12:orders12@h/db', 'postgres://orders12:***@h/db', []],
    ['postgres://app:pg9/Ru#x2qZz@127.0.0.1:1/orders', 'postgres://app:***@127.0.0.1:1/orders', ['pg9/Ru#x2qZz']],
    ['redis://default:rd9#Ru?x2qZz@127.0.0.1:1', 'redis://default:***@127.0.0.1:1', ['rd9#Ru?x2qZz']],
    ['http://svc:ht9?Ru/x2qZz@127.0.0.1:1', 'http://svc:***@127.0.0.1:1', ['ht9?Ru/x2qZz']],
    ['mysql://app:12/Ru#x2qZz@h/d', 'mysql://app:***@h/d', ['12/Ru#x2qZz']],
    ['postgres://app:pg9/Ru@x2qZz@h/d?user=a@b', 'postgres://app:***@b', ['pg9/Ru@x2qZz', 'pg9/Ru@x2qZz@h/d?user=a']],
    [
      'http://app:k9-Ru!x_2q@h/users?mail=ada@example.org',
      'http://app:***@h/users?mail=ada@example.org',
      ['k9-Ru!x_2q'],
    ],
    ['http://localhost:8080/users/ada@example.org', 'http://localhost:8080/users/ada@example.org', []],
    ['http://localhost:8080?mail=ada@example.org', 'http://localhost:8080?mail=ada@example.org', []],
    ['http://[::1]:8080/users/ada@example.org', 'http://[::1]:8080/users/ada@example.org', []],
    ['ssh://git@h:22/repo@v1', 'ssh://git@h:22/repo@v1', []],
    ['oci://h:5000/image@sha256:0123456789abcdef', 'oci://h:5000/image@sha256:0123456789abcdef', []],
    [
      'jdbc:postgresql://h/d?user=app&password=k9-Ru!x_2q',
      'jdbc:postgresql://h/d?user=app&password=***',
      ['k9-Ru!x_2q'],
    ],
    ['host=h user=app password=k9-Ru!x_2q dbname=d', 'host=h user=app password=*** dbname=d', ['k9-Ru!x_2q']],
    ["password = 'it''s k9-Ru' host = h", 'password = *** host = h', ["it''s k9-Ru"]],
    ["host=h password='k9\\' Ru-x' port=1", 'host=h password=*** port=1', ["k9\\' Ru-x"]],
    ['PG_DSN: "host=h password=k9-Ru!x_2q"', 'PG_DSN: "host=h password=***"', ['k9-Ru!x_2q']],
    ['Server=h;User Id=app;Password=k9-Ru!x_2q;', 'Server=h;User Id=app;Password=***;', ['k9-Ru!x_2q']],
    ['Data Source=h;Pwd=k9-Ru!x_2q;', 'Data Source=h;Pwd=***;', ['k9-Ru!x_2q']],
    ['the password=k9-Ru!x_2q is wrong', 'the password=k9-Ru!x_2q is wrong', []],
    ['host=h\nwhen: password == "k9-Ru!x_2q"', 'host=h\nwhen: password == "k9-Ru!x_2q"', []],
    ['host=h when="password==k9-Ru!x_2q"', 'host=h when="password==k9-Ru!x_2q"', []],
    ['postgres://app:{{PASSWORD}}/x@h', 'postgres://app:***@h', []],
  ])('%s', (text, hidden, found) => {
    expect(hidePasswords(text)).toBe(hidden);
    expect(findPasswords(text)).toEqual(found);
  });

  it('takes a long text with many addresses in its stride', () => {
    const startedAt = performance.now();
    findPasswords(`http://a:b/${'c@'.repeat(50_000)} ${'x://y:z'.repeat(20_000)} ${'password=q host='.repeat(20_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
