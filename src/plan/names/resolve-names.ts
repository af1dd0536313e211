import type { CompanionUse } from '../../model/companions/companion-use.ts';
import type { NameRef } from '../../model/plan.ts';
import { listPhases, listSteps, ownChildren } from '../../model/walk-steps.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import { BUILTIN_NAMES } from '../read/builtin-names.ts';
import type { KnownCompanions, PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { reportHiddenCarry, warnSameEachRound } from './carried-names.ts';
import { listPossibleRoots, noteCompanion, noteMention, openCompanionNames } from './check-companion-use.ts';
import { reportMadeByStep, reportNameOfItself } from './check-flow-name.ts';
import { checkJoinedResults, checkOwnWhole, checkReachedKeys, checkResultKey, placeOfKey } from './check-result-key.ts';
import { checkStarters } from './check-starters.ts';
import { checkUnknown, isBorrowed } from './check-unknown.ts';
import { checkWatched } from './check-watched.ts';
import { collectListedCaptures } from './listed-captures.ts';
import {
  listRenamed,
  type Producer,
  reportNoResult,
  reportNoStep,
  reportTooEarly,
  reportUnknownVariable,
} from './name-findings.ts';
import {
  collectInside,
  collectProducers,
  findReachedStep,
  listProvided,
  type NameRecord,
  type NameScope,
} from './name-scope.ts';
import { groupChildren } from './outside-needs.ts';
import { findLoopOf, isLoop } from './round-refs.ts';
import { warnSteadyPoll } from './steady-polls.ts';
import { warnUnusedCaptures } from './unused-captures.ts';
import { reportShadow, warnHidden, warnShadowing } from './warn-hidden.ts';

export interface NameOptions {
  /** Names that the command line, the environment or a call give. */
  readonly givenNames: ReadonlySet<string>;
  /** What a call of the flow gives; the call hears of names that nothing gives. */
  readonly calledWith?: ReadonlySet<string> | undefined;
  /** Of a flow by itself: what calls elsewhere give it. */
  readonly givenByCalls?: ReadonlySet<string> | undefined;
  /** Absent where there is no testmesh.yaml. */
  readonly companions?: KnownCompanions | undefined;
  /** Names that are read outside of it: when a load is over, by the flows after it. */
  readonly usedElsewhere?: ReadonlySet<string> | undefined;
}

export interface NameReport {
  /** Names that the flow reads. */
  readonly used: ReadonlySet<string>;
  /** Names that nothing gives; empty unless the flow is called. */
  readonly missing: readonly NameRef[];
  /** Names that only calls elsewhere give: without them it cannot run by itself. */
  readonly borrowed: ReadonlySet<string>;
  readonly companionUses: readonly CompanionUse[];
}

/** Resolves every name of a flow over its data flow: unknown names, use before capture, captures that may be missing or are never used. */
export function checkNames(flow: PlannedFlow, options: NameOptions, findings: Findings): NameReport {
  const given = [...options.givenNames, ...(options.calledWith ?? []), ...flow.columns];
  const base = new Set([...BUILTIN_NAMES.keys(), ...given, 'steps', '$env', ...listPossibleRoots(options.companions)]);
  const ordered = listPhases(flow);
  const all = listSteps(ordered, ownChildren);
  const record: NameRecord = {
    findings,
    used: new Set(options.usedElsewhere),
    reported: new Set(),
    inside: collectInside(flow),
    allIds: new Set(all.flatMap((step) => [step.id, step.address])),
    isPartial: flow.isPartial || options.companions?.hidesNames === true,
    calledWith: options.calledWith,
    missing: options.calledWith && [],
    givenByCalls: options.givenByCalls,
    borrowed: new Set(),
    cleanups: [],
    ...openCompanionNames(flow, options.companions, {
      given,
      warn: (name, span) => reportShadow(name, 'a built-in name', span, findings),
    }),
  };
  checkVariables(flow, base, record);
  for (const variable of flow.declared) base.add(variable.name);
  reportNameOfItself(flow, findings);
  const scope: NameScope = {
    record,
    base,
    made: new Map(),
    ended: new Map(),
    everything: collectProducers(ordered),
    beside: new Map(),
    renamed: new Map(),
    loops: [],
    ids: new Set(ordered.map((step) => step.id)),
    isConditional: false,
  };
  for (const ref of flow.nameRefs) {
    const maker = scope.base.has(ref.name) ? undefined : scope.everything.get(ref.name);
    if (maker) reportMadeByStep(ref, maker, findings);
    else checkRef(ref, undefined, scope);
  }
  for (const step of flow.setup) checkStep(step, scope);
  checkWatched(
    flow.watches,
    (ref, watch) => checkRef(ref, watch, scope),
    () => {
      for (const step of flow.steps) checkStep(step, scope);
    },
  );
  for (const step of flow.teardown) checkStep(step, scope);
  for (const ref of flow.refs) checkRef(ref, undefined, scope);
  for (const cleanup of record.cleanups) checkCleanup(cleanup, scope);
  checkStarters(flow, findings);
  noteReads(flow, all, record);
  // What a flow captures is its output for a call, unless it says otherwise.
  if (!options.calledWith || flow.output) warnUnusedCaptures(all, record);
  const { used, missing = [], borrowed, companionUses } = record;
  return { used, missing, borrowed, companionUses };
}

/** Keeps which captures are read where no name stands for them. */
function noteReads(flow: PlannedFlow, all: readonly PlannedStep[], { used }: NameRecord): void {
  const refs = [...flow.refs, ...all.flatMap(({ ownNeeds }) => ownNeeds)];
  for (const name of collectListedCaptures(all, refs)) used.add(name);
  for (const one of all.flatMap((step) => step.record ?? [])) for (const name of one.reads) used.add(name);
}

function checkVariables(flow: PlannedFlow, base: ReadonlySet<string>, record: NameRecord): void {
  const { findings, missing, used } = record;
  const known = new Set(base);
  const declared = new Set(flow.declared.map((variable) => variable.name));
  for (const variable of flow.declared) {
    for (const ref of variable.refs) {
      used.add(ref.name);
      noteCompanion(ref, record, variable.name);
      if (variable.isOutside || known.has(ref.name) || (!declared.has(ref.name) && isBorrowed(ref, record))) continue;
      if (missing && !declared.has(ref.name)) missing.push(ref);
      else if (declared.has(ref.name) || !flow.isPartial)
        reportUnknownVariable(ref, variable.name, { known, declared: flow.declared }, findings);
    }
    known.add(variable.name);
  }
}

function checkStep(step: PlannedStep, scope: NameScope): void {
  checkWatched(
    step.watches,
    (ref, watch) => checkRef(ref, watch, scope),
    () => checkOwn(step, scope),
  );
}

function checkOwn(step: PlannedStep, scope: NameScope): void {
  const { record } = scope;
  for (const ref of step.ownNeeds) checkRef(ref, step, scope);
  for (const mention of step.mentions) {
    const { id, span } = mention;
    if (!noteMention(mention, step, record) && !record.allIds.has(id))
      reportNoStep(id, span, scope.ids, record.findings);
  }
  checkJoinedResults(step, record);
  checkOwnWhole(step, record);
  warnShadowing(step, record);
  warnHidden(step, scope);
  if (ownChildren(step).length > 0) checkChildren(step, scope);
  for (const cleanup of step.cleanup ?? []) record.cleanups.push({ step: cleanup, scope });
  if (!scope.made.get(step.id)?.isCapture) scope.made.set(step.id, { step, isCapture: false });
  for (const [name, producer] of listProvided(step)) scope.made.set(name, producer);
  for (const word of [step.id, `${step.phase}/${step.id}`]) scope.ended.set(word, step);
}

/** The lists of a control's steps: each sees what the flow made so far, its own loop variables, and what it makes itself. */
function checkChildren(control: PlannedStep, scope: NameScope): void {
  const groups = groupChildren(control.action, control.children);
  const isTogether = control.action.control?.branches === 'together';
  if (isTogether) reportCapturedTwice(groups, scope.record.findings);
  for (const group of groups) {
    const made = new Map(scope.made);
    for (const name of control.bindings) made.delete(name);
    const others = isTogether ? groups.filter((other) => other !== group).flat() : [];
    const inner: NameScope = {
      ...scope,
      base: new Set([...scope.base, ...control.bindings]),
      made,
      ended: new Map(scope.ended),
      everything: new Map([...scope.everything, ...collectProducers(group)]),
      beside: new Map([
        ...scope.beside,
        ...others.flatMap((other) => [...listProvided(other).keys()].map((name) => [name, control] as const)),
      ]),
      renamed: new Map([...scope.renamed, ...listRenamed(control)]),
      ids: new Set([...scope.ids, ...group.map((child) => child.id)]),
      loops: isLoop(control.action) ? [...scope.loops, control] : scope.loops,
      isConditional: scope.isConditional || control.when !== undefined || control.action.control?.branches === 'either',
    };
    if (isLoop(control.action)) checkLoop(control, group, scope);
    for (const child of group) checkStep(child, inner);
    for (const ref of control.roundNeeds) checkRef(ref, control, inner);
  }
}

function checkLoop(loop: PlannedStep, steps: readonly PlannedStep[], scope: NameScope): void {
  reportHiddenCarry(loop, scope);
  warnSameEachRound(loop, steps, scope);
  warnSteadyPoll(loop, scope.record.findings);
}

/** The loop in whose rounds a step gives what is read before it, be it by one of them or by the loop's own condition. */
function findLoop({ step }: Producer, reader: PlannedStep | undefined, { loops }: NameScope): PlannedStep | undefined {
  return findLoopOf(step, reader && isLoop(reader.action) ? [...loops, reader] : loops);
}

function reportCapturedTwice(groups: readonly (readonly PlannedStep[])[], findings: Findings): void {
  const seen = new Map<string, PlannedStep>();
  for (const group of groups) {
    const own = new Map(group.flatMap((step) => [...listProvided(step)]));
    for (const [name, { step }] of own) {
      const other = seen.get(name);
      if (!other) continue;
      const span = step.output.find((capture) => capture.name === name)?.span ?? step.span;
      const message = `\`${name}\` is captured by two branches, \`${other.address}\` and \`${step.address}\`: which one counts?`;
      findings.error(CODES.capturedTwice, message, span, ['give one of the two another name']);
    }
    for (const [name, { step }] of own) seen.set(name, step);
  }
}

/** A cleanup runs with teardown: it sees what every step made, and what the list around its step made. */
function checkCleanup({ step, scope: around }: NameRecord['cleanups'][number], outer: NameScope): void {
  const made = new Map([...outer.made, ...around.made]);
  const ended = new Map([...outer.ended, ...around.ended]);
  checkStep(step, { ...around, made, ended, isConditional: true });
}

function checkRef(ref: NameRef, reader: PlannedStep | undefined, scope: NameScope): void {
  scope.record.used.add(ref.name);
  checkReachedKeys(ref, (path) => findReachedStep([ref.name, ...path], scope), scope.record);
  const producer = scope.made.get(ref.name);
  const later = scope.everything.get(ref.name);
  if (ref.name === 'steps') checkStepsRef(ref, scope);
  else if (ref.name === '$env') checkEnvRef(ref, scope);
  else if (producer) {
    const key = producer.isCapture ? undefined : ref.path[0];
    const captured = typeof key === 'string' ? listProvided(producer.step).get(key) : undefined;
    warnMaybeMissing(captured ? { ...ref, name: `${ref.name}.${key}` } : ref, captured ?? producer, reader, scope);
    if (!producer.isCapture) checkResultKey(producer.step, { ref, span: ref.span, path: ref.path }, scope.record);
  } else if (scope.base.has(ref.name)) noteCompanion(ref, scope.record);
  else if (scope.beside.has(ref.name)) reportBeside(ref, scope);
  else if (later) reportTooEarly(ref, later, { reader, loop: findLoop(later, reader, scope) }, scope.record.findings);
  else if (reader?.expectsError && Object.hasOwn(reader.action.result.keys, ref.name))
    reportNoResult(ref, scope.record.findings);
  else checkUnknown(ref, reader, scope);
}

function reportBeside(ref: NameRef, { beside, record }: NameScope): void {
  const message = `\`${ref.name}\` is captured by another branch of \`${beside.get(ref.name)?.id}\`, which runs at the same time`;
  record.findings.error(CODES.usedBeforeCapture, message, ref.span, [
    'put the two steps into one branch, or capture it before',
  ]);
}

function checkStepsRef(ref: NameRef, { ended, ids, record }: NameScope): void {
  const [id, ...path] = ref.path;
  if (typeof id !== 'string') return;
  const { file, start, end } = ref.span;
  const span = placeOfKey(ref.span, id);
  const step = ended.get(id);
  if (step) checkResultKey(step, { ref, span, path }, record);
  else if (!record.allIds.has(id)) reportNoStep(id, span, ids, record.findings);
  else {
    const message = `the result of \`${id}\` is used before that step has run`;
    record.findings.error(CODES.usedBeforeCapture, message, { file, start, end: Math.max(span.end, end) }, [
      'move the step that uses it after the one that makes it',
    ]);
  }
}

/** `$env.create_user.body`: a name that may also be none. */
function checkEnvRef(ref: NameRef, { made, record }: NameScope): void {
  const [name, ...path] = ref.path;
  const producer = typeof name === 'string' ? made.get(name) : undefined;
  if (typeof name !== 'string' || !producer || producer.isCapture) return;
  checkResultKey(producer.step, { ref, span: placeOfKey(ref.span, name), path }, record);
}

function warnMaybeMissing(ref: NameRef, producer: Producer, reader: PlannedStep | undefined, scope: NameScope): void {
  const { maybe, step, isCapture } = producer;
  if (!isCapture || maybe === undefined || scope.isConditional) return;
  // What is handed on from round to round has a value in each.
  if (scope.loops.some(({ bindings }) => bindings.includes(ref.name))) return;
  if (reader === step || reader?.when || reader?.phase === 'teardown') return;
  const message = `\`${ref.name}\` ${maybe.text}`;
  scope.record.findings.warn(CODES.maybeSkipped, message, ref.span, reader ? [maybe.help] : []);
}
