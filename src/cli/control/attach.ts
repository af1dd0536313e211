import { connect, type Socket } from 'node:net';
import type { TakeArrival } from '../../actions/stub/wire/stub-front.ts';
import { keyOfCompanion } from '../../model/companions/companion.ts';
import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import { listNames } from '../../util/suggest.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { findControlPath } from './control-path.ts';
import { Peer } from './peer.ts';
import type { RunCalls, SentAnswer, SentArrival, UpCalls, UpFacts } from './protocol.ts';

/** How long it may take to say who it is, ms. */
const GREET_MS = 2_000;

/** The way to a `testmesh up` that runs. */
export type UpPeer = Peer<UpCalls, RunCalls>;

/** What a run uses of `testmesh up`. */
export interface Attached {
  readonly pid: number;
  readonly facts: UpFacts;
  readonly peer: UpPeer;
  /** What answers requests to stubs, by the name of the stub. */
  readonly serving: Map<string, TakeArrival>;
  /** Calls back with the name of a service that ended and why; of each, when all of it is gone. */
  onLoss(call: (name: string | undefined, message: string) => void): void;
}

/** Connects to the `testmesh up` of a folder, where one runs there. @throws UsageError when it cannot be used */
export async function attach(
  directory: string,
  { version, pid: ownPid }: { version: string; pid: number },
): Promise<Attached | undefined> {
  const path = findControlPath(directory);
  const socket = path === undefined ? undefined : await open(path);
  if (!socket) return undefined;
  const serving = new Map<string, TakeArrival>();
  const answered = new Map<number, () => void>();
  const lossCalls: ((name: string | undefined, message: string) => void)[] = [];
  const lose = (name: string | undefined, message: string): void => {
    for (const call of lossCalls) call(name, message);
  };
  const peer: UpPeer = new Peer<UpCalls, RunCalls>(socket, {
    answer: (given) => answer(given, serving.get(given.stub), answered),
    answered({ id }) {
      answered.get(id)?.();
      answered.delete(id);
      return null;
    },
    lost({ name, message }) {
      lose(name, message);
      return null;
    },
  });
  peer.onClose(() => lose(undefined, 'ended with `testmesh up`, which is gone'));
  try {
    const { pid } = await greet(peer, version);
    const facts = await peer.call('attach', { pid: ownPid });
    return { pid, facts, peer, serving, onLoss: (call) => void lossCalls.push(call) };
  } catch (error) {
    peer.close();
    if (error instanceof UsageError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw refuse(`\`testmesh up\` runs here, but cannot be used: ${why}`, 'wait until it is free, or end it');
  }
}

/** The process id of the `testmesh up` of a folder; undefined where none answers. @throws UsageError where one runs and does not answer */
export async function findRunningUp(directory: string): Promise<number | undefined> {
  const path = findControlPath(directory);
  const socket = path === undefined ? undefined : await open(path);
  if (!socket) return undefined;
  const peer: UpPeer = new Peer<UpCalls, RunCalls>(socket, {
    answer: () => ({}),
    answered: () => null,
    lost: () => null,
  });
  try {
    return (await greet(peer)).pid;
  } finally {
    peer.close();
  }
}

/** Which of the plans run there, for people. */
export function describeAttached({ pid, facts }: Attached, plans: readonly ProjectCompanion[]): string | undefined {
  const there = new Set(facts.companions.map(keyOfCompanion));
  const shared = plans.filter((plan) => there.has(keyOfCompanion(plan)));
  if (shared.length === 0) return undefined;
  const names = shared.map((plan) => (plan.kind === 'service' ? plan.name : keyOfCompanion(plan)));
  return `${listNames(names)} of \`testmesh up\` (pid ${pid}) ${names.length === 1 ? 'is' : 'are'} used`;
}

/** Nobody listens at a socket that was left behind. */
function open(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined);
      else
        reject(
          refuse(`the control socket ${path} cannot be used: ${error.message}`, 'end the `testmesh up` that it is of'),
        );
    });
  });
}

async function greet(peer: UpPeer, version?: string): Promise<{ pid: number }> {
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), GREET_MS).unref());
  const found = await Promise.race([peer.call('greet', null), late]);
  if (!found) throw refuse('`testmesh up` runs here, but does not answer', 'end it, and start it again');
  if (version === undefined || found.version === version) return found;
  throw refuse(
    `\`testmesh up\` (pid ${found.pid}) is of version ${found.version}, and this is ${version}`,
    'end it, and start it again',
  );
}

function refuse(message: string, help: string): UsageError {
  return new UsageError(message, [help], EXIT.errored);
}

/** Answers a request that came there. */
function answer(
  { id, stub: _, body, ...arrival }: SentArrival,
  take: TakeArrival | undefined,
  answered: Map<number, () => void>,
): Promise<SentAnswer> {
  return new Promise((resolve) => {
    if (!take) {
      resolve({});
      return;
    }
    take(
      { ...arrival, body: Buffer.from(body, 'base64') },
      {
        send(ready, fault) {
          const sent = ready.body === undefined ? undefined : Buffer.from(ready.body).toString('base64');
          resolve({ answer: { ...ready, body: sent }, fault });
          return new Promise((done) => answered.set(id, done));
        },
        fail: () => resolve({}),
      },
    );
  });
}
