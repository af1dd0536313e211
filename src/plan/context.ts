import type { ActionDefinition } from '../model/action.ts';
import type { Phase } from '../model/phase.ts';
import type { StepPlan } from '../model/plan.ts';
import type { SourceFile, Span } from '../model/source-file.ts';
import type { Fields } from './keys.ts';
import type { TextContext } from './texts.ts';

/** What planning one file needs. */
export interface PlanContext extends TextContext {
  readonly file: SourceFile;
  /** Actions by name and alias. */
  readonly actions: ReadonlyMap<string, ActionDefinition>;
  /** Reads a file named by a flow; undefined when it is not there. */
  readonly readFile: (absolutePath: string) => string | undefined;
}

/** Where a step stands. */
export interface StepPlace {
  readonly phase: Phase;
  /** Position among its siblings, from 1. */
  readonly number: number;
  /** The control's address, for a child. */
  readonly parent?: string | undefined;
}

/** A planned step with what only planning needs. */
export interface PlannedStep extends StepPlan {
  /** Whether its action, or that of a child, is not known: then nothing is said of its result. */
  readonly isBroken: boolean;
  readonly resultNames: ReadonlySet<string>;
  readonly authored: unknown;
  readonly children: readonly PlannedStep[];
  /** Steps that its settings name, at their places. */
  readonly mentions: readonly { readonly id: string; readonly span: Span }[];
  readonly fields: Fields;
}
