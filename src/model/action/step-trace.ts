/** The W3C trace of the flow, as it goes out with what this run of a step sends. */
export interface StepTrace {
  /** `00-<trace>-<span>-01`: the span is this run of the step. */
  readonly traceparent: string;
  /** Names the flow and its trace. */
  readonly baggage: string;
  /** Whether it may go out to this peer; `scheme` is that of an HTTP request. */
  reaches(host: string, port: number, scheme?: string): boolean;
}
