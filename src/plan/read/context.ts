import type { ActionTable } from '../../model/action/definition.ts';
import type { ResultKind } from '../../model/action/result.ts';
import type { Mention } from '../../model/action/settings.ts';
import type { Foresight } from '../../model/action/traits.ts';
import type { CompanionKind } from '../../model/companions/companion.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Phase } from '../../model/phase.ts';
import type { DeclaredVariable, FlowPlan, NameRef, StepPlan, StepUses } from '../../model/plan.ts';
import type { SourceFile, Span } from '../../model/source-file.ts';
import type { MapNode, Node } from '../../source/yaml/node.ts';
import type { FlowDocument, FlowLibrary } from './flow-library.ts';
import type { Field, Fields } from './keys.ts';
import type { TextContext } from './texts.ts';

/** What planning one file needs. */
export interface PlanContext extends TextContext, CallContext {
  readonly file: SourceFile;
  /** The flow that is planned, as authored. */
  readonly root?: Node | undefined;
  /** Actions by name and alias. */
  readonly actions: ActionTable;
  /** Reads a file named by a flow; undefined when it is not there. */
  readonly readFile: (absolutePath: string, what?: 'text' | 'bytes') => string | undefined;
  /** Flows that a flow may call. */
  readonly library: FlowLibrary;
  /** Names that the command line and the environment give. */
  readonly givenNames: ReadonlySet<string>;
  /** Names that the flows read or declare, called ones too. */
  readonly usedNames: Set<string>;
  /** Of settings that stand by themselves, and not below `config`: what they are of. */
  readonly settingsOf?: string | undefined;
  /** Absent where there is none. */
  readonly companions?: KnownCompanions | undefined;
  readonly flowSettings?: FlowSettings | undefined;
}

/** What testmesh.yaml says of flows, by key: of all of them, and by the id of one. */
export interface FlowSettings {
  readonly ofAll: ReadonlyMap<string, Field>;
  readonly byId: ReadonlyMap<string, ReadonlyMap<string, Field>>;
  /** Where these ids are written. */
  readonly spans: ReadonlyMap<string, Span>;
  /** Settings of all steps of a kind. */
  readonly defaults?: ReadonlyMap<string, MapNode> | undefined;
  /** What steps may name in the place of an address; absent where no environment has any. */
  readonly connections?: KnownConnections | undefined;
}

/** The connections of testmesh.yaml. */
export interface KnownConnections {
  /** The one that is chosen. */
  readonly environment: string | undefined;
  /** Those of the chosen environment, as they are written. */
  readonly here: ReadonlyMap<string, Node>;
  /** Which other environments have which. */
  readonly elsewhere: ReadonlyMap<string, readonly string[]>;
}

/**
 * What testmesh.yaml says: its companions with the names that each gives, undefined where mistakes in what is written of it hide
 * them, and which stubs stand in for services, or would.
 */
export type KnownCompanions = Readonly<Record<CompanionKind, ReadonlyMap<string, readonly string[] | undefined>>> & {
  readonly mocks: ReadonlyMap<string, boolean>;
  /** Whether testmesh.yaml is there and cannot be read: then nobody knows what it has. */
  readonly isUnreadable?: boolean;
  /** Whether mistakes hide the names that the chosen environment gives. */
  readonly hidesNames?: boolean;
  /** Names that environments give which were not chosen, with these. */
  readonly offered?: ReadonlyMap<string, readonly string[]> | undefined;
};

/** How the flow is called that is being planned. */
export interface CallContext {
  /** What a call gives to the flow that is planned for it. */
  readonly calledWith?: ReadonlySet<string> | undefined;
  /** What addresses begin with: empty, or that of the step that calls the flow and `>`. */
  readonly prefix: string;
  /** The flows that are being planned, from the outermost: each calls the next. */
  readonly calling: readonly CalledBy[];
  /** What is wrong with the flows that are called, each in its own file. */
  readonly calledFindings: Diagnostic[];
  /** Plans a flow for a call; undefined when it is not a flow at all. */
  readonly planCalled: (document: FlowDocument, context: PlanContext) => CalledPlan | undefined;
}

/** A variable that a flow declares, with what only planning needs. */
export interface PlannedVariable extends DeclaredVariable {
  readonly refs: readonly NameRef[];
  /** Its value with the placeholders as their text. */
  readonly authored: unknown;
  /** A placeholder in a value that is taken as it stands, at a place whose line is not shown. */
  readonly unfilled?: { readonly text: string; readonly span: Span } | undefined;
}

/** A flow as a step that calls it needs it. */
export interface CalledFlow extends FlowPlan {
  readonly declared: readonly PlannedVariable[];
  /** Columns of its data. */
  readonly columns: readonly string[];
  readonly setup: readonly PlannedStep[];
  readonly steps: readonly PlannedStep[];
  readonly teardown: readonly PlannedStep[];
  readonly watches?: readonly PlannedStep[] | undefined;
}

/** A flow planned for one call. */
export interface CalledPlan {
  readonly flow: CalledFlow;
  /** Names that nothing gives. */
  readonly missing: readonly NameRef[];
  /** Names that it reads. */
  readonly used: ReadonlySet<string>;
}

/** A flow that calls another. */
export interface CalledBy {
  readonly key: string;
  /** For people: its file, or its id. */
  readonly name: string;
}

/** Where a step stands. */
export interface StepPlace {
  readonly phase: Phase;
  /** Position among its siblings, from 1. */
  readonly number: number;
  /** What its address begins with: `setup/`, `each>`, `teardown/create_user.`. */
  readonly prefix: string;
  /** The list of the control that a child stands in. */
  readonly group?: string | undefined;
  /** Of a step without an id; `step_N` when absent. */
  readonly defaultId?: string | undefined;
  /** Whether it stands below `cleanup`. */
  readonly isCleanup?: boolean | undefined;
}

/** The names that assertions and captures see of a result, with what each holds. */
export type ResultKinds = ReadonlyMap<string, ResultKind>;

/** What is known of a step's result before the run. */
export interface PlannedResult {
  /** Whether its action, or that of a child, is not known: then nothing is said of its result. */
  readonly isBroken: boolean;
  readonly resultKinds: ResultKinds;
  /** Whether it may have more keys, which only the run knows. */
  readonly hasOpenResult: boolean;
}

/** A planned step with what only planning needs. */
export interface PlannedStep extends StepPlan, PlannedData, PlannedResult {
  /** Names that it reads itself, and not by a child. */
  readonly ownNeeds: readonly NameRef[];
  /** Those that the conditions of a loop have from its rounds. */
  readonly roundNeeds: readonly NameRef[];
  readonly authored: unknown;
  /** Filled in when the whole flow is planned. */
  readonly uses: StepUses;
  /** Names that only its steps see. */
  readonly bindings: readonly string[];
  readonly children: readonly PlannedStep[];
  readonly cleanup?: readonly PlannedStep[] | undefined;
  readonly watches?: readonly PlannedStep[] | undefined;
  readonly calls?: CalledFlow | undefined;
  readonly fields: Fields;
}

/** The data flow through a step, apart from that of its children. */
export interface PlannedData {
  /** Names that it sets itself, and not by a child. */
  readonly ownProvides: readonly string[];
  /** Steps and companions that its settings name, at their places. */
  readonly mentions: readonly (Mention & { readonly span: Span })[];
  readonly foresight: Foresight;
}
