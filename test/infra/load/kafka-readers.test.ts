import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { startCountingServer } from '../../support/servers/counting-server.ts';
import { connectOtherClient, nameTopic } from '../../support/servers/kafka.ts';
import { startCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const timeout = 120_000;
const USERS = repeats('virtual users who wait on one topic', 50, 4);
const ROUNDS = 2;
/** One for questions, one that waits for messages, one for those who come while that one waits, one to write. */
const MOST = 4;

/** Each virtual user says that it is there, waits for the event of its round, and answers with one of its own. */
const describeFlow = (brokers: string, topic: string): string => `
name: Waits
env: { OWN: "{{UUID}}" }
steps:
  - { id: ready, action: http_request, config: { url: "{{URL}}/{{OWN}}" }, assert: [status == 200] }
  - id: own
    action: kafka_consumer
    config:
      brokers: "${brokers}"
      topic: ${topic}
      timeout: 60s
      match: { value: { own: "{{OWN}}" } }
    assert: [message.value.own == OWN]
load: { executor: per-vu-iterations, vus: ${USERS}, iterations: ${ROUNDS} }
`;

/** How many connections a process has to a port. */
function countConnections(pid: number, port: number): number {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  const remote = port.toString(16).toUpperCase().padStart(4, '0');
  return ['tcp', 'tcp6']
    .flatMap((name) => readFileSync(`/proc/${pid}/net/${name}`, 'utf8').split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[2]?.endsWith(`:${remote}`) && sockets.has(columns[9] ?? '')).length;
}

describeWithStack('virtual users who wait on one topic', ({ kafkaBrokers: brokers }) => {
  const workspace = useWorkspace();

  test(`${USERS} of them share the connections of one reader, and each gets its own`, { timeout }, async () => {
    const topic = nameTopic('load-readers');
    const other = await connectOtherClient(brokers);
    const server = await startCountingServer();
    const file = workspace.write('waits.yaml', describeFlow(brokers, topic));
    try {
      await other.createTopic(topic, 2);
      const words = ['load', file, '--var', `URL=${server.url}`, '--summary-export', 's.json', '-q'];
      const { child, ended, stderr } = startCli(words, { cwd: workspace.path });
      const port = Number(brokers.split(':').at(-1));
      const counts: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        await expect.poll(() => server.requests, { timeout: 60_000, message: stderr() }).toBe(USERS * (round + 1));
        for (const path of server.paths.slice(-USERS)) {
          counts.push(countConnections(child.pid ?? 0, port));
          await other.send(topic, [{ value: JSON.stringify({ own: path.slice(1) }) }]);
        }
      }
      const { code, output } = await ended;
      expect(code, output).toBe(0);
      expect(Math.max(...counts)).toBeLessThanOrEqual(MOST);
    } finally {
      await Promise.all([server.close(), other.close()]);
    }
  });
});
