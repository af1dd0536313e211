import { type LinkKeeper, LinkPool } from './link-pool.ts';
import { type Stopper, WorkStopped } from './stopper.ts';

/** Connections to one database, kept open between steps; whoever gets one finds a session that is as good as new. */
export interface SqlPool<Session> {
  /**
   * Gives the work a session for itself, which ends with it. A transaction that it leaves open is rolled back.
   * @throws WorkStopped when `stop` ended it, else the server's or the network's error
   */
  use<T>(stop: Stopper, work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** One connection while it is somebody's. */
export interface SqlSession<Statement, Result> {
  run(statement: Statement): Promise<Result>;
  isInTransaction(): boolean;
}

/** Ends a statement before its time. */
export interface Halting {
  readonly stop: Stopper;
  /** Called when the stop comes: the statement is cancelled, and its connection given up. */
  halt(): void;
}

/** How statements are run on a kind of link. */
export interface SqlSpeaker<Link, Statement, Result> {
  readonly rollback: Statement;
  run(link: Link, statement: Statement, halting: Halting): Promise<Result>;
  isInTransaction(link: Link): boolean;
  /** Tells the server to end what runs on the link, over another connection, and closes the link. */
  cancel(link: Link): Promise<void>;
}

/** Makes a pool; nothing is contacted before its first use. `now` gives ms that never go back. */
export function createSqlPool<Link extends { isBroken: boolean }, Statement, Result>(
  keeper: LinkKeeper<Link>,
  { rollback, run, isInTransaction, cancel }: SqlSpeaker<Link, Statement, Result>,
  now: () => number,
): SqlPool<SqlSession<Statement, Result>> {
  const links = new LinkPool(keeper, now);
  const createSession = (link: Link, stop: Stopper): SqlSession<Statement, Result> => {
    const halt = () => {
      link.isBroken = true;
      links.track(cancel(link));
    };
    return { run: (statement) => run(link, statement, { stop, halt }), isInTransaction: () => isInTransaction(link) };
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

/** A connection that is lost takes its transaction with it. @throws WorkStopped */
function loseLink(link: { isBroken: boolean }, error: unknown): void {
  if (error instanceof WorkStopped) throw error;
  link.isBroken = true;
}
