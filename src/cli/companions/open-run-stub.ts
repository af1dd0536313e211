import { listen } from '../../actions/stub/open-stub.ts';
import { SharedStub } from '../../actions/stub/shared-stub.ts';
import type { StartSettings } from '../../actions/stub/stub-settings.ts';
import { StubTimers } from '../../actions/stub/stub-timers.ts';
import { StubFront } from '../../actions/stub/wire/stub-front.ts';
import { createTransport } from '../../actions/stub/wire/transport.ts';
import type { StarterPlan } from '../../model/companions/companion-plan.ts';
import type { OpenedSettings } from '../../model/companions/run-services.ts';
import type { OpenStarter } from '../../services/starter.ts';

/** Starts a stub for the whole run. @throws ActionError when its port is taken */
export async function openRunStub({ name }: StarterPlan, opened: OpenedSettings): Promise<OpenStarter> {
  const { io } = opened;
  // Checked by the schema of the action.
  const config = opened.config as StartSettings;
  const transport = await createTransport(config, { directory: io.facts.directory, nowMs: io.clock.now() });
  const stub = new SharedStub(name, opened);
  const timers = new StubTimers(io.clock);
  const clock = { now: () => io.clock.now(), after: (ms: number, call: () => void) => timers.after(ms, call) };
  const front = new StubFront(transport, clock, stub.take);
  const port = await listen(front, config.port ?? 0, '`port: 0` gives it a free one');
  return {
    values: { url: `${transport.scheme}://127.0.0.1:${port}`, port, ca: transport.ca ?? null },
    openFlow: (flow) => stub.openFlow(flow),
    finish: () => stub.finish(),
    async close() {
      timers.cancel();
      stub.close();
      await front.close();
    },
  };
}
