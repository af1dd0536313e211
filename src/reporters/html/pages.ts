import type { Outcome } from '../../model/events.ts';

/** A flow as the page's list has it: what is known without opening it. Lengths are in ms. */
export interface FlowEntry {
  /** What a link to it says: `#key`. */
  readonly key: string;
  readonly about: FlowHead;
  readonly end: FlowEnd;
  /** Since the run began. */
  readonly at: number;
  readonly ms: number;
  readonly failures: readonly FailureEntry[];
  /** How many more there were. */
  readonly more: number;
  readonly again?: string | undefined;
  readonly trace?: { readonly id: string; readonly url?: string | undefined } | undefined;
  /** The addresses of its steps, to be searched. */
  readonly steps: readonly string[];
}

/** Which flow it is. */
export interface FlowHead {
  readonly name: string;
  /** `file:line`; empty for the run itself. */
  readonly place: string;
  readonly row?: number | undefined;
  readonly tags: readonly string[];
}

/** What came of it. */
export interface FlowEnd {
  readonly outcome: Outcome;
  readonly isFlaky: boolean;
  /** Why nothing of it ran. */
  readonly skip?: string | undefined;
  /** Its steps in words. */
  readonly counts: string;
}

export interface FailureEntry {
  /** Empty for the flow itself. */
  readonly address: string;
  readonly place: string;
  readonly text: string;
}

/** What a flow shows when it is opened. */
export interface FlowPage {
  readonly variables: readonly Named[];
  readonly problems: readonly string[];
  /** What was wrong in attempts before. */
  readonly earlier: readonly string[];
  readonly beside: readonly string[];
  readonly steps: readonly StepPage[];
  /** What was left out of it to keep the file small. */
  readonly cut?: string | undefined;
}

export interface Named {
  readonly name: string;
  readonly value: string;
}

/** A step as it is shown. */
export interface StepPage {
  readonly step: StepHead;
  readonly outcome: Outcome;
  /** Since the flow began. */
  readonly at: number;
  readonly ms: number;
  readonly summary: string;
  /** Message, excerpt with values, differences, hints: as the terminal has them. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly wire: WirePage;
  readonly seen: SeenPage;
}

/** Which step it is. */
export interface StepHead {
  readonly address: string;
  readonly parent?: string | undefined;
  readonly label: string;
  readonly phase: string;
  readonly action: string;
  /** `file:line` */
  readonly place: string;
}

/** What went over the wire. */
export interface WirePage {
  readonly sides: readonly Side[];
  readonly byHand?: string | undefined;
}

/** What was seen on the way. */
export interface SeenPage {
  readonly details: readonly { readonly title: string; readonly text: string }[];
  readonly captures: readonly Named[];
  readonly logs: readonly Named[];
}

/** What was sent, or what came. */
export interface Side {
  readonly label: string;
  readonly head: string;
  readonly headers?: readonly Named[] | undefined;
  readonly body?: string | undefined;
  readonly table?: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] } | undefined;
  /** What is missing, in words. */
  readonly cut?: string | undefined;
}
