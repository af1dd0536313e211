import type { FlowRole } from '../../model/flow-about.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { positionAt } from '../../model/source-file.ts';
import { listPhases, listSteps, ownChildrenAndCleanups } from '../../model/walk-steps.ts';
import { cleanLine } from '../../reporters/output/text.ts';
import { countOf } from '../../util/count.ts';
import { groupBy } from '../../util/group-by.ts';
import { hideWorkflowCommands } from '../../util/workflow-commands.ts';
import type { PlannedAround } from '../arguments/plan-around.ts';

/** Rises when a reader of `list --json` would have to change. */
const LISTING_VERSION = 1;

/** A flow as `list --json` gives it. */
interface ListedFlow {
  readonly id: string;
  /** As it is written, with its placeholders. */
  readonly name: string;
  readonly description?: string | undefined;
  readonly file: string;
  readonly line: number;
  readonly suite?: string | undefined;
  readonly tags: readonly string[];
  /** The reason why it is skipped. */
  readonly skip?: string | undefined;
  readonly serial?: string | undefined;
  /** How many rows its `data` has. */
  readonly rows?: number | undefined;
  /** Whether it runs only where others call it. */
  readonly isCalledOnly?: true | undefined;
  readonly steps: readonly ListedStep[];
}

interface ListedStep {
  readonly address: string;
  readonly phase: string;
  readonly action: string;
  readonly line: number;
  /** The id of the flow that it calls. */
  readonly calls?: string | undefined;
}

/** What is listed: the flows that are chosen, and which of all run only where others call them. */
export interface Listing {
  readonly flows: readonly FlowPlan[];
  readonly calledOnly: { has(flow: FlowPlan): boolean };
  /** What runs before and after them. */
  readonly around: PlannedAround['flows'];
}

/** The flows as JSON, on one line. */
export function formatListing({ flows, calledOnly, around }: Listing): string {
  const listed = flows.map((flow) => toListed(flow, calledOnly.has(flow)));
  const { before_all: before, after_all: after } = around;
  const beside = { before_all: before && toListed(before, false), after_all: after && toListed(after, false) };
  return `${JSON.stringify({ version: LISTING_VERSION, flows: listed, ...beside })}\n`;
}

/** The flows for people: a line each, with `isWhole` their steps below, and the tags of all. */
export function describeFlows({ flows, calledOnly, around }: Listing, { isWhole }: { isWhole: boolean }): string {
  const listed = flows.map((flow) => toListed(flow, calledOnly.has(flow)));
  const describe = (flow: ListedFlow, role?: FlowRole): readonly string[] => [
    describeFlow(flow, role),
    ...(isWhole ? describeSteps(flow) : []),
  ];
  const describeBeside = (role: FlowRole): readonly string[] => {
    const flow = around[role];
    return flow && listed.length > 0 ? describe(toListed(flow, false), role) : [];
  };
  const own = listed.flatMap((flow) => describe(flow));
  const lines = [...describeBeside('before_all'), ...own, ...describeBeside('after_all')];
  const files = new Set(listed.map(({ file }) => file)).size;
  const tags = [
    ...groupBy(
      listed.flatMap((flow) => flow.tags),
      (tag) => tag,
    ),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  const ofTags = tags.length === 0 ? '' : `; tags: ${tags.map(([tag, { length }]) => `${tag} ${length}`).join(', ')}`;
  const counts = `${countOf(listed.length, 'flow')} in ${countOf(files, 'file')}${ofTags}`;
  return [...lines, counts].map((line) => `${hideWorkflowCommands(cleanLine(line))}\n`).join('');
}

function toListed(flow: FlowPlan, isCalled: boolean): ListedFlow {
  const { id, name, description, file, span, suite, tags, skip, serial, rows } = flow;
  const steps = listSteps<StepPlan>(listPhases(flow), ownChildrenAndCleanups).map(toListedStep);
  const { line } = positionAt(file, span.start);
  const more = { rows: rows?.length, isCalledOnly: isCalled ? (true as const) : undefined };
  return { id, name, description, file: file.path, line, suite, tags, skip, serial, ...more, steps };
}

function toListedStep({ address, phase, action, span, calls }: StepPlan): ListedStep {
  return { address, phase, action: action.name, line: positionAt(span.file, span.start).line, calls: calls?.id };
}

function describeFlow(flow: ListedFlow, role = ''): string {
  const { name, file, line, tags, suite, rows, serial, skip, isCalledOnly, steps } = flow;
  const facts = [
    `${file}:${line}`,
    role,
    suite === undefined ? '' : `suite ${suite}`,
    tags.length === 0 ? '' : `[${tags.join(', ')}]`,
    rows === undefined ? '' : countOf(rows, 'row'),
    serial === undefined ? '' : `serial ${serial}`,
    describeActions(steps),
    isCalledOnly ? 'runs only where it is called' : '',
    skip === undefined ? '' : `skipped: ${skip}`,
  ];
  return [name, ...facts.filter((fact) => fact !== '')].join('   ');
}

/** `5 steps: http_request 3, kafka_consumer 2`. */
function describeActions(steps: readonly ListedStep[]): string {
  const actions = [...groupBy(steps, ({ action }) => action)].map(([action, { length }]) => `${action} ${length}`);
  return `${countOf(steps.length, 'step')}: ${actions.join(', ')}`;
}

function describeSteps({ steps }: ListedFlow): readonly string[] {
  const width = Math.max(...steps.map(({ address }) => address.length));
  return steps.map(({ address, action, line, calls }) =>
    [`  ${address.padEnd(width)}`, action, `:${line}`, ...(calls === undefined ? [] : [`calls ${calls}`])].join('   '),
  );
}
