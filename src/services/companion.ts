import type { Value } from '../expr/index.ts';
import type { FlowAmongOthers } from '../model/action/other-flows.ts';
import type { Resource } from '../model/action/resources.ts';
import { type CompanionRef, describeCompanion } from '../model/companions/companion.ts';
import type { CompanionPlan } from '../model/companions/companion-plan.ts';
import type { Problem } from '../model/events.ts';
import { positionAt } from '../model/source-file.ts';
import type { Stop } from '../stop/stop.ts';
import type { PrintedLines } from './output.ts';

/** Started by this run; found as it was; or one of `testmesh up`. What this run has not started goes on when it is over. */
export type CompanionOrigin = 'started' | 'found' | 'attached';

/** Lost is what ended though nobody stopped it. */
export type CompanionState = 'running' | 'stopped' | 'lost';

/** Something that runs beside the flows. */
export interface Companion {
  readonly plan: CompanionPlan;
  /** The names that it gives, once it is ready. */
  readonly values: Readonly<Record<string, Value>>;
  readonly origin: CompanionOrigin;
  readonly state: CompanionState;
  /** Starts it and waits until it is ready. @throws CompanionError; StopError where the run ends meanwhile */
  start(stop: Stop): Promise<void>;
  /** Ends it with all that it started; gives what there is to be said of that. */
  stop(options?: EndOptions): Promise<readonly string[]>;
  /** The run is over: ends what it started. */
  close(isHurried: () => boolean): Promise<readonly string[]>;
  /** What a flow sees of it while it runs, and the key for that; undefined where it has nothing of its own there. */
  openFlow?(flow: FlowAmongOthers): readonly [string, Resource<unknown>] | undefined;
  /** What was wrong with it, outside of all flows. */
  finish(): Promise<readonly Problem[]>;
  /** What it printed since then, ms since 1970, as far as it is of a flow or may be. */
  listPrinted?(since: number, flow: FlowAmongOthers): PrintedLines | Promise<PrintedLines>;
}

export interface EndOptions {
  /** Whether by SIGKILL, as a crash. */
  readonly isKill?: boolean;
  /** Whether it is not to be waited for any longer. */
  readonly isHurried?: () => boolean;
}

/** Why a companion is not there. */
export class CompanionError extends Error {
  override readonly name = 'CompanionError';
  /** Whether its author has to change something. */
  readonly isMistake: boolean;

  constructor(message: string, isMistake = false) {
    super(message);
    this.isMistake = isMistake;
  }
}

/** `` service `orders` (testmesh.yaml:2:3) ``. */
export function nameWithPlace(plan: CompanionRef & Pick<CompanionPlan, 'span'>): string {
  const { line, column } = positionAt(plan.span.file, plan.span.start);
  return `${describeCompanion(plan)} (${plan.span.file.path}:${line}:${column})`;
}
