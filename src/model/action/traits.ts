import type { Value } from '../../expr/index.ts';

/** What is so of every step with an action, or depends on the settings as authored. */
export type Trait = boolean | ((authored: unknown) => boolean);

/** Whether it is so of a step with these settings. */
export function hasTrait(trait: Trait | undefined, authored: unknown): boolean {
  return typeof trait === 'function' ? trait(authored) : (trait ?? false);
}

/** What the plan's findings and the engine know of what an action does. */
export interface ActionTraits {
  /** Whether it is a part of another action, which flows do not name. */
  readonly isInternal?: boolean;
  /** Whether it touches nothing outside of the run, so that nothing can be waited for that it caused; `computed`: nothing at all, so that it is done anew where nothing is to be contacted. */
  readonly isLocal?: boolean | 'computed';
  /** Whether no other flow may run beside one in which it names a companion of the run: it changes what all of them stand on. A load marks that on its timeline, and a protected environment refuses it. */
  readonly isAlone?: boolean;
  /** Whether it waits a fixed time, whatever happens in it. */
  readonly isFixedWait?: boolean;
  /** Whether it looks at something that others may still be about to change, so that a poll could look again. */
  readonly isLook?: Trait;
  /** Whether what its result names was not there before, so that the flow alone knows of it. */
  readonly creates?: Trait;
  /** Whether the action keeps its own deadline (the smaller of its own setting and the step's timeout) instead of being aborted at the step's timeout. */
  readonly ownsDeadline?: boolean;
  /** Why a result that tells of a failure is no error, and what to write where one was expected; undefined for one that does not. */
  readonly whyNoError?: (result: Readonly<Record<string, Value>>) => string | undefined;
  /** What its rendered settings hold that nobody is to see and its result has among other things. */
  readonly listKeys?: (settings: unknown) => readonly string[];
  /** What can be said of the result before the run, from the settings as authored. */
  readonly foresee?: (authored: unknown) => Foresight;
}

/** What will come back, as far as the settings say. */
export interface Foresight {
  /** Numbers in the result that are bounded whatever comes back, by result key. */
  readonly bounds?: Readonly<Record<string, Bound>>;
  /** What is sent and may come back. */
  readonly sent?: SentValue | undefined;
  readonly reading?: Reading | undefined;
  readonly awaited?: Awaited | undefined;
  /** Of a look: by what it finds what it gives, which is this flow's where a value in it is one that no other flow has; `own`: it is in any case. Absent: by its settings. */
  readonly found?: unknown;
  readonly expected?: ExpectedOfOthers | undefined;
  readonly repeated?: Repeatable | undefined;
  /** The setting that is an address. */
  readonly address?: string | undefined;
  /** Why it cannot tell what its flow causes from what another one does, so that none may run beside it. */
  readonly seesOthers?: string | undefined;
  readonly growth?: ResultGrowth | undefined;
}

/** What somebody else has to have sent. */
export interface ExpectedOfOthers {
  /** Settings that say what it is. */
  readonly settings: readonly string[];
  /** The setting that says that nothing of it is to be there since the flow began. */
  readonly absence?: string | undefined;
}

/** Of what ends as soon as it has enough: what it would hold more of, had it gone on. */
export interface ResultGrowth {
  /** Keys of the result. */
  readonly keys: readonly string[];
  /** How its settings say that it is to look on. */
  readonly toLookOn: string;
}

/** What is sent, and may be sent again by another step. */
export interface Repeatable {
  /** Settings that send the same where they are equal. */
  readonly identity: readonly unknown[];
  /** The settings, by their paths, by which whoever gets it tells that it is sent again. */
  readonly keys: readonly (readonly string[])[];
}

/** What is known of a number before the run. */
export interface Bound {
  readonly atLeast?: number;
  readonly atMost?: number;
  /** `the query gives one row, whatever the tables hold`. */
  readonly why: string;
  /** What to write in the place of an assertion that the bound makes always true. */
  readonly help?: string;
}

/** A value that is sent, and where the answer may repeat it. */
export interface SentValue {
  /** The key of the result. */
  readonly key: string;
  readonly value: unknown;
}

/** What a query reads. */
export interface Reading {
  /** The setting whose text names the columns. */
  readonly setting: string;
  /** Columns that it names, and does not compare itself. */
  readonly columns: readonly ReadColumn[];
  /** How many columns it names in all. */
  readonly columnCount: number;
  /** Variables that it compares a column with by `=`. */
  readonly keys: readonly string[];
}

/** A column that a query names, at its place in the text of the setting. */
export interface ReadColumn {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/** What is waited for. */
export interface Awaited {
  /** Settings that wait for the same things where they are equal; undefined when it takes whatever comes. */
  readonly identity: readonly unknown[] | undefined;
  /** What sets it apart from another wait. */
  readonly apart: string;
  /** What makes it this flow's where a value in it is one that no other flow has; true: it is this flow's in any case. */
  readonly ownBy: true | readonly unknown[];
  /** How to make it so. */
  readonly toOwn: string;
  /** Of a wait that takes whatever comes. */
  readonly loose?: LooseWait | undefined;
  /** By what its things are found, when nothing that they say is among it: `its key`. */
  readonly foundBy: readonly string[];
  /** How to look at what they say. */
  readonly look: string;
}

/** A wait that anything satisfies. */
export interface LooseWait {
  /** The setting that is shown. */
  readonly setting: string;
  readonly message: string;
  /** What to do. */
  readonly help: string;
  /** How it is written that a field has this value. */
  readonly pick: (field: string, value: string) => string;
}
