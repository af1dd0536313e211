import { describe, expect, it } from 'vitest';
import { createCookieJar } from '../../../src/drivers/http/cookie-jar.ts';

const NOW = Date.now();

/** Keeps cookies that answers of these addresses set, and gives what goes to another. */
async function pass(sets: readonly (readonly [string, string])[], to: string): Promise<string> {
  const jar = createCookieJar();
  for (const [header, from] of sets) expect(await jar.keep(header, from, NOW)).toBeUndefined();
  return (await jar.list(to)).map(([name, value]) => `${name}=${value}`).join('; ');
}

describe('a cookie', () => {
  it.each<[string, string, string, string, string]>([
    ['goes back', 'a=1', 'http://shop.test/x', 'http://shop.test/y', 'a=1'],
    ['goes to any port', 'a=1', 'http://127.0.0.1:5001/', 'http://127.0.0.1:5003/', 'a=1'],
    ['goes to no other host', 'a=1', 'http://localhost/', 'http://127.0.0.1/', ''],
    ['goes to no host below, without a domain', 'a=1', 'http://shop.test/', 'http://api.shop.test/', ''],
    [
      'goes to hosts below its domain',
      'a=1; Domain=shop.test',
      'http://api.shop.test/',
      'http://img.shop.test/',
      'a=1',
    ],
    ['goes below its path', 'a=1; Path=/api', 'http://h/', 'http://h/api/x', 'a=1'],
    ['goes to no other path', 'a=1; Path=/api', 'http://h/', 'http://h/apis', ''],
    ['has the folder of its address as path', 'a=1', 'http://h/login/form', 'http://h/', ''],
    ['that is `Secure` goes over https', 'a=1; Secure', 'https://h.test/', 'https://h.test/', 'a=1'],
    ['that is `Secure` goes not over http', 'a=1; Secure', 'https://h.test/', 'http://h.test/', ''],
    ['that is `Secure` works on this machine', 'a=1; Secure', 'http://localhost:1/', 'http://localhost:2/', 'a=1'],
    ['that is `Secure` works on this address', 'a=1; Secure', 'http://127.0.0.1/', 'http://127.0.0.1/', 'a=1'],
    ['that is `HttpOnly` and `SameSite`', 'a=1; HttpOnly; SameSite=Strict', 'http://h/', 'http://h/', 'a=1'],
    ['that has expired is gone', 'a=1; Max-Age=0', 'http://h/', 'http://h/', ''],
    ['that was over long ago', 'a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'http://h/', 'http://h/', ''],
    ['that lasts', 'a=1; Max-Age=60', 'http://h/', 'http://h/', 'a=1'],
    ['of a container that names itself', 'a=1; Domain=api', 'http://api:80/', 'http://api:81/', 'a=1'],
    ['of an IPv6 address', 'a=1', 'http://[::1]:1/', 'http://[::1]:2/', 'a=1'],
    ['with signs in its value', 'a="x y"=,{}', 'http://h/', 'http://h/', 'a="x y"=,{}'],
    ['of nothing', '=', 'http://h/', 'http://h/', ''],
  ])('%s', async (_, header, from, to, expected) => {
    expect(await pass([[header, from]], to)).toBe(expected);
  });

  it('takes the place of the one before, and removes it', async () => {
    const set = (header: string) => [header, 'http://h/'] as const;
    expect(await pass([set('a=1'), set('b=2'), set('a=3')], 'http://h/')).toBe('a=3; b=2');
    expect(await pass([set('a=1'), set('b=2'), set('a=; Max-Age=0')], 'http://h/')).toBe('b=2');
  });

  it('with the longer path goes first', async () => {
    const sets = [
      ['a=1; Path=/', 'http://h/'],
      ['a=2; Path=/api', 'http://h/'],
    ] as const;
    expect(await pass(sets, 'http://h/api/')).toBe('a=2; a=1');
  });

  it.each<[string, string, string | undefined, string]>([
    ['a=1; Domain=other.test', 'http://shop.test/', 'a', 'its domain `other.test` is not that of `shop.test`'],
    ['a=1; Domain=api.shop.test', 'http://shop.test/', 'a', 'its domain `api.shop.test` is not that of `shop.test`'],
    ['a=1; Domain=com', 'http://shop.com/', 'a', 'its domain `com` is one that many sites share'],
    ['a=1; Secure', 'http://shop.test/', 'a', 'it is `Secure`, and came over `http://`'],
    [
      '__Host-a=1; Path=/',
      'https://shop.test/',
      '__Host-a',
      'names with `__Secure-` need `Secure`, those with `__Host-` also `Path=/` and no domain',
    ],
    ['', 'http://shop.test/', undefined, 'it cannot be read'],
  ])('%s from %s is not kept', async (header, from, name, reason) => {
    const jar = createCookieJar();
    expect(await jar.keep(header, from, NOW)).toEqual({ name, reason });
    expect(await jar.list(from)).toEqual([]);
  });
});
