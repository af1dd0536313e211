import type { Diagnostic } from '../diagnostic.ts';
import type { FlowPlan } from '../plan.ts';
import type { Span } from '../source-file.ts';
import type { CompanionRef } from './companion.ts';

/** A companion as testmesh.yaml says it. */
export interface CompanionPlan extends CompanionRef {
  /** Of its name. */
  readonly span: Span;
  /** The names that it gives when it is ready. */
  readonly gives: readonly string[];
  /** The keys of those that are ready before it. */
  readonly needs: readonly string[];
  /** The keys of those that it asks later, so that they are started too. */
  readonly asks: readonly string[];
  /** The names that its settings read. */
  readonly reads: readonly string[];
  /** Names that have to come from outside when it is started, and that nothing gives. */
  readonly missing: readonly Diagnostic[];
}

/** A stub or a proxy: the flow of the one step that starts it. */
export interface StarterPlan extends CompanionPlan {
  readonly kind: 'stub' | 'proxy';
  readonly flow: FlowPlan;
}
