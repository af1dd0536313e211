import { namePeer } from '../../drivers/peer.ts';
import { createRedisPool, type RedisPool, type RedisReply } from '../../drivers/redis/redis.ts';
import { nameRedis, type RedisAddress, readRedisAddress } from '../../drivers/redis/redis-address.ts';
import { describeErrorItem, describeRedisFailure, describeRedisTimeout } from '../../drivers/redis/redis-errors.ts';
import type { Value } from '../../expr/index.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { RedisServer } from '../../model/exchange.ts';
import { StopError } from '../../stop/stop-error.ts';
import { MASK } from '../../util/hidden-fields.ts';
import { chooseTimeout, describeStopped, runWithin } from '../settings/deadline.ts';
import { digestOf, openShared } from '../settings/open-shared.ts';
import type { RedisPlaceSettings } from './redis-settings.ts';
import { readReply } from './reply.ts';

/** Sends one command and gives its answer. @throws ActionError */
export async function sendCommand(
  command: readonly string[],
  settings: RedisPlaceSettings,
  io: ActionIo,
): Promise<RedisReply> {
  const address = readAddress(settings);
  const timeoutMs = chooseTimeout(settings.timeout, io);
  const pool = await openPool(address, io);
  let answer: Value | undefined;
  io.report.exchange(() => ({
    protocol: 'redis',
    server: describeServer(address),
    command: hideLogin(command),
    reply: answer,
  }));
  const reply = await runWithin(timeoutMs, io, async (stop) => {
    try {
      return await pool.run(command, stop);
    } catch (error) {
      throw describeFailure(error, address, timeoutMs);
    }
  });
  answer = readReply(reply, command);
  const errorItem = describeErrorItem(reply, address);
  if (errorItem) throw new ActionError(errorItem, describePlace(address));
  return reply;
}

/** The words of a command without those that log in: `AUTH me ***`. */
function hideLogin(command: readonly string[]): readonly string[] {
  const at = command.findIndex(
    (word, index) => /^auth$/i.test(word) && (index === 0 || /^hello$/i.test(command[0] ?? '')),
  );
  const last = at === -1 ? -1 : at === 0 ? command.length - 1 : at + 2;
  return last <= at ? command : command.with(last, MASK);
}

function describeServer(address: RedisAddress): RedisServer {
  const { host, port, database, user, password, isTls } = address;
  return { name: nameRedis(address), host, port, database, user, hasPassword: password !== '', isTls };
}

function readAddress(settings: RedisPlaceSettings): RedisAddress {
  const read = readRedisAddress(settings);
  if ('address' in read) return read.address;
  throw new ActionError({ kind: 'authoring', code: 'TM361', message: read.mistake, hints: read.help });
}

function openPool(address: RedisAddress, io: ActionIo): Promise<RedisPool> {
  const { clock } = io;
  const create = () => createRedisPool(address, () => clock.monotonic());
  const name = nameRedis(address);
  return openShared(io, { key: `redis:${name}:${digestOf([address])}`, name: `redis ${name}`, create });
}

function describePlace(address: RedisAddress) {
  const { host, port, database } = address;
  return { data: { peer: namePeer(address), host, port, db: database } };
}

function describeFailure(error: unknown, address: RedisAddress, timeoutMs: number): ActionError {
  const peer = namePeer(address);
  const more = { ...describePlace(address), cause: error };
  if (!(error instanceof StopError)) return new ActionError(describeRedisFailure(error, address), more);
  const describe = () => describeRedisTimeout(error.stage, address, timeoutMs);
  return new ActionError(describeStopped(error, peer, describe), more);
}
