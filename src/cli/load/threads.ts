import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { runsAlone } from '../../engine/flows/open-flows.ts';
import { poolOf } from '../../load/executors/extent.ts';
import type { LoadThreads } from '../../load/run/load-run.ts';
import type { FromThread, ThreadPort } from '../../load/threads/messages.ts';
import { ThreadWork } from '../../load/threads/thread-work.ts';
import type { LoadPlan } from '../../model/load/load-plan.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { UsageError } from '../process/usage-error.ts';
import type { PlannedLoad } from './plan-flows.ts';
import { fingerprint } from './segments.ts';
import { THREAD_WORD, type ThreadData } from './thread-data.ts';

/** What keeps a load from being run by more threads than so many. */
interface Bound {
  readonly most: number;
  readonly message: string;
  readonly help: string;
}

/** How many threads run the load; 1 is this one alone. @throws UsageError when it cannot be run by so many as are asked for */
export function chooseThreads(
  { threads }: LoadFlags,
  planned: PlannedLoad & { readonly plan: LoadPlan },
  slice: Parameters<typeof poolOf>[1],
): number {
  if (threads === undefined) return 1;
  const bounds = listBounds(planned, slice);
  if (threads === 'auto') return Math.max(1, Math.min(availableParallelism() - 1, ...bounds.map(({ most }) => most)));
  const broken = bounds.find(({ most }) => threads > most);
  if (broken) throw new UsageError(`--threads ${threads}: ${broken.message}`, [broken.help]);
  return threads;
}

function listBounds(
  { plan, runs, project, companions }: PlannedLoad & { readonly plan: LoadPlan },
  slice: Parameters<typeof poolOf>[1],
): readonly Bound[] {
  const inThread = companions.find(({ kind }) => kind !== 'service');
  const hasMocks = (project?.known?.mocks.size ?? 0) > 0;
  const alone = runs.find(runsAlone);
  return [
    ...(inThread || hasMocks
      ? [
          {
            most: 1,
            message: 'stubs and proxies of testmesh.yaml are in one thread, and the others could not ask them',
            help: 'leave out `--threads`, or run them elsewhere and give their addresses with `--var`',
          },
        ]
      : []),
    ...(alone
      ? [
          {
            most: 1,
            message: `flow \`${alone.plan.id}\` stops or starts what runs beside it, which one thread alone can do`,
            help: 'leave out `--threads`',
          },
        ]
      : []),
    ...plan.scenarios.flatMap(({ name, executor }) => {
      if (executor.kind === 'find-capacity')
        return [
          {
            most: 1,
            message: `scenario \`${name}\` looks for a rate, and whoever does so has to see all that happens at it`,
            help: 'leave out `--threads`',
          },
        ];
      if (!('maxVus' in executor)) return [];
      const [, most] = poolOf(executor, slice);
      return [
        {
          most,
          message: `scenario \`${name}\` has ${most} virtual ${most === 1 ? 'user' : 'users'} at most, and a rate needs one in each thread`,
          help: 'raise `max_vus`, or take fewer threads',
        },
      ];
    }),
  ];
}

/** Starts the threads of a load: each plans the same flows, and waits until it is told to begin. */
export function startThreads(
  count: number,
  data: Omit<ThreadData, 'index' | 'count'>,
): LoadThreads & { close(): Promise<void> } {
  const ports = Array.from({ length: count }, (_, index) => openThread({ ...data, index, count }));
  return {
    count,
    openWork: (load) =>
      new ThreadWork({
        plan: load.plan,
        ports,
        load: fingerprint(load.plan, undefined),
        told: { meter: load.meter, book: load.book, health: load.health, accepting: load.reconciling },
        serviceValues: () => load.options.engine.runServices?.values,
      }),
    close: async () => {
      await Promise.all(ports.map((port) => port.close()));
    },
  };
}

function openThread(data: ThreadData): ThreadPort {
  const worker = startWorker(data);
  const end = new Promise<string>((resolve) => {
    worker.on('error', (error: Error) => resolve(error.message));
    worker.on('exit', (code) => resolve(`it ended with code ${code}`));
  });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (call) => void worker.on('message', (message: FromThread) => call(message)),
    onEnd: (call) => void end.then(call),
    close: async () => {
      await worker.terminate();
    },
  };
}

/** Starts the program that a thread runs: the bundled command, or its source beside this one. */
function startWorker(data: ThreadData): Worker {
  const own = fileURLToPath(import.meta.url);
  const options = { argv: [THREAD_WORD], workerData: data };
  if (own.endsWith('.cjs')) return new Worker(join(dirname(own), 'bin.cjs'), options);
  const tsx = pathToFileURL(join(dirname(createRequire(own).resolve('tsx')), 'esm/api/index.mjs')).href;
  const entry = new URL('../entry.ts', import.meta.url).href;
  const start = `import(${JSON.stringify(tsx)}).then(({ register }) => (register(), import(${JSON.stringify(entry)})))`;
  return new Worker(start, { ...options, eval: true });
}
