import type { Env } from '../../expr/index.ts';
import type { SoFar } from '../../model/action/resources.ts';
import type { FlowCompanions } from '../../model/companions/services-in-use.ts';
import { leaveOutLargeOnes } from '../../model/event-table/too-large.ts';
import {
  type Detail,
  type FlowFinished,
  isBad,
  type Outcome,
  type OutcomeCounts,
  type Problem,
  type Skip,
} from '../../model/events.ts';
import type { FlowAbout, FlowRole } from '../../model/flow-about.ts';
import type { FlowOutput } from '../../model/flow-output.ts';
import type { FlowWatch } from '../../model/flow-watch.ts';
import type { Selection } from '../../model/inputs.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { positionAt } from '../../model/source-file.ts';
import { listPhases } from '../../model/walk-steps.ts';
import { type ChosenSteps, chooseSteps, listUnreached } from '../lifetimes/chosen-steps.ts';
import { closeResources } from '../lifetimes/close-resources.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { FlowPart, FlowPlace, FlowRest } from '../lifetimes/flow-part.ts';
import type { FlowEntry } from '../lifetimes/flow-register.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import { openFlow } from '../lifetimes/open-flow.ts';
import { makeVariables, type OpenedFlow } from '../lifetimes/opened-flow.ts';
import type { FlowRun } from '../lifetimes/run-options.ts';
import type { SessionServices } from '../lifetimes/services.ts';
import { listVariables, listVolatileNames } from '../names/flow-variables.ts';
import { countOutcomes } from '../outcome/problems.ts';
import { isPlainFlow } from '../plain/plain-steps.ts';
import { runPlainly } from '../plain/run-plainly.ts';
import type { FlowEnd } from '../run/flow-runner.ts';
import { createFlowRunner } from './call-flow.ts';
import { askWatch, attachWatch, openWatch } from './watch-flow.ts';

/** What became of an execution of a flow. */
export interface FlowOutcome {
  readonly outcome: Outcome;
  readonly skip: Skip | undefined;
  /** What it is to the other flows. */
  readonly role: FlowRole | undefined;
  /** What it is to the other attempts at the flow. */
  readonly retry: FlowFinished['retry'];
  /** Of all phases. */
  readonly steps: OutcomeCounts;
  /** For the parts of the flow that come after this one. */
  readonly rest: FlowRest;
}

interface PartOfFlow {
  readonly flow: FlowRun;
  readonly part: FlowPart;
}

/** What a session says to its run. */
export interface SessionRun {
  placeOf(flow: FlowRun): FlowPlace;
  enterFlow(): FlowEntry;
  onEnd(outcome: FlowOutcome): void;
  onProblems(problems: readonly Problem[]): void;
}

/** Runs flows one after another, or parts of them, with what they share: cookies, and connections that nobody else may have. */
export class Session {
  readonly #services: SessionServices;
  readonly #run: SessionRun;

  constructor(services: SessionServices, run: SessionRun) {
    this.#services = services;
    this.#run = run;
  }

