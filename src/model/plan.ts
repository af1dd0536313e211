import type { Env, Host, NameUse, Value } from '../expr/index.ts';
import type { ActionDefinition } from './action/definition.ts';
import type { CompanionUse } from './companions/companion-use.ts';
import type { CapturedFrom, ExpressionAt } from './expression-at.ts';
import type { Between } from './load/between.ts';
import type { MetricAbout } from './load/load-metrics.ts';
import type { Phase } from './phase.ts';
import type { SourceFile, Span, TextAt } from './source-file.ts';
import type { TraceTerms } from './trace-terms.ts';

/** A flow that passed every check: all expressions, placeholders and paths are compiled. */
export interface FlowPlan extends FlowLabel, FlowTerms {
  readonly setup: readonly StepPlan[];
  readonly steps: readonly StepPlan[];
  readonly teardown: readonly StepPlan[];
  /** What watches all of `steps`. */
  readonly watches?: readonly StepPlan[] | undefined;
  /** What looks at `steps`, and judges nothing, where somebody wants to see what they change. */
  readonly planUnasked?: (() => readonly StepPlan[]) | undefined;
  /** What a calling flow sees; absent: all captures. */
  readonly output?: readonly CapturePlan[] | undefined;
  /** Texts that are secrets and stand in the file, though nobody says so. */
  readonly written?: readonly string[] | undefined;
}

/** What a flow is called, and where it stands. */
export interface FlowLabel {
  readonly id: string;
  /** As it was written. */
  readonly name: string;
  /** The name with its placeholders, when it has any. */
  readonly nameTemplate?: Renderable<string | number> | undefined;
  readonly description?: string | undefined;
  readonly suite?: string | undefined;
  readonly tags: readonly string[];
  readonly file: SourceFile;
  readonly span: Span;
}

/** On what terms a flow runs. */
export interface FlowTerms {
  /** The reason why the flow is not run. */
  readonly skip?: string | undefined;
  readonly timeoutMs?: Renderable<number> | undefined;
  /** Rows of `data:`; the whole flow runs once with each. Absent: it runs once. */
  readonly rows?: readonly RowPlan[] | undefined;
  /** Flows of one group never run at the same time. */
  readonly serial?: string | undefined;
  /** The waits that what another flow causes may satisfy, those of called flows too; `givenTo` are the names that are given from outside. */
  readonly findOpenWaits?: ((givenTo: (flow: FlowPlan) => ReadonlySet<string>) => readonly OpenWait[]) | undefined;
  /** What the flow says of its trace. */
  readonly trace?: TraceTerms | undefined;
  /** What of testmesh.yaml the flow names. */
  readonly companionUses?: readonly CompanionUse[] | undefined;
  /** What has to agree among all that the flow sees; absent: nothing is compared. */
  readonly agree?: AgreePlan | undefined;
  /** Variables that the flow declares, lowest precedence first: its `env_file`, then its `env`, in the order written. */
  readonly declared: readonly DeclaredVariable[];
  /** Names whose values are masked everywhere. */
  readonly secrets: readonly string[];
}

/** What has to agree in a flow: all that it knows, or the things that are named. */
export type AgreePlan = 'auto' | readonly AgreeThing[];

/** A thing of which everything that a flow sees has to say the same, called as its records are (`order`); its settings are known when the steps are over. */
export interface AgreeThing {
  readonly name: string;
  readonly settings: Renderable<AgreeSettings>;
  /** Where it is said of this flow; undefined where testmesh.yaml says it of all flows, of which some see less of it. */
  readonly span?: Span | undefined;
}

export interface AgreeSettings {
  /** Its id, or a list of them. */
  readonly id: Value;
  /** Fields that are the same at any time; absent: all, as `auto` compares them. */
  readonly fields?: readonly string[] | undefined;
  readonly except?: readonly string[] | undefined;
}

/** A wait that what another flow causes may satisfy. */
export interface OpenWait {
  /** Of the step. */
  readonly address: string;
  readonly span: Span;
  /** What to write so that only what its own flow causes does. */
  readonly help: string;
}

