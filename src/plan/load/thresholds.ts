import { LOAD_METRICS, type MetricAbout } from '../../model/load/load-metrics.ts';
import type { ThresholdPlan } from '../../model/load/load-plan.ts';
import type { FlowPlan } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import { childrenAndCleanups, listPhases, listSteps } from '../../model/walk-steps.ts';
import { CODES, type Findings } from '../read/findings.ts';
import type { Complain } from './complain.ts';
import {
  checkThresholdKey,
  isMistake,
  type KnownNames,
  readCondition,
  readThresholdKey,
  type ThresholdMistake,
} from './threshold.ts';

/** A threshold as a file or a flag has it. */
export interface WrittenThreshold {
  readonly key: string;
  readonly text: string;
  readonly abortOnFail: boolean;
  readonly delayAbortMs: number;
  readonly span?: Span | undefined;
  /** The whole of the flag. */
  readonly flag?: string | undefined;
}

export interface Reports {
  readonly findings: Findings;
  readonly complain: Complain;
  note(text: string): void;
}

/** A scenario, with what is called something in it. */
export interface NamedScenario {
  readonly name: string;
  readonly flow: FlowPlan;
  readonly tags: ReadonlyMap<string, string>;
}

/** What thresholds may name: what runs, and what could. */
export interface ThresholdNames {
  readonly ran: readonly NamedScenario[];
  readonly all: readonly NamedScenario[];
  /** Of the whole run. */
  readonly tags: ReadonlyMap<string, string>;
}

/** Reads all thresholds, each against the names that exist. */
export function planThresholds(
  written: readonly WrittenThreshold[],
  { ran, all, tags }: ThresholdNames,
  reports: Reports,
): readonly ThresholdPlan[] {
  const known = { ran: listKnownNames(ran, tags), all: listKnownNames(all, tags) };
  return written.flatMap((threshold) => {
    const plan = planThreshold(threshold, known, reports);
    if (!isMistake(plan)) return [plan];
    // Without a scenario that could be planned nobody knows which names there are.
    if (!plan.isUnknown || ran.length > 0) reportMistake(plan, threshold, reports);
    return [];
  });
}

function planThreshold(
  { key, text, abortOnFail, delayAbortMs }: WrittenThreshold,
  known: { readonly ran: KnownNames; readonly all: KnownNames },
  { note }: Reports,
): ThresholdPlan | ThresholdMistake {
  const read = readThresholdKey(key);
  if (isMistake(read)) return read;
  const ofAll = checkThresholdKey(read, known.all);
  if (isMistake(ofAll)) return ofAll;
  const condition = readCondition(text, { metric: read.metric, kind: ofAll.kind });
  if (isMistake(condition)) return condition;
  const isSkipped = isMistake(checkThresholdKey(read, known.ran));
  if (isSkipped) note(`the threshold \`${key}\` is skipped: no scenario that runs has what it names`);
  return { key: key.trim(), ...read, kind: ofAll.kind, condition, abortOnFail, delayAbortMs, isSkipped };
}

function reportMistake(
  { message, help, isUnknown }: ThresholdMistake,
  { span, flag }: WrittenThreshold,
  { findings, complain }: Reports,
): void {
  if (span) findings.error(isUnknown ? CODES.unknownName : CODES.wrongValue, `threshold: ${message}`, span, help);
  else complain(`--threshold ${flag}: ${message}`, help);
}

function listKnownNames(scenarios: readonly NamedScenario[], tags: ReadonlyMap<string, string>): KnownNames {
  const own = new Map<string, Set<string>>();
  const whole = new Map([...tags].map(([name, value]) => [name, new Set([value])]));
  const add = (name: string, value: string): void => void own.set(name, (own.get(name) ?? new Set()).add(value));
  const metrics = new Map<string, MetricAbout>(Object.entries(LOAD_METRICS));
  const [scenario, step, check, group] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { name, flow, tags: ofScenario } of scenarios) {
    scenario.add(name);
    for (const [tag, value] of ofScenario) add(tag, value);
    for (const { id, phase, assert, record } of listSteps(listPhases(flow), childrenAndCleanups)) {
      step.add(id);
      group.add(`::${phase === 'steps' ? flow.id : phase}::${id}`);
      for (const one of record ?? []) metrics.set(one.name, one);
      for (const { text } of assert) check.add(`${id}: ${text.text}`);
    }
  }
  return { metrics, scenario, step, check, group, whole, own };
}
