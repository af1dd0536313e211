/** A flow among those of its run. */
export interface FlowAmongOthers {
  /** 32 hex digits, W3C. */
  readonly traceId: string;
  readonly others: OtherFlows;
}

/** The other flows of the run, as one of its flows sees them. */
export interface OtherFlows {
  /** Whether one of them has this trace, be it over or not. */
  haveTrace(traceId: string): boolean;
  /** Whether one ran at any time since this flow began. */
  readonly ranMeanwhile: boolean;
}
