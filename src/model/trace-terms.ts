/** What testmesh.yaml, or a flow, says about the traces of flows. */
export interface TraceTerms {
  /** Who hears of a trace: everybody (absent too), nobody, or these alone. */
  readonly propagate?: boolean | readonly TracedPeer[] | undefined;
  /** Where a trace is looked at, with `{trace_id}` in it. */
  readonly url?: string | undefined;
}

/** Who may hear of a trace. */
export interface TracedPeer {
  readonly scheme?: string | undefined;
  /** In lower case, an IPv6 address without brackets; `.staging.example` stands for all that is below it. */
  readonly host: string;
  readonly port?: number | undefined;
}
