import type { ActionDefinition } from '../model/action/definition.ts';
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
import { runFlow } from './run_flow.ts';
import { serviceKill } from './service_kill.ts';
import { serviceRestart } from './service_restart.ts';
import { serviceStart } from './service_start.ts';
import { serviceStop } from './service_stop.ts';
import { setVariables } from './set.ts';
import { steps } from './steps.ts';
import { tcpConnect } from './tcp_connect.ts';
import { unchanged } from './unchanged.ts';

/** Every action, in the order in which help and README list them: a new one is a line here. */
export const actionList: readonly ActionDefinition[] = [
  httpRequest,
  databaseQuery,
  kafkaConsumer,
  kafkaProducer,
  kafkaGroup,
  kafkaRedeliver,
  redisGet,
  redisSet,
  redisDel,
  redisExists,
  redisCommand,
  mockServerStart,
  mockServerVerify,
  mockServerConfigure,
  mockServerReset,
  faultProxyStart,
  faultSet,
  faultClear,
  serviceStop,
  serviceStart,
  serviceRestart,
  serviceKill,
  poll,
  parallel,
  forEach,
  runIf,
  runFlow,
  unchanged,
  delay,
  log,
  setVariables,
  assertData,
];

/** Parts of other actions, and keys that watch: steps do not name them. */
const internalActions: readonly ActionDefinition[] = [steps, tcpConnect, effects];

/** Actions by name and alias. */
export const actions: ReadonlyMap<string, ActionDefinition> = new Map(
  [...actionList, ...internalActions].flatMap((action) =>
    [action.name, ...(action.aliases ?? [])].map((name) => [name, action] as const),
  ),
);
