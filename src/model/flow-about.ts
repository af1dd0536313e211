/** What a flow is to the others of its run: it runs once, before or after them. */
export type FlowRole = 'before_all' | 'after_all';

/** Which flow it is. */
export interface FlowAbout {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** The row of the flow's data, from 1; absent without `data:`. */
  readonly row?: number | undefined;
  /** Which time it is, from 1, with `--repeat-each`. */
  readonly repeat?: number | undefined;
  /** Which attempt it is, from 2; absent of the first. */
  readonly attempt?: number | undefined;
  /** Absent of one of the flows that the run is for. */
  readonly role?: FlowRole | undefined;
  readonly traceId: string;
  readonly tags: readonly string[];
}

/** What two attempts of a flow have in common, and nothing else of the run has. */
export function keyOfAttempts({ id, file, row, repeat }: FlowAbout): string {
  return JSON.stringify([file, id, row, repeat]);
}
