import type { ScenarioPlan, ThresholdPlan } from '../../model/load/load-plan.ts';
import type { Span } from '../../model/source-file.ts';
import { childrenAndCleanups, listPhases, listSteps } from '../../model/walk-steps.ts';
import { CODES, type Findings } from '../read/findings.ts';
import type { Complain } from './complain.ts';
import {
  checkThresholdKey,
  isMistake,
  type KnownTags,
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

interface Reports {
  readonly findings: Findings;
  readonly complain: Complain;
  note(text: string): void;
}

/** What thresholds may name: what runs, and scenarios that could. */
export interface ThresholdNames {
  readonly ran: readonly ScenarioPlan[];
  readonly all: readonly string[];
  readonly tags: ReadonlyMap<string, string>;
}

/** Reads all thresholds, each against the names that exist. */
export function planThresholds(
  written: readonly WrittenThreshold[],
  names: ThresholdNames,
  reports: Reports,
): readonly ThresholdPlan[] {
  const known = listKnownTags(names);
  return written.flatMap((threshold) => {
    const plan = planThreshold(threshold, { names, known }, reports);
    if (plan && !isMistake(plan)) return [plan];
    // Without a scenario that could be planned nobody knows which names there are.
    if (plan && (!plan.isUnknown || names.ran.length > 0)) reportMistake(plan, threshold, reports);
    return [];
  });
}

function planThreshold(
  { key, text, abortOnFail, delayAbortMs }: WrittenThreshold,
  { names, known }: { names: ThresholdNames; known: KnownTags },
  { note }: Reports,
): ThresholdPlan | ThresholdMistake {
  const read = readThresholdKey(key);
  if (isMistake(read)) return read;
  const scenario = read.tags.get('scenario');
  const isSkipped = scenario !== undefined && names.all.includes(scenario) && !known.scenario.has(scenario);
  const plainTags = isSkipped ? new Map([...read.tags].filter(([name]) => name !== 'scenario')) : read.tags;
  // Steps and checks of a scenario that does not run are not looked at either.
  const about = checkThresholdKey({ metric: read.metric, tags: isSkipped ? new Map() : plainTags }, known);
  if (isMistake(about)) return about;
  const condition = readCondition(text, { metric: read.metric, kind: about.kind });
  if (isMistake(condition)) return condition;
  if (isSkipped) note(`the threshold \`${key}\` is skipped: scenario \`${scenario}\` does not run`);
  return { key: key.trim(), ...read, condition, abortOnFail, delayAbortMs, isSkipped };
}

function reportMistake(
  { message, help, isUnknown }: ThresholdMistake,
  { span, flag }: WrittenThreshold,
  { findings, complain }: Reports,
): void {
  if (span) findings.error(isUnknown ? CODES.unknownName : CODES.wrongValue, `threshold: ${message}`, span, help);
  else complain(`--threshold ${flag}: ${message}`, help);
}

function listKnownTags({ ran, tags }: ThresholdNames): KnownTags {
  const own = new Map<string, Set<string>>();
  const add = (name: string, value: string): void => void own.set(name, (own.get(name) ?? new Set()).add(value));
  const [scenario, step, check, group] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()];
  for (const [name, value] of tags) add(name, value);
  for (const { name, flow, tags: ofScenario } of ran) {
    scenario.add(name);
    for (const [tag, value] of ofScenario) add(tag, value);
    for (const { id, phase, assert } of listSteps(listPhases(flow), childrenAndCleanups)) {
      step.add(id);
      group.add(`::${phase === 'steps' ? flow.id : phase}::${id}`);
      for (const { text } of assert) check.add(`${id}: ${text.text}`);
    }
  }
  return { scenario, step, check, group, own };
}
