import type { ActionIo } from '../../model/action/io.ts';
import type { Problem } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import { describePortTrouble, leaveOut } from '../settings/port-trouble.ts';
import { createRoutes, setUpStub } from './set-up-stub.ts';
import { StubErrors } from './stub-errors.ts';
import { StubServer } from './stub-server.ts';
import type { StartSettings } from './stub-settings.ts';
import { StubTimers } from './stub-timers.ts';
import { createTransport } from './transport.ts';
import { listUnmatched } from './unmatched.ts';

/** A stub that a step started. */
export interface OpenStub {
  readonly server: StubServer;
  readonly port: number;
  readonly url: string;
  /** PEM text of the authority to trust, where it is the stub's own. */
  readonly ca: string | undefined;
}

/** The key under which a stub is open, by the id of the step that started it. */
export function keyOfStub(id: string): string {
  return `stub:${id}`;
}

/** Starts a stub for the length of the flow. @throws ActionError when its port is taken */
export async function openStub(config: StartSettings, io: ActionIo): Promise<OpenStub> {
  const errors = new StubErrors();
  const timers = new StubTimers(io.clock);
  const transport = await createTransport(config, { directory: io.facts.directory, nowMs: io.clock.now() });
  const server = new StubServer(
    transport,
    createRoutes(config.routes ?? [], io),
    setUpStub(config, io, { errors, timers }),
  );
  const port = await listen(server, config.port ?? 0, leaveOut('`port`'));
  const name = `stub ${io.step.id}`;
  await io.resources.open(keyOfStub(io.step.id), async () => ({
    value: server,
    name,
    finish: async () => [...errors.list(), ...judgeUnmatched(server, config, name)],
    close() {
      timers.cancel();
      return server.close();
    },
  }));
  return { server, port, url: `${transport.scheme}://127.0.0.1:${port}`, ca: transport.ca };
}

/** Has a server listen on a port; gives the port. `help` says how to choose another. @throws ActionError when it may not */
export async function listen(
  server: { listen(port: number): Promise<number> },
  port: number,
  help: string,
): Promise<number> {
  try {
    return await server.listen(port);
  } catch (error) {
    throw describePortTrouble(error, port, help) ?? error;
  }
}

function judgeUnmatched(server: StubServer, { unmatched }: StartSettings, name: string): readonly Problem[] {
  const lines = listUnmatched(server);
  if (unmatched !== 'fail' || lines.length === 0) return [];
  const message = `${name}: ${countOf(server.unmatched.count, 'request')} matched no route`;
  return [{ outcome: 'failed', kind: 'expectation', message, hints: lines }];
}