/** One row of a flow's data. */
export interface RowPlan {
  /** Its position, from 1. */
  readonly number: number;
  /** Column → value: texts of a CSV file, typed values of YAML and JSON. */
  readonly values: ReadonlyMap<string, Value>;
  /** `sku=A1, quantity=2`, for people. */
  readonly label: string;
}

/** A variable that the flow or its env_file declares. */
export interface DeclaredVariable {
  readonly name: string;
  readonly value: Renderable<Value>;
  readonly origin: 'env' | 'env_file';
  readonly span: Span;
  /** What a text that overrides it is read as. A value made of placeholders takes text as it is. */
  readonly type: 'string' | 'number' | 'bool' | 'json' | 'any';
  /** The value as authored when it holds no placeholder. */
  readonly literal?: Value | undefined;
  /** Whether its value has a random or time part (then the run record keeps it). */
  readonly isVolatile: boolean;
  /** The names that its value reads. */
  readonly refs?: readonly NameRef[] | undefined;
  /** Whether it is itself alone (`K: "${K}"`): its value has to come from outside. */
  readonly isOutside?: boolean | undefined;
}

/** A step with everything compiled. */
export interface StepPlan extends StepLabel, StepTerms, StepChecks, StepBelow, StepData {
  readonly action: ActionDefinition;
  /** What `action.run` gets: the settings with placeholders rendered, checked against the action's schema. */
  readonly config: Renderable<unknown>;
  /** What `action.preparation.prepare` gets: only the settings that it names, so that it can be called before the others are known. */
  readonly preparation?: { readonly config: Renderable<unknown>; readonly names: ReadonlySet<string> } | undefined;
}

/** What a step is called, and where it stands. */
export interface StepLabel {
  /** Stable: `setup/cleanup`, `place_order`, `wait_paid>probe`. */
  readonly address: string;
  readonly phase: Phase;
  readonly id: string;
  readonly name?: Renderable<string> | undefined;
  readonly span: Span;
  /** The whole of it, as it was written. */
  readonly extent?: Span | undefined;
}

/** Whether, how often and how long a step runs. */
export interface StepTerms {
  readonly when?: ExpressionAt | undefined;
  readonly skip?: string | undefined;
  readonly retry?: Renderable<RetryPolicy> | undefined;
  readonly timeoutMs?: Renderable<number> | undefined;
  /** How long a virtual user of a load waits after it; a plain run does not. */
  readonly think?: Between | undefined;
  /** What it measures of its own, under a load. */
  readonly record?: readonly RecordPlan[] | undefined;
  /** Of a step that a load reconciles: the key of what it has accepted. */
  readonly acceptedKey?: Renderable<Value> | undefined;
}

/** What is expected of a step, and taken from it. */
export interface StepChecks {
  readonly assert: readonly AssertionPlan[];
  readonly output: readonly CapturePlan[];
  readonly expectsError: boolean;
  /** Which error it has to be; absent: any that is not a refusal of ours. */
  readonly expectedError?: Renderable<ExpectedError> | undefined;
  readonly onError: 'fail' | 'continue';
}

/** What is expected of an error. */
export interface ExpectedError {
  readonly kind?: string | undefined;
  readonly code?: string | undefined;
  /** A part of its message. */
  readonly message?: string | undefined;
}

/** The steps that a step runs. */
export interface StepBelow {
  /** Steps that a control runs (poll's look, the steps of a loop, those of a flow that is called), in the order written. */
  readonly children: readonly StepPlan[];
  /** Of a child: the list of the control that it stands in (`step`, `then`, `branches[0].steps`). */
  readonly group?: string | undefined;
  /** What watches it. */
  readonly watches?: readonly StepPlan[] | undefined;
  /** Steps that run with teardown when this one ran, in the order written. */
  readonly cleanup?: readonly StepPlan[] | undefined;
  /** The flow that the step calls; its steps are the children. */
  readonly calls?: FlowPlan | undefined;
  /** What a call gives to its flow, each value by itself. */
  readonly inputs?: ReadonlyMap<string, Renderable<unknown>> | undefined;
  /** Names that only its children see (loop variables). */
  readonly bindings?: readonly string[] | undefined;
  /** Of a loop of which only some rounds run: their positions, from 0. */
  readonly rounds?: ReadonlySet<number> | undefined;
  /** Of a control that only stands around its chosen steps: what it comes to is no result of the whole of it. */
  readonly isAround?: boolean | undefined;
}

