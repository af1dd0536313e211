import type { Value } from '../../expr/index.ts';
import type { Stop } from '../../stop/stop.ts';
import type { Clock, Resources } from '../action/resources.ts';
import type { FlowPlan, Renderable } from '../plan.ts';

/** What a load is held against when it is over: whether all that was accepted was also done, and how often. */
export interface ReconcilePlan {
  /** The flow whose step has things accepted. */
  readonly flow: FlowPlan;
  readonly step: string;
  readonly places: readonly ReconcilePlace[];
  /** How long after the load what is missing may still come. */
  readonly withinMs: number;
}

export type ReconcileKind = 'events' | 'rows';

/** Where what was accepted has to be found. */
export interface ReconcilePlace {
  readonly kind: ReconcileKind;
  /** Of the topic or the query; their names are the flow's after setup. */
  readonly settings: Renderable<unknown>;
  /** The key of a message or a row as it is written: `$.value.order_id`, `id`. */
  readonly key: string;
  /** The key of a message or a row; undefined where it has none. */
  keyOf(thing: Value): Value | undefined;
  /** How often each key is to be there. */
  readonly least: number;
  readonly most: number;
}

/** Gives the messages of a topic or the rows of a query. */
export interface KeySource {
  /** `topic order.placed`. */
  readonly name: string;
  /** Whether each look gives all that is there; if not, what came since the last one. */
  readonly isWhole: boolean;
  /** Hands on what is there; gives what is to be said of it. @throws ActionError */
  look(onThing: (thing: Value) => void, stop: Stop): Promise<readonly string[]>;
}

export interface KeySourceWorld {
  readonly clock: Clock;
  readonly resources: Resources;
  /** For relative paths. */
  readonly directory: string;
  readonly stop: Stop;
}

/** Opens one; what a topic has by then is not looked at. @throws ActionError */
export type OpenKeySource = (kind: ReconcileKind, settings: unknown, world: KeySourceWorld) => Promise<KeySource>;
