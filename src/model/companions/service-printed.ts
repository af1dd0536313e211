/** What a service printed while a flow ran. */
export interface ServicePrinted {
  readonly service: string;
  /** In order; where there were too many, those of the flow and the last. */
  readonly lines: readonly PrintedLine[];
  /** How many more there were. */
  readonly omitted: number;
}

export interface PrintedLine {
  readonly text: string;
  /** Whether it holds the flow's trace id. */
  readonly isTraced: boolean;
}
