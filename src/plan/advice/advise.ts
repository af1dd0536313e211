import { judgesItsStep } from '../../model/action/definition.ts';
import { hasTrait } from '../../model/action/traits.ts';
import { listPhases, listSteps, ownChildren } from '../../model/walk-steps.ts';
import { findEntry } from '../../source/yaml/node.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import { groupChildren } from '../names/outside-needs.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { warnUnreadNames, warnUnreadVariable } from '../read/foreign-texts.ts';
import { warnAnyError } from './any-error.ts';
import { warnBlindEvents } from './blind-events.ts';
import { warnBlindQueries } from './blind-queries.ts';
import { isResultRead, listRefs } from './judged-steps.ts';
import { warnKnownNumbers } from './known-numbers.ts';
import { warnLooseWaits } from './loose-waits.ts';
import { warnNeverHolds } from './outcomes/never-holds.ts';
import { warnSureBools } from './outcomes/sure-bools.ts';
import { warnPastedLists } from './pasted-lists.ts';
import { warnPastedValues } from './pasted-values.ts';
import { writeKey } from './write-key.ts';

/** Warns of habits that make a flow blind, slow or leaky, though nothing in it is wrong. */
export function warnHabits(flow: PlannedFlow, findings: Findings): void {
  const mute = listSteps(flow.steps, judgedAlone).filter(judgesNothing);
  const refs = mute.length === 0 ? [] : listRefs(flow);
  for (const step of mute) if (!isResultRead(step, refs)) warnJudgesNothing(step, findings);
  const all = listSteps(listPhases(flow), ownChildren);
  const names = listNames(flow, all);
  const byId = new Map(all.map((step) => [step.id, step]));
  for (const variable of flow.declared) if (variable.origin === 'env') warnUnreadVariable(variable, names, findings);
  for (const step of all) {
    const config = step.action.control ? undefined : step.fields.get('config')?.value;
    if (config) warnUnreadNames(config, names, findings);
    warnPastedValues(step, findings);
    warnNeverHolds(step, findings);
    warnSureBools(step, byId, findings);
  }
  for (const steps of listLists(flow.steps)) warnFixedDelays(steps, findings);
  warnEqualWaits(all, findings);
  warnLooseWaits(flow, findings);
  warnPastedLists(flow, findings);
  warnKnownNumbers(flow, findings);
  // What `agree` compares is looked at.
  if (flow.agree === undefined) {
    warnBlindQueries(flow, findings);
    warnBlindEvents(flow, findings);
  }
  warnAnyError(flow, findings);
}

/** The names that the flow itself gives: by its `env`, its data and its captures. */
function listNames({ declared, columns }: PlannedFlow, steps: readonly PlannedStep[]): ReadonlySet<string> {
  return new Set([...declared.map(({ name }) => name), ...columns, ...steps.flatMap(({ ownProvides }) => ownProvides)]);
}

/** The steps inside of a step that have to judge by themselves: a look is judged by its poll. */
function judgedAlone(step: PlannedStep): readonly PlannedStep[] {
  return judgesItsStep(step.action) ? [] : ownChildren(step);
}

/** The lists of steps that run one after another: these, and those inside of them. */
function listLists(steps: readonly PlannedStep[]): readonly (readonly PlannedStep[])[] {
  const inner = steps.filter(({ calls }) => !calls).flatMap(({ action, children }) => groupChildren(action, children));
  return [steps, ...inner.flatMap(listLists)];
}

function judgesNothing(step: PlannedStep): boolean {
  const isJudge = hasTrait(step.action.judges, step.authored);
  return !(isJudge || step.isBroken || step.expectsError || mayJudge(step));
}

function warnJudgesNothing({ id, action, span }: PlannedStep, findings: Findings): void {
  const message = `\`${id}\` judges nothing: ${action.name} passes whatever comes back`;
  const { example } = action.result;
  findings.warn(CODES.judgesNothing, message, span, [
    example === undefined ? 'add `assert:`' : `add \`assert:\`, for example \`- ${example}\``,
  ]);
}

const JUDGING_KEYS = ['assert', 'output', 'expect_error'];

/** Whether something is asked of the result, be it with a mistake. */
function mayJudge({ fields, assert }: PlannedStep): boolean {
  const asked = fields.get('assert')?.value;
  const isAsked = asked !== undefined && !(asked.kind === 'seq' && asked.items.length === 0);
  const isMeant = JUDGING_KEYS.some((key) => fields.misspelt.has(key) || (key !== 'assert' && fields.has(key)));
  const config = fields.get('config')?.value;
  const isBelow = config?.kind === 'map' && JUDGING_KEYS.some((key) => findEntry(config, key) !== undefined);
  return isAsked || assert.length > 0 || isMeant || isBelow;
}

function warnFixedDelays(steps: readonly PlannedStep[], findings: Findings): void {
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1];
    if (!next || !step.action.traits?.isFixedWait || next.assert.length === 0) continue;
    if (!hasTrait(next.action.traits?.isLook, next.authored)) continue;
    const message = `\`${step.id}\` waits a fixed time before \`${next.id}\` looks: too short on a bad day, too long on every other`;
    findings.warn(CODES.fixedDelay, message, step.span, [`put \`${next.id}\` into a \`poll\` with \`until:\``]);
  }
}

function warnEqualWaits(steps: readonly PlannedStep[], findings: Findings): void {
  const seen = new Map<string, PlannedStep>();
  for (const step of steps) {
    const { identity, apart } = step.foresight.awaited ?? {};
    if (!identity || apart === undefined) continue;
    const noun = step.action.result.items?.noun ?? 'thing';
    const key = writeKey([noun, identity]);
    const twin = seen.get(key);
    if (twin) {
      const message = `\`${step.id}\` waits for the same ${noun} as \`${twin.id}\`: one ${noun} satisfies both`;
      findings.warn(CODES.equalWaits, message, step.span, [apart]);
    }
    seen.set(key, step);
  }
}
