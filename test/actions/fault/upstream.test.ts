import { describe, expect, it } from 'vitest';
import { findWrongUpstream } from '../../../src/actions/fault/upstream.ts';
import { findingsOf, planText } from '../../support/plan-text.ts';

describe('where a proxy leads', () => {
  it.each([
    [
      'a:9092, b:port',
      'kafka',
      '`a:9092, b:port` is not the address of a broker, which is `host:port` without a scheme for example `localhost:9092`',
    ],
    [
      'ftp://files.test',
      undefined,
      '`ftp://files.test` names no port, and none is usual for `ftp` write it with its port, as in `ftp://files.test:1234`; a port is known for `http`, `https`, `postgres`, `postgresql`, `mysql`, `mariadb`, `redis` and `rediss`',
    ],
    [
      'amqp://user:pw@rabbit',
      undefined,
      '`amqp://rabbit` names no port, and none is usual for `amqp` write it with its port, as in `amqp://rabbit:1234`; a port is known for `http`, `https`, `postgres`, `postgresql`, `mysql`, `mariadb`, `redis` and `rediss`',
    ],
    ['localhost', undefined, '`localhost` is not an address with a port for example `localhost:5432`'],
    [
      'ftp://files:21',
      'http',
      '`ftp://files:21` is not an address that `protocol: http` can ask for example `http://files:5001`',
    ],
    [
      'postgres://app@db/orders',
      'http',
      '`postgres://db/orders` is not an address that `protocol: http` can ask for example `http://db:5001`',
    ],
    [
      'kafka://broker:9092',
      'kafka',
      '`kafka://broker:9092` is not the address of a broker, which is `host:port` without a scheme for example `broker:9092`',
    ],
  ] as const)('%s with protocol %s is told to be wrong', (upstream, protocol, told) => {
    const wrong = findWrongUpstream({ upstream, protocol });
    expect(`${wrong?.message} ${wrong?.hint}`).toBe(`\`upstream\`: ${told}`);
  });

  it.each([
    ['localhost:5432', undefined],
    ['postgres://app:secret@localhost/orders', undefined],
    ['ftp://files:21', undefined],
    ['http://localhost:5001', undefined],
    ['HTTP://localhost', undefined],
    ['localhost:5001', 'http'],
    ['http://localhost', 'tcp'],
    ['a:9092, b:9092', 'kafka'],
    ['[::1]:5432', undefined],
  ] as const)('%s with protocol %s is an address', (upstream, protocol) => {
    expect(findWrongUpstream({ upstream, protocol })).toBeUndefined();
  });

  it.each([
    ['ftp://files', ['TM382 3:61 `upstream`: `ftp://files` names no port, and none is usual for `ftp`']],
    ['{{UUID}}', []],
  ])('is checked before the run: %s', (upstream, told) => {
    const flow = planText(
      `name: x\nsteps:\n  - { id: p, action: fault_proxy_start, config: { upstream: "${upstream}" } }\n  - { action: log, config: { message: "{{p.url}}" } }\n`,
    );
    expect(findingsOf(flow)).toEqual(told);
  });
});
