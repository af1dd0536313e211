import type { Clock } from '../../model/action/resources.ts';

/** What an output uses of the world outside, handed in. */
export interface OutputWorld {
  readonly clock: Clock;
  /** What relative file names start from. */
  readonly cwd: string;
  /** Where a backlog goes that memory is too small for. */
  readonly temporaryFolder: string;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}
