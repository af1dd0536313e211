import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../../src/engine/events/secrets.ts';

const SECRET = `p4'cr8t"x Limit-7`;
const SQL = `SELECT '${SECRET}' AS total FROM orders LIMIT 5`;

const secrets = createSecrets();
secrets.add(SECRET);

/** What is left of pieces, and then of what every report is masked for. */
function mask(text: string, source = SQL): string {
  return secrets.maskText(secrets.maskPiecesOf(source)?.(text) ?? text);
}

describe('what is said of a text with a secret in it', () => {
  it.each([
    ['a piece in quotes', 'syntax error at or near "cr8t"', 'syntax error at or near "***"'],
    ['a short piece in quotes', 'syntax error at or near "p4"', 'syntax error at or near "***"'],
    ['a sign in quotes, which tells nothing', 'write `%27` for `-`', 'write `%27` for `-`'],
    ['a piece with a quote in it', `unterminated string at or near ""x"`, `unterminated string at or near "***"`],
    [
      'the rest of the text',
      `syntax error near 'cr8t"x Limit-7' AS total FROM orders' at line 1`,
      "syntax error near ***' AS total FROM orders' at line 1",
    ],
    ['a piece without quotes', 'column o.cr8t does not exist', 'column o.*** does not exist'],
    ['a piece in other letters', 'column "CR8T" does not exist', 'column "***" does not exist'],
    ['two pieces', '"cr8t" and `p4`', '"***" and `***`'],
    [
      'what stands elsewhere too',
      'syntax error at or near "LIMIT" in orders',
      'syntax error at or near "LIMIT" in orders',
    ],
    ['what stands in no secret', 'relation "orders" does not exist', 'relation "orders" does not exist'],
    ['what is none of the source', `it isn't "there", says 'orderz'`, `it isn't "there", says 'orderz'`],
    ['a whole secret', `near "${SECRET}"`, `near "***"`],
  ])('hides pieces of it and nothing else: %s', (_title, text, wanted) => {
    expect(mask(text)).toBe(wanted);
  });

  it.each([
    [
      'the host of an address',
      'http://127.0.0.1:1',
      'nothing listens at 127.0.0.1:1',
      'nothing listens at 127.0.0.1:1',
    ],
    [
      'of one with user-info',
      'postgres://app:hunter2@db1:5432/orders',
      'no "hunter2" at db1:5432',
      'no "***" at db1:5432',
    ],
    ['its user', 'postgres://applic:hunter2@db1:5432/orders', 'no role applic', 'no role ***'],
    [
      'its database',
      'postgres://app:hunter2@db1/orders',
      'database "orders" is missing',
      'database "orders" is missing',
    ],
    ['its path', 'https://hooks.dev/services/T0x1y2z3', '"T0x1y2z3" of hooks.dev', '"***" of hooks.dev'],
    ['its parameters', 'redis://db1:6379/0?password=hunter2', 'hunter2 at db1:6379', '*** at db1:6379'],
    [
      'a password that nobody escaped',
      'postgres://app:hun/ter2@db1/orders',
      'port "hun" is none',
      'port "***" is none',
    ],
  ])('%s', (_title, address, text, wanted) => {
    const own = createSecrets();
    own.add(address);
    expect(own.maskText(own.maskPiecesOf(`${address}/x`)?.(text) ?? text)).toBe(wanted);
  });

  it('leaves whole secrets, for what an error says is judged', () => {
    const text = `duplicate key "${SECRET}"`;
    expect(secrets.maskPiecesOf(SQL)?.(text)).toBe(text);
  });

  it('needs none where there is no secret', () => {
    expect(secrets.maskPiecesOf('SELECT cr8t')).toBeUndefined();
  });

  it('takes a long text with many quotes in its stride', () => {
    const startedAt = performance.now();
    const source = `${'SELECT "column" FROM \'table\';\n'.repeat(20_000)}SELECT '${SECRET}'`;
    expect(mask(`${"'column' ".repeat(20_000)}cr8t`, source)).toMatch(/ \*\*\*$/);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
