import { listen } from '../../actions/stub/open-stub.ts';
import type { Arrival } from '../../actions/stub/received.ts';
import { SharedStub } from '../../actions/stub/shared-stub.ts';
import type { StartSettings } from '../../actions/stub/stub-settings.ts';
import { StubTimers } from '../../actions/stub/stub-timers.ts';
import { type Reply, StubFront, type TakeArrival } from '../../actions/stub/wire/stub-front.ts';
import { createTransport } from '../../actions/stub/wire/transport.ts';
import type { StarterPlan } from '../../model/companions/companion-plan.ts';
import type { OpenedSettings } from '../../model/companions/run-services.ts';
import type { OpenStarter } from '../../services/starter.ts';

/** A stub that listens. */
export interface RunStub extends OpenStarter {
  /** Has requests answered by others; undefined: by its own routes again. */
  serveBy(take: TakeArrival | undefined): void;
}

/** Sees each request, and may see how it is answered. */
export type WatchArrival = (arrival: Arrival, reply: Reply) => Reply;

/** Starts a stub for the whole run. @throws ActionError when its port is taken */
export async function openRunStub(
  { name }: StarterPlan,
  opened: OpenedSettings,
  watch: WatchArrival = (_, reply) => reply,
): Promise<RunStub> {
  const { io } = opened;
  // Checked by the schema of the action.
  const config = opened.config as StartSettings;
  const transport = await createTransport(config, { directory: io.facts.directory, nowMs: io.clock.now() });
  const stub = new SharedStub(name, opened);
  const timers = new StubTimers(io.clock);
  const clock = { now: () => io.clock.now(), after: (ms: number, call: () => void) => timers.after(ms, call) };
  let take: TakeArrival = stub.take;
  const front = new StubFront(transport, clock, (arrival, reply) => take(arrival, watch(arrival, reply)));
  const port = await listen(front, config.port ?? 0, '`port: 0` gives it a free one');
  return {
    values: { url: `${transport.scheme}://127.0.0.1:${port}`, port, ca: transport.ca ?? null },
    notes: stub.warnings,
    openFlow: (flow) => stub.openFlow(flow),
    serveBy(others) {
      take = others ?? stub.take;
    },
    finish: () => stub.finish(),
    async close() {
      timers.cancel();
      stub.close();
      await front.close();
    },
  };
}
