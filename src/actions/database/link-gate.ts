import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { Lifetime } from '../../model/action/resources.ts';
import type { Stop } from '../../stop/stop.ts';
import { StopError } from '../../stop/stop-error.ts';
import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import type { Database } from './database.ts';

/** Lets so many in at a time, and others in the order in which they came. */
class LinkGate {
  readonly most: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** @throws StopError when `stop` came before its turn */
  enter(stop: Stop): Promise<void> {
    if (this.#inside < this.most) {
      this.#inside += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        release();
        resolve();
      };
      const release = stop.onEnd((reason) => {
        const at = this.#waiting.indexOf(enter);
        if (at === -1) return;
        this.#waiting.splice(at, 1);
        reject(reason.in({ at: 'connecting' }));
      });
      this.#waiting.push(enter);
    });
  }

  /** Gives the place to the one that waits longest. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inside -= 1;
  }
}

type GateIo = Pick<ActionIo, 'resources' | 'clock' | 'facts' | 'report'>;

/** Does work with a database when it is its turn, where a load says how many may; `onTurn` is told how long that took, ms. @throws ActionError when it did not come */
export async function takeTurn<T>(
  database: Database,
  io: GateIo,
  { stop, timeoutMs, onTurn, work }: { stop: Stop; timeoutMs: number; onTurn(ms: number): void; work(): Promise<T> },
): Promise<T> {
  const { pool, perUser } = io.facts.turn?.wire.links ?? {};
  if (pool === undefined && perUser === undefined) return work();
  const gates = await Promise.all([openGate(database, io, perUser, 'session'), openGate(database, io, pool, 'run')]);
  const startedAt = io.clock.monotonic();
  const entered: LinkGate[] = [];
  try {
    for (const gate of gates) {
      await gate?.enter(stop).catch((error: unknown) => {
        throw describeFull(error, { gate, database, timeoutMs });
      });
      if (gate) entered.push(gate);
    }
    const waitedMs = io.clock.monotonic() - startedAt;
    io.report.measure?.value('db_connection_wait', waitedMs);
    onTurn(waitedMs);
    return await work();
  } finally {
    for (const gate of entered) gate.leave();
  }
}

async function openGate(
  { about }: Database,
  { resources }: GateIo,
  most: number | undefined,
  lifetime: Lifetime,
): Promise<LinkGate | undefined> {
  if (most === undefined) return undefined;
  const key = `gate ${about.dialect} ${about.name} ${about.user}`;
  return resources.open(key, async () => ({ value: new LinkGate(most), close: async () => undefined }), { lifetime });
}

function describeFull(
  error: unknown,
  { gate, database, timeoutMs }: { gate: LinkGate; database: Database; timeoutMs: number },
): unknown {
  if (!(error instanceof StopError) || error.kind !== 'deadline') return database.describeFailure(error, timeoutMs);
  const { most } = gate;
  return new ActionError({
    kind: 'timeout',
    code: 'NO_FREE_CONNECTION',
    message: `the step waited ${formatDuration(timeoutMs)} for a connection to ${database.about.name}: \`connections\` of the load has ${countOf(most, 'connection')}, and others had ${most === 1 ? 'it' : 'them'}`,
    hints: ['raise `pool` or `max_per_vu`, or use fewer virtual users; the database itself was not asked'],
  });
}
