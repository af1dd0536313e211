import type { Stop } from '../stop/stop.ts';
import { StopError } from '../stop/stop-error.ts';
import { type LinkKeeper, LinkPool } from './link-pool.ts';

/** Connections to one database, kept open between steps; whoever gets one finds a session that is as good as new. */
export interface SqlPool<Session> {
  /**
   * Gives the work a session for itself, which ends with it. A transaction that it leaves open is rolled back.
   * @throws StopError when `stop` ended it, else the server's or the network's error
   */
  use<T>(stop: Stop, work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** One connection while it is somebody's. */
export interface SqlSession<Statement, Result> {
  run(statement: Statement): Promise<Result>;
  isInTransaction(): boolean;
}

/** A statement under way that may be ended before its time. */
export interface Ending {
  readonly stop: Stop;
  /** Called when the stop comes: the server is to give the statement up, and its connection is nobody's any more. */
  cancel(): void;
}

/** How statements are run on a kind of link. */
export interface SqlSpeaker<Link, Statement, Result> {
  readonly rollback: Statement;
  run(link: Link, statement: Statement, ending: Ending): Promise<Result>;
  isInTransaction(link: Link): boolean;
  /** Asks the server to end what runs on the link, over another connection, and closes the link. */
  cancel(link: Link): Promise<void>;
}

/** Makes a pool; nothing is contacted before its first use. `now` gives ms that never go back. */
export function createSqlPool<Link extends { isBroken: boolean }, Statement, Result>(
  keeper: LinkKeeper<Link>,
  { rollback, run, isInTransaction, cancel }: SqlSpeaker<Link, Statement, Result>,
  now: () => number,
  mostIdle?: number,
): SqlPool<SqlSession<Statement, Result>> {
  const links = new LinkPool(keeper, now, mostIdle);
  const createSession = (link: Link, stop: Stop): SqlSession<Statement, Result> => {
    const giveUp = () => {
      link.isBroken = true;
      links.track(cancel(link));
    };
    return {
      run: (statement) => run(link, statement, { stop, cancel: giveUp }),
      isInTransaction: () => isInTransaction(link),
    };
  };
  return {
    use: (stop, work) =>
      links.use(stop, async (link) => {
        const session = createSession(link, stop);
        const result = await work(session);
        if (session.isInTransaction()) await session.run(rollback).catch((error: unknown) => loseLink(link, error));
        return result;
      }),
    close: () => links.close(),
  };
}

/** A connection that is lost takes its transaction with it. @throws StopError */
function loseLink(link: { isBroken: boolean }, error: unknown): void {
  if (error instanceof StopError) throw error;
  link.isBroken = true;
}

/** Hands something to a client and waits for it, or for the stop; `hand` gives what takes its listeners back. @throws StopError */
export function orCancelled<T>(
  { stop, cancel }: Ending,
  hand: (resolve: (value: T) => void, reject: (error: unknown) => void) => (() => void) | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    stop.throwIfEnded({ at: 'connecting' });
    const settle = (done: () => void): void => {
      leave();
      clean?.();
      done();
    };
    const leave = stop.onEnd((reason) =>
      settle(() => {
        cancel();
        reject(reason.in({ at: 'running' }));
      }),
    );
    const clean = hand(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
  });
}
