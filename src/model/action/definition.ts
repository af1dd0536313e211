import type { ActionIo, PrepareIo } from './io.ts';
import type { ActionOutcome } from './outcome.ts';
import type { ActionResult } from './result.ts';
import type { ActionSettings } from './settings.ts';
import type { ActionTraits, Trait } from './traits.ts';

/**
 * An action: data that says what it takes and gives, and one function that does it. All that others know of it stands here, in
 * this order in every action's file.
 */
export interface ActionDefinition<Config = unknown> {
  /** As written in YAML. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line for help, docs and editors. */
  readonly summary: string;
  readonly settings: ActionSettings<Config>;
  /** What makes it a control: an action that runs steps. */
  readonly control?: ActionControl;
  readonly result: ActionResult;
  /** Whether the action by itself fails when what it looks for is not there (kafka_consumer, poll, assert), so needs no assertion. */
  readonly judges: Trait;
  readonly traits?: ActionTraits;
  readonly preparation?: ActionPreparation<Config>;
  /** Does it. @throws ActionError when it could not be carried out */
  run(config: Config, io: ActionIo): Promise<ActionOutcome>;
}

/** Actions by name and alias. */
export interface ActionTable extends ReadonlyMap<string, ActionDefinition> {
  /** The names of those that watch (`control.watches`), where they are known without all others. */
  readonly watchKeys?: readonly string[];
}

/** How an action stands to other steps: those that it runs, which become `io.children.list`, and what they know of each other. */
export interface ActionControl {
  /**
   * Whether it is no step, but a key of flows, of steps and of testmesh.yaml: it prepares itself right before what it stands at
   * begins, and runs when that is over. Its settings are what stands behind the key.
   */
  readonly watches?: boolean;
  /** Settings with which it looks, and judges nothing, at a flow that lacks its key when somebody wants to see: the first that the flow's steps can do with. */
  readonly unasked?: readonly Readonly<Record<string, unknown>>[];
  /** Settings that hold a step (`step`) or a list of steps (`steps[]`, `branches[].steps[]`), `?` behind those that may be absent. */
  readonly steps?: readonly string[];
  /** How the lists of steps relate: each is a branch that sees nothing of the others, or one of them runs and the others do not. */
  readonly branches?: 'together' | 'either';
  /** Names that only its steps see (loop variables), from the settings as authored: first that of the thing, then that of its position. */
  readonly binds?: (authored: unknown) => readonly string[];
  /** Of a loop that hands on what `binds` names from round to round. */
  readonly rounds?: ControlRounds;
  /** The setting that names a flow to call, and the one that gives it values; the flow's steps are then the control's. */
  readonly calls?: { readonly flow: string; readonly input: string };
  /** Whether its result is made of theirs: the last one's, each one's by its id, and what they captured. */
  readonly joinsResults?: boolean;
  /** Settings that, left out, are those of the flow's other steps where these have just one; each with those that go with it. */
  readonly borrows?: readonly (readonly string[])[];
}

/** Settings of a loop that are judged with the names of its rounds. */
export interface ControlRounds {
  /** The one that is judged before a round, and so may let it do none: it sees what is handed on. */
  readonly before: string;
  /** The one that is judged after a round: it sees what the round made as well. */
  readonly after: string;
}

/** What happens before the step runs. */
export interface ActionPreparation<Config> {
  /** Starts loading what the action needs (its client library), beside other work, as soon as a plan has the action. */
  load?(): Promise<unknown>;
  /** The settings that `prepare` reads; absent: all. The others are left out of its config. */
  readonly settings?: readonly string[];
  /** Called before the first step of the flow, or as soon as the placeholders of these settings are known; of what watches: right before it begins. */
  prepare?(config: Config, io: PrepareIo): Promise<void>;
}

/** Whether a control judges what its step came to by expressions over that step's result. */
export function judgesItsStep({ settings }: ActionDefinition): boolean {
  return Object.values(settings.expressions ?? {}).includes('child');
}
