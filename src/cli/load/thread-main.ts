import { parentPort, workerData } from 'node:worker_threads';
import { createClock } from '../../engine/lifetimes/clock.ts';
import { decodeValue } from '../../expr/index.ts';
import { Slice, WHOLE } from '../../load/executors/slice.ts';
import type { ServiceValues } from '../../load/threads/messages.ts';
import { ThreadLoad } from '../../load/threads/thread-load.ts';
import type { RunServices } from '../../model/companions/run-services.ts';
import { readTextBeside } from '../../util/read-text.ts';
import { preloadActions } from '../commands/run-command.ts';
import { readOverrides } from './load-inputs.ts';
import { planFlows } from './plan-flows.ts';
import { fingerprint, readSegmentFlags } from './segments.ts';
import { decodeInputs, type ThreadData } from './thread-data.ts';

/** Runs a part of a load in this thread, as the one that started it says. */
export async function runThread(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('this is no thread');
  const data = workerData as ThreadData;
  const { paths, flags, cwd, identity, tags, keepsRaw, index, count } = data;
  const inputs = decodeInputs(data.inputs);
  const { plan, runs, project } = await planFlows(paths, { flags, overrides: readOverrides(flags), inputs, cwd });
  if (!plan) throw new Error('the flows have changed, and something is wrong with them');
  preloadActions(runs);
  const { slice } = readSegmentFlags(flags) ?? { slice: WHOLE };
  const load = new ThreadLoad({
    plan,
    ...{ tags, keepsRaw },
    slice: slice.part(index, count),
    indices: new Slice(count + 1, [index + 1]),
    flowsOf: (flow) => runs.filter((run) => run.plan === flow),
    holdServices: (values) => (values === undefined ? undefined : holdServices(decodeValue(values) as ServiceValues)),
    post: (message) => port.postMessage(message),
    engine: {
      clock: createClock(),
      identity,
      policy: { trace: project?.trace, thinks: true },
      services: (directory) => ({
        readEnv: (name: string) => inputs.processEnv[name],
        readFile: (path: string) => readTextBeside(directory, path),
      }),
    },
  });
  port.on('message', (message) => load.take(message));
  port.postMessage({ type: 'ready', load: fingerprint(plan, undefined) });
}

/** The services that the main thread runs: seen from here, and left alone. */
function holdServices(values: ServiceValues): RunServices {
  const refuse = (): never => {
    throw new Error('a service is stopped and started by the thread that runs it');
  };
  return {
    values,
    restarts: 0,
    moved: new Map(),
    began: { started: [], found: [] },
    isOneLost: false,
    start: async () => [],
    finish: async () => [],
    close: async () => [],
    restore: async () => [],
    stopOne: refuse,
    startOne: refuse,
    openFlow: () => ({ resources: new Map(), listPrinted: async () => [] }),
  };
}
