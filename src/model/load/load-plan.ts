import type { Value } from '../../expr/index.ts';
import type { FlowPlan } from '../plan.ts';
import type { Span } from '../source-file.ts';
import type { Between } from './between.ts';
import type { MetricKind } from './load-metrics.ts';
import type { ReconcilePlan } from './reconcile.ts';
import type { WireTerms } from './wire-terms.ts';

/** A load: which scenarios run, what is held against what they measure, and where that goes. */
export interface LoadPlan {
  readonly scenarios: readonly ScenarioPlan[];
  readonly thresholds: readonly ThresholdPlan[];
  /** What failed checks come to: `auto` as long as no threshold judges them. */
  readonly checks: 'auto' | 'fail' | 'report';
  /** As in `--out`: `json=f.ndjson`. */
  readonly out: readonly OutPlan[];
  /** Runs and is not counted. */
  readonly warmUpMs: number;
  readonly setupTimeoutMs: number;
  readonly reconcile?: ReconcilePlan | undefined;
  readonly wire: WireTerms;
}

export interface OutPlan {
  readonly text: string;
  /** Absent for a flag. */
  readonly span?: Span | undefined;
}

/** Who runs a flow how often, and when. */
export interface ScenarioPlan {
  readonly name: string;
  readonly executor: ExecutorPlan;
  readonly flow: FlowPlan;
  readonly startMs: number;
  readonly gracefulStopMs: number;
  /** Variables of the flow. */
  readonly env: ReadonlyMap<string, Value>;
  readonly tags: ReadonlyMap<string, string>;
  /** Which row of the flow's data an iteration has. */
  readonly dataMode: DataMode;
  /** Between iterations. */
  readonly think?: Between | undefined;
  /** From the beginning of an iteration to that of the next. */
  readonly pacing?: Between | undefined;
}

/** By turns; at random; each once, and then the scenario ends; one for each virtual user. */
export type DataMode = 'sequential' | 'random' | 'unique' | 'per_vu';

export type ExecutorPlan =
  | IterationsExecutor
  | ConstantVusExecutor
  | RampingVusExecutor
  | ConstantArrivalExecutor
  | RampingArrivalExecutor
  | FindCapacityExecutor;

export interface IterationsExecutor {
  readonly kind: 'shared-iterations' | 'per-vu-iterations';
  readonly vus: number;
  /** Of all together, or of each. */
  readonly iterations: number;
  readonly maxDurationMs: number;
}

export interface ConstantVusExecutor {
  readonly kind: 'constant-vus';
  readonly vus: number;
  readonly durationMs: number;
}

export interface RampingVusExecutor {
  readonly kind: 'ramping-vus';
  readonly startVus: number;
  readonly stages: readonly Stage[];
  readonly gracefulRampDownMs: number;
}

export interface ConstantArrivalExecutor extends ArrivalTerms {
  readonly kind: 'constant-arrival-rate';
  readonly rate: number;
  readonly durationMs: number;
}

export interface RampingArrivalExecutor extends ArrivalTerms {
  readonly kind: 'ramping-arrival-rate';
  readonly startRate: number;
  readonly stages: readonly Stage[];
}

/** Raises the rate step by step until its thresholds no longer hold, and then looks for the highest one at which they do. */
export interface FindCapacityExecutor extends ArrivalTerms {
  readonly kind: 'find-capacity';
  readonly startRate: number;
  readonly maxRate: number;
  readonly step: number;
  /** How long each rate is kept. */
  readonly holdMs: number;
  /** Each holds or not by what was measured at one rate. */
  readonly thresholds: readonly ThresholdPlan[];
}

export interface ArrivalTerms {
  /** What a rate is of. */
  readonly timeUnitMs: number;
  readonly preAllocatedVus: number;
  readonly maxVus: number;
}

export interface Stage {
  readonly durationMs: number;
  readonly target: number;
}

/** `http_req_duration{step:pay}` has to be `p(95)<500`. */
export interface ThresholdPlan {
  /** As it is written, with its tags. */
  readonly key: string;
  readonly metric: string;
  readonly kind: MetricKind;
  readonly tags: ReadonlyMap<string, string>;
  readonly condition: ThresholdCondition;
  /** Ends the run when it is crossed. */
  readonly abortOnFail: boolean;
  readonly delayAbortMs: number;
  /** Of a scenario that does not run: it is not held against anything. */
  readonly isSkipped: boolean;
}

export interface ThresholdCondition {
  readonly text: string;
  /** `p(95)`. */
  readonly statistic: string;
  readonly operator: '<' | '<=' | '>' | '>=' | '==' | '!=';
  readonly limit: number;
}
