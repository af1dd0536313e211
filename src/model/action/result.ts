import type { Value } from '../../expr/index.ts';
import type { CompanionKind } from '../companions/companion.ts';
import type { ActionIo } from './io.ts';

/** What an action gives. */
export interface ActionResult {
  /** The keys of the result, with what each holds: the names that `assert` and `output` see. */
  readonly keys: Readonly<Record<string, ResultKind>>;
  /** More of them that the settings make, or what others hold with these, from the settings as authored; undefined when these say nothing before the run. */
  readonly keysOf?: (authored: unknown) => Readonly<Record<string, ResultKind>> | undefined;
  /** The key under which all others stand once more (`response`); events leave it out. */
  readonly whole?: string;
  /** The key that a load may leave nil (`--discard-response-bodies`). */
  readonly dropped?: string;
  /** A list of things in the result. */
  readonly items?: ResultItems;
  /** The list whose things hold, under `captures`, what each round or branch captured. */
  readonly captured?: string;
  /** An assertion that it may be given, shown where one is missing: `status == 200`. */
  readonly example?: string;
  /** The error that flows expect most, as `expect_error` names it. */
  readonly exampleError?: string;
  /** Variables that the step sets by itself, from the settings as authored (`set`). */
  readonly variables?: (authored: unknown) => readonly string[];
  /** What it has started, which other steps name by its id. */
  readonly started?: CompanionKind;
}

/** A type that values of the expression language have. */
export type SureKind = 'bool' | 'number' | 'string' | 'array' | 'map';

/** What a key of a result holds: always of one type, of one type or nil (`map?`), always true (where it is not, the step has no result), or anything. */
export type ResultKind = SureKind | `${SureKind}?` | 'true' | 'any';

/** The keys of a result that is a list of things. */
export interface ResultItems {
  /** One of them, in a word: `row`. */
  readonly noun: string;
  readonly list: string;
  /** The first of them. */
  readonly first?: string;
  /** The key that counts them. */
  readonly number: string;
  /** Fields that each has besides what it says (the offset of a message). */
  readonly envelope?: readonly string[];
  readonly again?: ChosenAgain;
}

/** How things that a run got are chosen once more, where settings that choose among them are others now. */
export interface ChosenAgain {
  /** The setting that chooses: `match`. */
  readonly setting: string;
  /** Those that it would take; undefined where what a record has says too little. */
  readonly choose: (
    config: unknown,
    things: readonly Value[],
    io: Pick<ActionIo, 'expressions'>,
  ) => readonly Value[] | undefined;
}
