import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../../src/engine/events/secrets.ts';
import { hidePieces } from '../../../src/engine/run/hide-pieces.ts';
import { repeats } from '../../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of pieces of texts', 1, 0) > 0);

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

  inFullRun('takes a long text with many quotes in its stride', () => {
    const startedAt = performance.now();
    const source = `${'SELECT "column" FROM \'table\';\n'.repeat(20_000)}SELECT '${SECRET}'`;
    expect(mask(`${"'column' ".repeat(20_000)}cr8t`, source)).toMatch(/ \*\*\*$/);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

const PEM = '-----BEGIN KEY-----\nMIIabcQx\nholds+Zw9\n-----END KEY-----\n';
const PHRASE = 'hide the end\nand the break';

/** What is said of a request whose header `x-key` holds a secret of several lines. */
function say(message: string, secret: string, kind: string): string {
  const own = createSecrets();
  own.add(secret);
  const problem = { outcome: 'errored', kind, message, hints: [message] } as const;
  const config = { url: 'http://localhost/', headers: { 'x-key': secret } };
  const hidden = hidePieces({ problem, details: [], data: {}, source: 'action' }, config, own).problem;
  expect(hidden.hints).toEqual([hidden.message]);
  return own.maskText(hidden.message);
}

describe('our own words beside a secret of several lines', () => {
  const broken = 'the header `x-key` holds a line break, which would end it';
  it.each([
    ['authoring', broken, PEM, broken],
    ['authoring', broken, PHRASE, broken],
    ['authoring', 'the header `MIIabcQx` holds (the) end', PEM, 'the header `***` holds (the) end'],
    ['authoring', 'MIIabcQx, holds+Zw9 and `the end` or "break"', PHRASE, 'MIIabcQx, holds+Zw9 and `***` or "***"'],
    ['authoring', 'the header holds MIIabcQx, miiabcqx', PEM, 'the header holds ***, ***'],
    ['authoring', 'the end cannot be read: the end, break', PHRASE, 'the end cannot be read: *** ***, ***'],
    ['authoring', 'the ` end', PHRASE, '*** ` ***'],
    ['connection', 'the end of KEY, `x-key`', PEM, 'the end of KEY, `x-key`'],
    ['sql', 'BEGIN the end of miiabcqx', PEM, 'BEGIN the end of ***'],
    ['sql', 'no column the at or near "end"', PHRASE, 'no column *** at or near "***"'],
  ])('%s: %s', (kind, message, secret, wanted) => {
    expect(say(message, secret, kind)).toBe(wanted);
  });
});
