/** How what a load sends goes over the wire. */
export interface WireTerms {
  /** How long a virtual user keeps a connection: as long as it is there, for one iteration, or for one request. */
  readonly kept: 'user' | 'iteration' | 'request';
  /** Whether steps speak HTTP/2 that do not say what they speak. */
  readonly isHttp2: boolean;
  /** Whether the bodies of answers are read off and forgotten. */
  readonly dropsBodies: boolean;
  readonly links: LinkLimits;
}

/** How many connections to one database are in use at a time. */
export interface LinkLimits {
  /** Of all virtual users together. */
  readonly pool?: number | undefined;
  /** Of each of them. */
  readonly perUser?: number | undefined;
}

export const USUAL_WIRE: WireTerms = { kept: 'user', isHttp2: false, dropsBodies: false, links: {} };