/** The data flow through a step. */
export interface StepData {
  /** The data flow: every name that the step reads from outside itself. */
  readonly needs: readonly NameRef[];
  /** Those of them that it reads itself, and not by a child; absent: all. */
  readonly ownNeeds?: readonly NameRef[] | undefined;
  /** The data flow: the variables that the step sets when it passes; its id is a name too. */
  readonly provides: readonly string[];
  readonly uses?: StepUses | undefined;
  /** Of a step that is done again until conditions hold: the words in them, folded. */
  readonly listAwaited?: (() => ReadonlySet<string>) | undefined;
}

/** What the whole flow makes of a step. */
export interface StepUses {
  /** Whether something asks how many things are in its result, and not only whether there are enough. */
  isCounted: boolean;
  /** Whether it may leave something behind outside of the run. */
  readonly isWriting?: boolean;
  /** Whether no other flow may run beside it: it changes a companion of the run. */
  isAlone?: boolean;
}

/** One use of a name, at its place. */
export interface NameRef {
  readonly name: string;
  /** Static members after the name: `create_user.body.id` has `['body', 'id']`. */
  readonly path: readonly (string | number)[];
  /** The keys that are read where its value goes on, each with those before it. */
  readonly reached?: readonly (readonly { readonly key: string | number; readonly span: Span }[])[];
  readonly span: Span;
  /** The setting, of a name below `config`. */
  readonly setting?: string | undefined;
  readonly where: 'config' | 'when' | 'assert' | 'output' | 'retry' | 'timeout' | 'name' | 'env';
  /** Names that stand at the place besides the flow's: the keys of the result in an assertion. */
  readonly besides?: ReadonlySet<string>;
  /** Whether it is read while the action runs, and not before. */
  readonly isLate?: boolean;
  /** What may be meant where the name is unknown. */
  readonly meant?: NameUse['meant'];
  /** How the whole of it is written where no name but a text is meant. */
  readonly asText?: string | undefined;
}

/** A metric of the author's own, taken from a step that passed. */
export interface RecordPlan extends MetricAbout {
  readonly name: string;
  /** The name's place. */
  readonly span: Span;
  readonly value: Renderable<Value>;
  /** What it reads of its own step: keys of the result, captures. */
  readonly reads: readonly string[];
}

export interface AssertionPlan extends ExpressionAt {
  readonly message?: Renderable<string> | undefined;
}

/** A variable taken from a step's result. */
export interface CapturePlan {
  readonly name: string;
  /** The name's place. */
  readonly span: Span;
  /** The path's or expression's place and text. */
  readonly text: TextAt;
  readonly secret: boolean;
  /** What it takes as it is: a part of the result, or what an expression over names gives; absent where it may be another. */
  readonly from?: 'result' | 'names' | undefined;
  /** The expression by which it reads, where nothing need be there of what it reads: a default stands for it. */
  readonly reads?: CapturedFrom | undefined;
  /** Whether its path may lead to several values, so that it gives a list of them. */
  readonly isList?: boolean | undefined;
  /** Takes the value out of a result. @throws CaptureError when the path finds nothing and there is no default */
  extract(result: Value, env: Env, host: Host): Value;
}

export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly delayMs: number;
  readonly backoff: 'fixed' | 'linear' | 'exponential';
  readonly maxDelayMs: number | undefined;
  /** Share of the delay that varies at random, 0 to 1. */
  readonly jitter: number;
}

/** An authored value that may hold placeholders: rendered for each use, checked against its schema. */
export interface Renderable<T> {
  /** Whether no placeholder is in it: then every `render` gives the same, ready-made value. */
  readonly isStatic: boolean;
  readonly span: Span;
  /** @throws DiagnosticError at the place of the placeholder or value that is wrong */
  render(env: Env, host: Host): T;
  /** The value as authored, with the placeholders filled whose names are known; absent of what the plan made itself. */
  preview?(env: Env, host: Host): unknown;
  /** The place of a part, by its path in the authored value; the nearest enclosing one when the part is not authored. */
  spanAt(path: readonly (string | number)[]): Span;
}
