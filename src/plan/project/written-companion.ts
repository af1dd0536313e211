import type { ActionTable } from '../../model/action/definition.ts';
import type { CompanionKind } from '../../model/companions/companion.ts';
import type { StarterPlan } from '../../model/companions/companion-plan.ts';
import type { ServicePlan } from '../../model/companions/service-plan.ts';
import type { NameRef, Renderable } from '../../model/plan.ts';
import type { SourceFile, Span } from '../../model/source-file.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import type { FlowLibrary } from '../read/flow-library.ts';
import type { TextContext } from '../read/texts.ts';

/** What planning testmesh.yaml needs. */
export interface ProjectContext extends TextContext {
  readonly file: SourceFile;
  /** Actions by name and alias. */
  readonly actions: ActionTable;
  /** The codes of the findings that there are; empty where nothing is said of them. */
  readonly codes: readonly string[];
  /** Names of the reporters that there are. */
  readonly reporters: readonly string[];
  /** Names that the command line and the environment give. */
  readonly givenNames: ReadonlySet<string>;
  readonly readFile: (absolutePath: string, what?: 'text' | 'bytes') => string | undefined;
  readonly library: FlowLibrary;
  /** Renders what holds no other names than those. @throws DiagnosticError */
  readonly render: <T>(value: Renderable<T>) => T;
}

/** A service before it is known what else there is. */
export interface WrittenService extends ServicePlan {
  /** Those under `needs`, at their places. */
  readonly written: readonly { readonly name: string; readonly span: Span }[];
  readonly refs: readonly NameRef[];
  readonly hasFixedUrl: boolean;
  /** Whether something is wrong with it, so that what it gives is not known. */
  readonly isBroken: boolean;
}

/** A stub or a proxy before that. */
export interface WrittenStarter extends StarterPlan {
  readonly flow: PlannedFlow;
}

/** The companions' names, of those too that cannot be planned. */
export type WrittenNames = Readonly<Record<CompanionKind, readonly string[]>>;

/** Which services their stubs stand in for. */
export type WrittenMocks = ReadonlyMap<string, { readonly isOn: boolean; readonly span: Span }>;
