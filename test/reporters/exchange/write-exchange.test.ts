import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../../src/expr/index.ts';
import type { Exchange, SqlDatabase } from '../../../src/model/exchange.ts';
import type { ExchangeText } from '../../../src/reporters/exchange/exchange-text.ts';
import { writeExchange } from '../../../src/reporters/exchange/write-exchange.ts';
import { answerHttp, sendHttp } from '../../support/exchanges.ts';

const postgres: SqlDatabase = {
  ...{ dialect: 'postgres', name: 'db:5432/shop', host: 'db', port: 5432 },
  ...{ database: 'shop', user: 'ada', hasPassword: true, tls: 'disable' },
};
const mysql: SqlDatabase = { ...postgres, dialect: 'mysql', name: 'db:3306/shop', port: 3306 };
const redis = { name: 'r:6379/2', host: 'r', port: 6379, database: 2, user: 'u', hasPassword: true, isTls: true };

describe('an exchange in words', () => {
  it.each<[string, Exchange, ExchangeText]>([
    [
      'a request that nobody answered',
      sendHttp('GET http://h/a'),
      { sent: 'GET http://h/a', byHand: 'curl http://h/a' },
    ],
    [
      'a request by another way',
      {
        ...answerHttp(sendHttp('DELETE https://h/[a]'), { status: 204 }),
        way: {
          ...{ isMoved: true, isHttp2: true, tls: { ca: '/ca.pem', isInsecure: true } },
          proxy: { url: 'http://p:1', user: 'ada', isForced: true },
        },
      },
      {
        sent: 'DELETE https://h/[a]',
        received: '204 (no body)',
        byHand:
          "curl -X DELETE -L --cacert /ca.pem -k --proxy http://p:1 --noproxy '' --proxy-user ada --http2 -g 'https://h/[a]'",
      },
    ],
    [
      'a query with values',
      {
        protocol: 'sql',
        database: { ...postgres, tls: 'require' },
        query: ' select :a ',
        statements: [{ text: 'select $1', parameters: [{ value: "it's", literal: "'it''s'" }] }],
        response: {
          ...{ summary: '1 row', columns: ['n'], rowCount: 1, changed: 0 },
          rows: [{ n: new ExactNumber('9007199254740993') }],
        },
      },
      {
        sent: 'select :a\nat db:5432/shop',
        sentBody: '$1 = "it\'s"',
        received: '1 row',
        receivedBody: 'n\n----------------\n9007199254740993',
        byHand: `psql 'postgresql://ada@db:5432/shop?sslmode=require' -c 'PREPARE q1 AS select $1' -c 'EXECUTE q1('\\''it'\\'''\\''s'\\'')'`,
      },
    ],
    [
      'a query over a socket, whose rows were not kept',
      {
        protocol: 'sql',
        database: { ...postgres, host: '/run/pg', socket: '/run/pg' },
        query: 'select 1',
        statements: [{ text: 'select 1', parameters: [] }],
        response: { summary: '1 row', columns: ['n'], rowCount: 1, changed: 0 },
      },
      {
        sent: 'select 1\nat db:5432/shop',
        received: '1 row',
        byHand: "psql 'postgresql://ada@/shop?host=%2Frun%2Fpg&port=5432' -c 'select 1'",
      },
    ],
    [
      'a query of MySQL with values',
      {
        protocol: 'sql',
        database: mysql,
        query: 'select ?',
        statements: [{ text: "select ? as 'n'", parameters: [{ value: 1, literal: '1' }] }],
      },
      {
        sent: 'select ?\nat db:3306/shop',
        sentBody: '?1 = 1',
        byHand:
          "mysql --protocol=tcp -h db -P 3306 -u ada -p --default-character-set=utf8mb4 shop -e 'SET time_zone = '\\''+00:00'\\''; SET @p1_1 = 1; PREPARE q1 FROM '\\''select ? as '\\'''\\''n'\\'''\\'''\\''; EXECUTE q1 USING @p1_1'",
      },
    ],
    [
      'a command of Redis',
      { protocol: 'redis', server: redis, command: ['SET', 'a b', 'x'], reply: null },
      {
        sent: 'SET "a b" x\nat r:6379/2',
        receivedBody: 'nil',
        byHand: "redis-cli -h r -p 6379 -n 2 --user u --askpass --tls SET 'a b' x",
      },
    ],
    [
      'messages that were sent',
      {
        protocol: 'kafka',
        cluster: { brokers: ['a:1', 'b:2'] },
        sent: {
          topic: 't',
          count: 2,
          messages: [{ headers: [], value: '1' }, { headers: [] }],
          written: [{ partition: 0, offset: 7 }, { partition: 1 }],
        },
      },
      {
        sent: '2 messages to t on a:1, b:2',
        sentBody: '1\nnil (a tombstone)',
        received: 'written to [0] offset 7, [1] offset unknown',
      },
    ],
    [
      'a wait',
      {
        protocol: 'kafka',
        cluster: { brokers: ['a:1'] },
        awaited: {
          since: { kind: 'flow' },
          topics: [{ topic: 't', atMs: 1, places: [{ partition: 0, offset: 5 }] }],
          match: { key: 'k' },
          ...{ count: 1, seen: 3 },
          messages: [
            { topic: 't', partition: 0, offset: 6, key: 'k', value: 'x', headers: {}, timestamp: null, json: null },
          ],
        },
      },
      {
        sent: 'wait for `t` on a:1, since the beginning of this run',
        sentBody: 'match {"key":"k"}',
        received: '1 message matched of 3 seen',
        receivedBody: '{"topic":"t","partition":0,"offset":6,"key":"k","value":"x","headers":{},"timestamp":null}',
        byHand: 'kcat -C -b a:1 -t t -p 0 -o 5 -e',
      },
    ],
  ])('%s', (_what, exchange, words) => {
    expect(writeExchange(exchange)).toEqual(words);
  });
});
