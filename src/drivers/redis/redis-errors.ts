import type { Stage } from '../../stop/stop-error.ts';
import { describeNetworkFailure, describeTimeout, type Failure, findErrorCode } from '../failure.ts';
import { describeForeign, ForeignAnswer } from '../foreign-answer.ts';
import { namePeer } from '../peer.ts';
import { RedisRefusal, type RedisReply } from './redis.ts';
import { nameRedis, type RedisAddress } from './redis-address.ts';

/** Describes what went wrong with a command or on the way to it. */
export function describeRedisFailure(error: unknown, address: RedisAddress): Failure {
  const peer = namePeer(address);
  const text = (error instanceof Error ? error.message : String(error)).trim();
  if (error instanceof ForeignAnswer) return describeForeign(error, { peer, server: 'a Redis server', setting: 'url' });
  const network = describeNetworkFailure(error, peer, 'url');
  if (network) return network;
  if (/Socket closed|The client is closed|Disconnects client/.test(text))
    return {
      kind: 'connection',
      code: 'ECONNRESET',
      message: `${peer} closed the connection before it answered`,
      hints: ["check the server's log; is it a Redis server?"],
    };
  if (isReply(error)) return describeReply(text, address);
  return {
    kind: 'connection',
    code: findErrorCode(error),
    message: `the connection to ${peer} failed: ${text}`,
    hints: ['is it a Redis server?'],
  };
}

/** Describes the first error that is an item of an answer; undefined where there is none. */
export function describeErrorItem(reply: RedisReply, address: RedisAddress): Failure | undefined {
  const found = findErrorItem(reply);
  if (!found) return undefined;
  const text = found.error.message.trim();
  const code = /^[A-Z][A-Z0-9]+(?= )/.exec(text)?.[0] ?? 'ERR';
  const place = found.path.map((index) => `item ${index} of `).join('');
  return {
    kind: 'redis',
    code,
    message: `${nameRedis(address)}: ${place}the answer is an error: ${text}`,
    hints: ['a script gives it with `redis.error_reply` or `redis.pcall`: return it by itself, or as a text'],
  };
}

/** Indexes with the innermost first. */
function findErrorItem(reply: RedisReply): { readonly error: Error; readonly path: readonly number[] } | undefined {
  if (reply instanceof Error) return { error: reply, path: [] };
  if (!Array.isArray(reply)) return undefined;
  for (const [index, item] of (reply as readonly RedisReply[]).entries()) {
    const found = findErrorItem(item);
    if (found) return { ...found, path: [...found.path, index] };
  }
  return undefined;
}

/** Describes work whose time was over. */
export function describeRedisTimeout(stage: Stage | undefined, address: RedisAddress, timeoutMs: number): Failure {
  return describeTimeout(stage, timeoutMs, {
    peer: namePeer(address),
    server: 'a Redis server',
    work: 'the command',
    where: nameRedis(address),
    hint: 'raise `timeout`, or ask for less',
  });
}

/** What the server refused; while a connection is opened it is known by its first word alone. */
function isReply(error: unknown): boolean {
  return error instanceof RedisRefusal || (error instanceof Error && /^[A-Z][A-Z0-9]+ /.test(error.message));
}

function describeReply(text: string, address: RedisAddress): Failure {
  const code = /^[A-Z][A-Z0-9]+/.exec(text)?.[0] ?? 'ERR';
  const where = nameRedis(address);
  const connection = { kind: 'connection', code } as const;
  switch (code) {
    case 'NOAUTH':
      return {
        ...connection,
        message: `${where} wants a password: ${text}`,
        hints: ['write `password:`, or `redis://:password@host` as `url`'],
      };
    case 'WRONGPASS':
      return {
        ...connection,
        message: `${where} refused the password: ${text}`,
        hints: ['check the user and password'],
      };
    case 'LOADING':
    case 'MASTERDOWN':
      return {
        ...connection,
        message: `${where} is not ready: ${text}`,
        hints: ['wait for it in `setup`, with a `poll`'],
      };
    case 'MOVED':
    case 'ASK':
      return {
        ...connection,
        message: `${where} is part of a cluster and does not hold the key: ${text}`,
        hints: ['give the address of the node that the answer names'],
      };
    default:
      return describeRefusal(code, text, where);
  }
}

function describeRefusal(code: string, text: string, where: string): Failure {
  if (/Client sent AUTH|without any password configured/i.test(text))
    return {
      kind: 'connection',
      code,
      message: `${where} has no password, but one is given: ${text}`,
      hints: ['leave `password` out'],
    };
  if (/DB index is out of range|invalid DB index/i.test(text))
    return {
      kind: 'connection',
      code,
      message: `${where} does not exist: ${text}`,
      hints: ['check the number of the database'],
    };
  const hints =
    code === 'WRONGTYPE' ? ['the key holds another kind of value: use `redis.command` (`HGET`, `LRANGE`, …)'] : [];
  return { kind: 'redis', code, message: `${where}: ${text}`, hints };
}