  /** Runs a flow from its variables to its teardown, or the phases of the part, and closes what it opened. */
  async runFlow(flow: FlowRun, part: FlowPart = {}): Promise<FlowOutcome> {
    const chosen = choosePart(chooseSteps(flow.plan, flow.selection), part);
    const place = part.place ?? this.#run.placeOf(flow);
    const isWatched = flow.plan.agree !== undefined && !flow.replay?.recorded;
    const watch = isWatched ? await openWatch(flow.plan) : undefined;
    const entry = this.#run.enterFlow();
    const opened = attachWatch(openFlow(this.#services, flow, { chosen, place, part, others: entry }), watch);
    const { clock } = this.#services;
    const startedAt = clock.monotonic();
    try {
      const skip = part.skip ?? skipAsWritten(flow.plan);
      if (skip === undefined) entry.begin(opened.facts.run.traceId);
      const beside = skip === undefined && opened.facts.run.services ? await openCompanions(opened) : undefined;
      const problems = this.#begin(opened, { flow, part }, skip !== undefined);
      const end =
        skip === undefined ? await runOpened(opened, flow, { chosen, part, problems, watch }) : skipFlow(skip);
      const { resources } = opened.services;
      const isUntold = this.#services.wants.brief && end.problems.length === 0;
      const details = isUntold ? [] : [...resources.listDetails(), ...(watch?.listDetails() ?? [])];
      if (!resources.endIfEmpty())
        await closeResources(this.#services, resources, `flow \`${opened.facts.run.flowName}\``);
      const durationMs = part.skip === undefined ? clock.monotonic() - startedAt : 0;
      const printed = isBad(end.outcome) ? await beside?.listPrinted() : undefined;
      const retry = this.#judgeAttempt(end, part);
      if (!isUntold) this.#finish(opened, { ...end, details }, { flow, part, retry, durationMs, printed });
      const { outcome: became, skip: left, counts: steps } = end;
      const { role } = flow;
      const outcome = { outcome: became, skip: left, role, retry, steps, rest: describeRest(opened, end) };
      this.#run.onEnd(outcome);
      return outcome;
    } finally {
      entry.end();
      opened.services.stops.leave();
    }
  }

  /** Makes the variables and reports that the flow begins; gives what was wrong. */
  #begin(opened: OpenedFlow, { flow, part }: PartOfFlow, isSkipped: boolean): readonly Problem[] {
    const { facts, ledger, context, variables } = opened;
    const { plan, inputs, selection } = flow;
    const problem = makeVariables(opened, !isSkipped || plan.nameTemplate !== undefined);
    const problems = problem && !isSkipped ? [problem] : [];
    if (this.#services.wants.brief) return problems;
    opened.services.emit({
      type: 'flow_started',
      at: this.#services.clock.now(),
      flow: facts.index,
      about: describeFlow(facts, flow, part),
      inputs: {
        overrides: inputs.overrides,
        variables: listVariables(plan, context, ledger.secretNames),
        volatileNames: listVolatileNames(variables),
      },
      isPartial: selection !== undefined,
      replayOf: flow.replay?.runId,
      longestId: Math.max(0, ...listPhases(plan).map((step) => step.id.length)),
    });
    return problems;
  }

  #finish(
    { facts, ledger }: OpenedFlow,
    end: FlowEnd & { readonly details: readonly Detail[] },
    {
      flow,
      part,
      retry,
      durationMs,
      printed,
    }: PartOfFlow & Pick<FlowOutput, 'printed'> & Pick<FlowFinished, 'retry' | 'durationMs'>,
  ): void {
    this.#services.emit({
      type: 'flow_finished',
      at: this.#services.clock.now(),
      flow: facts.index,
      about: describeFlow(facts, flow, part),
      outcome: end.outcome,
      skip: end.skip,
      retry,
      durationMs,
      counts: end.counts,
      output: {
        captures: leaveOutLargeOnes(end.captures),
        secretNames: [...ledger.secretNames],
        printed,
        trace: describeTrace(facts),
      },
      problems: end.problems,
      details: end.details.length > 0 ? end.details : undefined,
    });
  }

  /** A flow that did not pass is tried again, unless the run ends. */
  #judgeAttempt(end: FlowEnd, { attempt }: FlowPart): FlowFinished['retry'] {
    if (!attempt) return undefined;
    if (isBad(end.outcome)) return attempt.isLast || this.#services.stops.work.asked ? undefined : 'follows';
    return end.outcome === 'passed' && attempt.number > 1 ? 'flaky' : undefined;
  }

  /** Asks what the session opened what was found wanting, and closes it. */
  async close(): Promise<void> {
    const { resources } = this.#services;
    this.#run.onProblems(await resources.finish({ isAfterFailure: false }));
    await closeResources(this.#services, resources, 'the session');
  }
}

/** Opens what the flow sees of the companions of the run, for its length. */
async function openCompanions({ facts, services }: OpenedFlow): Promise<FlowCompanions | undefined> {
  const { run } = facts;
  const beside = run.services?.openFlow(run);
  for (const [key, resource] of beside?.resources ?? []) await services.resources.open(key, async () => resource);
  return beside;
}

