import { Budget, type CpuMeter } from '../values/limits.ts';
import type { Value } from '../values/value.ts';
import type { Trace } from './trace.ts';

/** The names an expression sees; undefined is an unknown name. A Map is one. */
export interface Env {
  get(name: string): Value | undefined;
  keys(): Iterable<string>;
  /** Why a name (`paid`, `pay.paid`), or a key of the map that it is, has no value though something was to give it one; undefined for any other. */
  explainMissing?(name: string, key?: string): MissingName | undefined;
}

/** What is said of a name in the place of `unknown name`. */
export interface MissingName {
  message: string;
  hint?: string;
}

/** What the outside world is for an evaluation; `now` gives milliseconds since 1970; without `cpuMs` steps alone bound an evaluation. */
export interface Host extends CpuMeter {
  now(): number;
  /** Called with what a value does not say of itself: that a list had no items, or no item a key that was asked for; `isNear` where what is denied is nearly so. */
  onRemark?: ((text: string, isNear?: boolean) => void) | undefined;
  /** Called with a text of which a function makes another, by which one is not known any more, and how it does so. */
  onDerive?(text: string, derive: (text: string) => Value): void;
  [service: string]: unknown;
}

/** One evaluation: what it sees, what it has spent, and its variables. */
export class Frame extends Budget {
  readonly env: Env;
  readonly host: Host | undefined;
  private slotValues: Value[] | undefined;
  /** What is kept only while an evaluation is explained; in a loop, that of the round. */
  trace: Trace | undefined;

  constructor(env: Env, host: Host | undefined, trace?: Trace) {
    super(host);
    this.env = env;
    this.host = host;
    this.trace = trace;
    this.slotValues = undefined;
  }

  /** Values of variables and items, by the slots they were given. */
  get slots(): Value[] {
    this.slotValues ??= [];
    return this.slotValues;
  }
}

/** A compiled node. */
export type Thunk = (frame: Frame) => Value;
