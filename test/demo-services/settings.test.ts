import { describe, expect, test } from 'vitest';
import { defects, ownDefect, parseDefect } from '../../demo-services/shared/defects.ts';
import { readSettings } from '../../demo-services/shared/settings.ts';

const knownNames = Object.keys(defects)
  .sort()
  .map((name) => `\`${name}\``)
  .join(', ');
const defaults = { port: 5001, schema: 'user_service' };

describe('readSettings', () => {
  test('has the usual addresses as defaults', () => {
    expect(readSettings({}, defaults)).toEqual({
      host: '0.0.0.0',
      port: 5001,
      databaseUrl: 'postgresql://root:admin@localhost:5432/postgres',
      schema: 'user_service',
      brokers: ['localhost:9092'],
      userServiceUrl: 'http://localhost:5001',
      productServiceUrl: 'http://localhost:5002',
      defect: undefined,
      logLevel: 'info',
    });
  });

  test('takes every value from the environment', () => {
    const env = {
      HOST: '127.0.0.1',
      PORT: '7001',
      DATABASE_URL: 'postgresql://a:b@c:1/d',
      DB_SCHEMA: 'other',
      KAFKA_BROKERS: 'k1:1, k2:2',
      USER_SERVICE_URL: 'http://u:1/',
      PRODUCT_SERVICE_URL: 'http://p:2',
      DEFECT: 'order_total_wrong',
      LOG_LEVEL: 'debug',
    };
    expect(readSettings(env, defaults)).toEqual({
      host: '127.0.0.1',
      port: 7001,
      databaseUrl: 'postgresql://a:b@c:1/d',
      schema: 'other',
      brokers: ['k1:1', 'k2:2'],
      userServiceUrl: 'http://u:1',
      productServiceUrl: 'http://p:2',
      defect: 'order_total_wrong',
      logLevel: 'debug',
    });
  });

  test('makes the database address from its parts, with what an address must escape', () => {
    const env = { DB_HOST: 'db', DB_PORT: '6000', DB_USER: 'me', DB_PASSWORD: 'a:b/c@d', DB_NAME: 'shop' };
    expect(readSettings(env, defaults).databaseUrl).toBe('postgresql://me:a%3Ab%2Fc%40d@db:6000/shop');
  });

  test.each([
    [{ PORT: 'x' }, '`PORT` must be a port from 1 to 65535, got `x`'],
    [{ DB_PORT: '70000' }, '`DB_PORT` must be a port from 1 to 65535, got `70000`'],
    [{ DB_SCHEMA: 'a; b' }, '`DB_SCHEMA` must be a name of lower-case letters, digits and _, got `a; b`'],
    [{ USER_SERVICE_URL: 'nowhere' }, '`USER_SERVICE_URL` must be a URL, got `nowhere`'],
    [{ DEFECT: 'nope' }, `unknown defect \`nope\`; known are ${knownNames}`],
  ])('refuses %o', (env, message) => {
    expect(() => readSettings(env, defaults)).toThrow(new Error(message));
  });
});

describe('defects', () => {
  test.each([undefined, ''])('are none for %o', (text) => {
    expect(parseDefect(text)).toBeUndefined();
  });

  test('belong to one service each', () => {
    expect(ownDefect('order-service', 'order_total_wrong')).toBe('order_total_wrong');
    expect(ownDefect('user-service', 'order_total_wrong')).toBeUndefined();
    expect(ownDefect('order-service', undefined)).toBeUndefined();
  });

  test.each(['toString', '__proto__', 'constructor'])('do not contain %s', (name) => {
    expect(() => parseDefect(name)).toThrow(`unknown defect \`${name}\``);
  });
});