/** The chosen steps of the phases that the part has; the others are not even reported. */
function choosePart(chosen: ChosenSteps, { phases }: FlowPart): ChosenSteps {
  if (!phases) return chosen;
  const { setup, steps, teardown } = chosen;
  return {
    setup: phases.includes('setup') ? setup : [],
    steps: phases.includes('steps') ? steps : [],
    teardown: phases.includes('teardown') ? teardown : [],
  };
}

interface RunningPart {
  readonly chosen: ChosenSteps;
  readonly part: FlowPart;
  /** What was wrong before the first step. */
  readonly problems: readonly Problem[];
  readonly watch: FlowWatch | undefined;
}

function runOpened(
  opened: OpenedFlow,
  flow: FlowRun,
  { chosen, part, problems: broken, watch }: RunningPart,
): Promise<FlowEnd> {
  const { context, services } = opened;
  const { selection } = flow;
  const finish = async (names: Env, so: SoFar): Promise<readonly Problem[]> => {
    const given = part.onNames?.({ env: names, ledger: opened.ledger, host: services.createHost('output'), ...so });
    const found = [...(await services.resources.finish(so)), ...(given ?? [])];
    return watch ? [...found, ...askWatch(watch, opened, names)] : found;
  };
  const { plan } = opened.facts;
  const watches = selection ? [] : plan.watches;
  const unasked = !selection && services.wants.changes ? plan.planUnasked?.() : [];
  const options = { context, chosen, phases: part.phases, watches, unasked, broken, finish };
  const createRunner = () => createFlowRunner(opened);
  const isPlain = broken.length === 0 && unasked?.length === 0 && isPlainFlow(flow, options, services);
  if (isPlain) return runPlainly(opened, options, createRunner);
  const running = createRunner().run(options);
  return selection ? addUnreached(running, selection, opened.ledger) : running;
}

async function addUnreached(running: Promise<FlowEnd>, selection: Selection, { ran }: Ledger): Promise<FlowEnd> {
  const end = await running;
  // A chosen round that its loop does not have must not pass for one that went well.
  if (!ran || isBad(end.outcome)) return end;
  const problems = listUnreached(selection, ran).map((address): Problem => {
    const message = `\`${address}\` did not run: there is no such round`;
    return { outcome: 'errored', kind: 'authoring', message, hints: ['rounds count from 0'] };
  });
  return problems.length === 0
    ? end
    : { ...end, outcome: 'errored', skip: undefined, problems: [...end.problems, ...problems] };
}

/** The trace, where something went out with it. */
function describeTrace({ trace }: FlowFacts): FlowOutput['trace'] {
  return trace.isUsed ? { traceId: trace.id, url: trace.url } : undefined;
}

function skipAsWritten({ skip: reason }: FlowPlan): Skip | undefined {
  return reason === undefined ? undefined : { kind: 'skip', reason };
}

function skipFlow(skip: Skip): FlowEnd {
  return { outcome: 'skipped', skip, counts: countOutcomes([]), problems: [], captures: {}, phases: undefined };
}

function describeRest({ context, ledger }: OpenedFlow, { phases }: FlowEnd): FlowRest {
  return {
    context: phases?.steps.context ?? context,
    secretNames: ledger.secretNames,
    cleanups: ledger.takeCleanups(),
  };
}

function describeFlow({ plan, run }: FlowFacts, { row, repeat, role }: FlowRun, { attempt }: FlowPart): FlowAbout {
  const { id, file, span, tags } = plan;
  const ofRow = row ? ` [row ${row.number}: ${row.label}]` : '';
  const ofRole = role === undefined ? '' : ` [${role}]`;
  const name = `${run.flowName}${ofRow}${repeat === undefined ? '' : ` [repeat ${repeat}]`}${ofRole}`;
  const { line } = positionAt(file, span.start);
  const about = { id, name, file: file.path, line, row: row?.number, traceId: run.traceId, tags };
  if (role !== undefined) return { ...about, role };
  if (repeat === undefined && (attempt?.number ?? 1) === 1) return about;
  return { ...about, repeat, attempt: attempt && attempt.number > 1 ? attempt.number : undefined };
}
