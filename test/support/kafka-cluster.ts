import { startBroker } from '../../demo-services/stack/kafka.ts';
import { type Node, prepareKafkaHome } from '../../demo-services/stack/kafka-home.ts';
import type { Nursery } from '../../demo-services/stack/nursery.ts';
import { findFreePort } from '../../demo-services/stack/ports.ts';

/** Two brokers of one cluster; the first is the controller too, and stays. */
export interface KafkaCluster {
  readonly first: string;
  readonly second: string;
  /** Stops the second broker: `SIGTERM` lets it hand over what it leads, `SIGKILL` does not. */
  stopSecond(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts it unless it runs. */
  startSecond(): Promise<void>;
}

/** A broker of which nothing is heard is given up sooner than usual. */
const settings = { 'broker.heartbeat.interval.ms': 300, 'broker.session.timeout.ms': 1500 };

/** Starts the cluster in a nursery, which also ends it. */
export async function startKafkaCluster(nursery: Nursery): Promise<KafkaCluster> {
  const home = await prepareKafkaHome(nursery, () => undefined);
  const controllerPort = await findFreePort();
  const nodes: readonly Node[] = await Promise.all(
    [1, 2].map(async (id) => ({ id, port: await findFreePort(), controllerPort, settings })),
  );
  const [first, second] = nodes;
  if (!first || !second) throw new Error('there are two nodes');
  const start = (node: Node) => startBroker({ nursery, home, node, name: `kafka-node-${node.id}` });
  let [, child] = await Promise.all([start(first), start(second)]);
  return {
    first: `127.0.0.1:${first.port}`,
    second: `127.0.0.1:${second.port}`,
    stopSecond: (signal) => child.stop(signal, 10_000),
    async startSecond() {
      if (!child.isRunning()) child = await start(second);
    },
  };
}
