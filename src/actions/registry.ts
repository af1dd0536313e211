import type { ActionDefinition, ActionTable } from '../model/action/definition.ts';
import { LazyMap } from '../util/lazy-map.ts';
import { assertData } from './assert.ts';
import { databaseQuery } from './database_query.ts';
import { delay } from './delay.ts';
import { effects } from './effects.ts';
import { faultClear } from './fault_clear.ts';
import { faultProxyStart } from './fault_proxy_start.ts';
import { faultSet } from './fault_set.ts';
import { forEach } from './for_each.ts';
import { httpRequest } from './http_request.ts';
import { runIf } from './if.ts';
import { kafkaConsumer } from './kafka_consumer.ts';
import { kafkaGroup } from './kafka_group.ts';
import { kafkaProducer } from './kafka_producer.ts';
import { kafkaRedeliver } from './kafka_redeliver.ts';
import { log } from './log.ts';
import { mockServerConfigure } from './mock_server_configure.ts';
import { mockServerReset } from './mock_server_reset.ts';
import { mockServerStart } from './mock_server_start.ts';
import { mockServerVerify } from './mock_server_verify.ts';
import { parallel } from './parallel.ts';
import { poll } from './poll.ts';
import { redisCommand } from './redis.command.ts';
import { redisDel } from './redis.del.ts';
import { redisExists } from './redis.exists.ts';
import { redisGet } from './redis.get.ts';
import { redisSet } from './redis.set.ts';
import { repeat } from './repeat.ts';
import { runFlow } from './run_flow.ts';
import { serviceKill } from './service_kill.ts';
import { serviceRestart } from './service_restart.ts';
import { serviceStart } from './service_start.ts';
import { serviceStop } from './service_stop.ts';
import { setVariables } from './set.ts';
import { steps } from './steps.ts';
import { tcpConnect } from './tcp_connect.ts';
import { unchanged } from './unchanged.ts';

/**
 * Every action by its name and its aliases, in the order in which help and docs list them: a new one is a line here. The
 * build has each made when it is first asked for: a run needs few, and describing the settings of all takes longer than planning a flow.
 */
const listed: Readonly<Record<string, () => ActionDefinition>> = {
  http_request: () => httpRequest,
  database_query: () => databaseQuery,
  kafka_consumer: () => kafkaConsumer,
  kafka_consume: () => kafkaConsumer,
  kafka_producer: () => kafkaProducer,
  kafka_publish: () => kafkaProducer,
  kafka_produce: () => kafkaProducer,
  kafka_group: () => kafkaGroup,
  kafka_redeliver: () => kafkaRedeliver,
  'redis.get': () => redisGet,
  'redis.set': () => redisSet,
  'redis.del': () => redisDel,
  'redis.exists': () => redisExists,
  'redis.command': () => redisCommand,
  mock_server_start: () => mockServerStart,
  mock_server_verify: () => mockServerVerify,
  mock_server_configure: () => mockServerConfigure,
  mock_server_reset: () => mockServerReset,
  fault_proxy_start: () => faultProxyStart,
  fault_set: () => faultSet,
  fault_clear: () => faultClear,
  service_stop: () => serviceStop,
  service_start: () => serviceStart,
  service_restart: () => serviceRestart,
  service_kill: () => serviceKill,
  poll: () => poll,
  parallel: () => parallel,
  for_each: () => forEach,
  repeat: () => repeat,
  if: () => runIf,
  condition: () => runIf,
  run_flow: () => runFlow,
  unchanged: () => unchanged,
  delay: () => delay,
  log: () => log,
  set: () => setVariables,
  assert: () => assertData,
};

/** Parts of other actions, and keys that watch: steps do not name them. */
const internal: Readonly<Record<string, () => ActionDefinition>> = {
  steps: () => steps,
  tcp_connect: () => tcpConnect,
  effects: () => effects,
};

/** Of them the keys that watch what they stand at. */
const WATCHING: readonly string[] = ['effects'];

/** Actions by name and alias. */
export const actions: ActionTable = Object.assign(new LazyMap({ ...listed, ...internal }), { watchKeys: WATCHING });

/** Every action that help and docs list, in their order. */
export function listActions(): readonly ActionDefinition[] {
  return [...new Set(Object.values(listed).map((take) => take()))];
}
