import type { ActionIo } from '../../model/action/io.ts';
import { describePortTrouble, leaveOut } from '../settings/port-trouble.ts';
import { describeView, judgeView } from './judge-view.ts';
import { readTraceIds } from './received.ts';
import { RequestLog } from './request-log.ts';
import { createAllRoutes, createUpkeep, setUpStub } from './set-up-stub.ts';
import { openContract } from './stub-contract.ts';
import type { StartSettings } from './stub-settings.ts';
import { StubView } from './stub-view.ts';
import { StubFront, type TakeArrival } from './wire/stub-front.ts';
import { createTransport } from './wire/transport.ts';

/** A stub that a step started. */
export interface OpenStub {
  readonly port: number;
  readonly url: string;
  /** PEM text of the authority to trust, where it is the stub's own. */
  readonly ca: string | undefined;
  readonly routeCount: number;
}

/** The key under which a stub is open, by the id of the step that started it. */
export function keyOfStub(id: string): string {
  return `stub:${id}`;
}

/** Starts a stub for the length of the flow. @throws ActionError when its port is taken */
export async function openStub(config: StartSettings, io: ActionIo): Promise<OpenStub> {
  const contract = openContract(config, io);
  for (const warning of contract?.contract.warnings ?? []) io.report.note(warning);
  const upkeep = createUpkeep(io.clock, { contract });
  const transport = await createTransport(config, { directory: io.facts.directory, nowMs: io.clock.now() });
  const duties = setUpStub(config, io, upkeep);
  // At a free port nobody asks it but for this flow.
  const everything = isFindable(config) ? new RequestLog() : undefined;
  const createView = () => new StubView(createAllRoutes(config, io, upkeep), duties, everything);
  const view = createView();
  const front = new StubFront(transport, duties.clock, shareOut(view, { config, io, createRest: createView }));
  const port = await listen(front, config.port ?? 0, leaveOut('`port`'));
  const name = `stub ${io.step.id}`;
  await io.resources.open(keyOfStub(io.step.id), async () => ({
    value: view,
    name,
    finish: () => judgeView(view, config, { name, step: io.step }),
    listDetails: () => describeView(view, config, name),
    close() {
      upkeep.timers.cancel();
      return front.close();
    },
  }));
  return { port, url: `${transport.scheme}://127.0.0.1:${port}`, ca: transport.ca, routeCount: view.routes.length };
}

/** Whether others than the flow may know where it is. */
function isFindable({ port = 0 }: StartSettings): boolean {
  return port !== 0;
}

/**
 * Has a flow see what it caused. Other flows find the stub too, where its port is a fixed one: what bears their trace is theirs, and
 * what bears none may be.
 */
function shareOut(
  view: StubView,
  {
    config,
    io,
    createRest,
  }: { readonly config: StartSettings; readonly io: ActionIo; readonly createRest: () => StubView },
): TakeArrival {
  const { traceId, others } = io.facts;
  let rest: StubView | undefined;
  return (arrival, reply) => {
    const traceIds = readTraceIds(arrival.rawHeaders);
    const isOwn = traceIds.includes(traceId);
    const isOther = !isOwn && traceIds.some((id) => others.haveTrace(id));
    if (isOwn || (!isOther && !(isFindable(config) && others.ranMeanwhile))) {
      view.take(arrival, reply);
      return;
    }
    rest ??= createRest();
    const kept = rest.take(arrival, reply);
    if (!isOther) view.strays.add(kept);
  };
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
