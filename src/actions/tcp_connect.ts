import * as z from 'zod/mini';
import { describeNetworkFailure } from '../drivers/failure.ts';
import { touchTcp } from '../drivers/tcp.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import { ActionError } from '../model/action/outcome.ts';
import { timeLimit } from '../model/settings.ts';
import { StopError } from '../stop/stop-error.ts';
import { formatDuration } from '../util/duration.ts';
import { chooseTimeout, describeStopped, runWithin } from './settings/deadline.ts';

const settings = z.strictObject({
  host: z.string(),
  port: z.union([z.int(), z.string()]),
  timeout: z.optional(timeLimit()),
});

/** Opens a TCP connection and closes it again: what `wait_for` with `type: tcp` does at each look. */
export const tcpConnect: ActionDefinition<z.output<typeof settings>> = {
  name: 'tcp_connect',
  summary: 'Opens a TCP connection and closes it again',
  settings: { schema: settings },
  result: { keys: { connected: 'bool' } },
  judges: true,
  traits: { isInternal: true, ownsDeadline: true },
  async run({ host, port, timeout }, io) {
    const peer = `${host}:${port}`;
    const timeoutMs = chooseTimeout(timeout, io);
    const number = Number(port);
    if (!Number.isInteger(number) || number < 1 || number > 65_535)
      throw new ActionError({
        kind: 'authoring',
        message: `expected a port from 1 to 65535, got ${JSON.stringify(port)}`,
      });
    await runWithin(timeoutMs, io, async (stop) => {
      try {
        await touchTcp(host, number, stop);
      } catch (error) {
        throw describeFailure(error, peer, timeoutMs);
      }
    });
    return { result: { connected: true }, summary: `${peer} accepts connections` };
  },
};

function describeFailure(error: unknown, peer: string, timeoutMs: number): ActionError {
  const more = { data: { peer }, cause: error };
  if (error instanceof StopError) {
    const describe = () => ({ kind: 'timeout', message: `${peer} did not answer within ${formatDuration(timeoutMs)}` });
    return new ActionError(describeStopped(error, peer, describe), more);
  }
  const failure = describeNetworkFailure(error, peer, 'host');
  const message = error instanceof Error ? error.message : String(error);
  return new ActionError(failure ?? { kind: 'connection', message: `${peer} cannot be reached: ${message}` }, more);
}
