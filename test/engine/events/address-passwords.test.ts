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
    ["host=h password='k9\\' Ru-x' port=1", 'host=h password=*** port=1', ["k9' Ru-x"]],
    ['PG_DSN: "host=h password=k9-Ru!x_2q"', 'PG_DSN: "host=h password=***"', ['k9-Ru!x_2q']],
    ['Server=h;User Id=app;Password=k9-Ru!x_2q;', 'Server=h;User Id=app;Password=***;', ['k9-Ru!x_2q']],
    ['Data Source=h;Pwd=k9-Ru!x_2q;', 'Data Source=h;Pwd=***;', ['k9-Ru!x_2q']],
    ['the password=k9-Ru!x_2q is wrong', 'the password=k9-Ru!x_2q is wrong', []],
    ['host=h\nwhen: password == "k9-Ru!x_2q"', 'host=h\nwhen: password == "k9-Ru!x_2q"', []],
    ['host=h when="password==k9-Ru!x_2q"', 'host=h when="password==k9-Ru!x_2q"', []],
    ['postgres://app:Pa@ss/Wo0rd99@127.0.0.1:5/d', 'postgres://app:***@127.0.0.1:5/d', ['Pa@ss/Wo0rd99']],
    ['mysql://app:Pa@ss?Wo0rd99@h/d?a=b@c', 'mysql://app:***@c', ['Pa@ss?Wo0rd99', 'Pa@ss?Wo0rd99@h/d?a=b']],
    ['redis://app:Pa@ss#Wo0rd99@h', 'redis://app:***@h', ['Pa@ss#Wo0rd99']],
    ['amqp://app:Pa@ss/Wo=rd99@h:5/v', 'amqp://app:***@h:5/v', ['Pa@ss/Wo=rd99']],
    ['http://app:Pa@ss/Wo0rd99@127.0.0.1:5/a', 'http://app:***@127.0.0.1:5/a', ['Pa@ss/Wo0rd99']],
    ['http://app:Pa@ss?Wo0rd99@localhost/a', 'http://app:***@localhost/a', ['Pa@ss?Wo0rd99']],
    ['http://app:k9-Ru!x_2q@h/users/ada@example.org', 'http://app:***@h/users/ada@example.org', ['k9-Ru!x_2q']],
    ['http://app:k9-Ru!x_2q@h/?u=http://a:b@c:1/', 'http://app:***@h/?u=http://a:***@c:1/', ['k9-Ru!x_2q']],
    ['postgres://app:Zq7p ssKLmW@127.0.0.1:5/d', 'postgres://app:***@127.0.0.1:5/d', ['Zq7p ssKLmW']],
    ['http://app:Zq7p ssKL"mW@h', 'http://app:***@h', ['Zq7p ssKL"mW']],
    ['A: "postgres://app:Zq7p ssKLmW@h/d" # x@y', 'A: "postgres://app:***@h/d" # x@y', ['Zq7p ssKLmW']],
    ['at postgres://h:5432 and ada@example.org', 'at postgres://h:5432 and ada@example.org', []],
    ['url: http://h:{{PORT}}/x # ask ada@b.org', 'url: http://h:{{PORT}}/x # ask ada@b.org', []],
    ['postgres://app:Khappy-Gx81Zz99@shop-db/orders', 'postgres://app:***@shop-db/orders', ['Khappy-Gx81Zz99']],
    ['postgres://svc:9fadbQx77LL@db:5432/orders', 'postgres://svc:***@db:5432/orders', ['9fadbQx77LL']],
    ['redis://u:Zq7pW0rdLm9xTail77@cache:6379/0', 'redis://u:***@cache:6379/0', ['Zq7pW0rdLm9xTail77']],
    ['postgres://app:orders-db@orders-db.test/d', 'postgres://app:***@orders-db.test/d', []],
    ['host=db user=app password=Wq77\\ hunterXX', 'host=db user=app password=***', ['Wq77 hunterXX']],
    ['postgres://app:{{PASSWORD}}/x@h', 'postgres://app:***@h', []],
  ])('%s', (text, hidden, found) => {
    expect(hidePasswords(text)).toBe(hidden);
    expect(findPasswords(text)).toEqual(found);
  });

  it('looks at a megabyte of letters with an address behind it as quickly as at other texts', () => {
    const text = `${'0123456789abcdef'.repeat(65_536)} x://y@z postgres://app:Pa55word9@db/x`;
    const startedAt = performance.now();
    expect(findPasswords(text)).toEqual(['Pa55word9']);
    // It took minutes; the bound is that of a machine under load.
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('takes a long text with many addresses in its stride', () => {
    const startedAt = performance.now();
    findPasswords(`http://a:b/${'c@'.repeat(50_000)} ${'x://y:z'.repeat(20_000)} ${'password=q host='.repeat(20_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
