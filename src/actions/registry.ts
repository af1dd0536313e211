import type { ActionDefinition } from '../model/action.ts';
import { assertData } from './assert.ts';
import { databaseQuery } from './database_query.ts';
import { delay } from './delay.ts';
import { httpRequest } from './http_request.ts';
import { kafkaConsumer } from './kafka_consumer.ts';
import { kafkaProducer } from './kafka_producer.ts';
import { log } from './log.ts';
import { poll } from './poll.ts';
import { redisCommand } from './redis.command.ts';
import { redisDel } from './redis.del.ts';
import { redisExists } from './redis.exists.ts';
import { redisGet } from './redis.get.ts';
import { redisSet } from './redis.set.ts';
import { setVariables } from './set.ts';

/** Every action, in the order in which help and README list them: a new one is a line here. */
export const actionList: readonly ActionDefinition[] = [
  httpRequest,
  databaseQuery,
  kafkaConsumer,
  kafkaProducer,
  redisGet,
  redisSet,
  redisDel,
  redisExists,
  redisCommand,
  poll,
  delay,
  log,
  setVariables,
  assertData,
];

/** Actions by name and alias. */
export const actions: ReadonlyMap<string, ActionDefinition> = new Map(
  actionList.flatMap((action) => [action.name, ...(action.aliases ?? [])].map((name) => [name, action] as const)),
);
