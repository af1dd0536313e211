import type { Clock } from '../model/action/resources.ts';

/** What services need of the process that starts them. */
export interface ServiceHost {
  readonly clock: Clock;
  /** Of testmesh; what services get besides their own. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of testmesh.yaml. */
  readonly directory: string;
  /** Marks the processes of this run, and of no other. */
  readonly mark: string;
  /** Sends a signal to a process, or to a group by its negative number; false where there is none. */
  kill(pid: number, signal: NodeJS.Signals | 0): boolean;
  /** The program and arguments that run the guard. */
  readonly guard: readonly string[];
}
