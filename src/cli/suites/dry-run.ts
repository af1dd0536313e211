import { dirname } from 'node:path';
import { createSecrets } from '../../engine/events/secrets.ts';
import type { FlowsAround } from '../../engine/flows/around-flows.ts';
import { keepServices } from '../../engine/flows/open-run.ts';
import { chooseSteps } from '../../engine/lifetimes/chosen-steps.ts';
import { createClock } from '../../engine/lifetimes/clock.ts';
import type { FlowRun, RunOptions } from '../../engine/lifetimes/run-options.ts';
import type { Host } from '../../expr/index.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { positionAt } from '../../model/source-file.ts';
import { cleanLine } from '../../reporters/output/text.ts';
import { countOf } from '../../util/count.ts';
import { groupBy } from '../../util/group-by.ts';
import { takeShown } from '../../util/take-shown.ts';
import { hideWorkflowCommands } from '../../util/workflow-commands.ts';
import { KnownNames } from './known-names.ts';
import { describeStep, type StepContext } from './planned-step.ts';

/** The plan of the first rows shows what those of the others look like. */
const SHOWN_ROWS = 3;
const PHASES = ['setup', 'steps', 'teardown'] as const;

export interface DryRunOptions {
  /** What runs before and after the others. */
  readonly around?: FlowsAround | undefined;
  /** What functions read from outside, for the flows in a folder. */
  readonly services: RunOptions['services'];
  /** Masks what findings may not show. */
  readonly mask: (text: string) => string;
  /** What of testmesh.yaml would be started. */
  readonly companions: readonly string[];
}

/** What would run, flow after flow, with every placeholder that is known before; secrets are masked. */
export function describeRuns(runs: readonly FlowRun[], options: DryRunOptions): string {
  const { services, companions, around = {} } = options;
  const secrets = createSecrets();
  // What functions make of secrets is learned as it is in a run.
  const clock = createClock();
  const servicesFor = keepServices({ services, clock }, secrets);
  const hostOf = ({ file }: FlowPlan): Host => ({
    now: () => clock.now(),
    ...servicesFor(dirname(file.absolutePath)),
  });
  const mask = (text: string): string => {
    secrets.addPasswords(text);
    return options.mask(secrets.maskText(text));
  };
  // Of all of them before the first is described: what is secret in one is in none.
  const name = (run: FlowRun): NamedRun => ({
    run,
    names: new KnownNames(run, { secrets, host: hostOf(run.plan) }),
  });
  const before = around.before ? [name(around.before)] : [];
  const blocks = [...groupBy(runs, ({ plan }) => plan).values()].map((same) => {
    const once = same.filter(({ repeat = 1 }) => repeat === 1);
    const { shown, hidden } = takeShown(once, SHOWN_ROWS);
    return { flows: shown.map(name), hidden };
  });
  const after = around.after ? [name(around.after)] : [];
  const times = runs.length === blocks.length ? '' : `, ${runs.length} times in all`;
  const describe = (flows: readonly NamedRun[]): readonly string[] =>
    flows.flatMap(({ run, names }) => [...describeFlow(run, { names, host: hostOf(run.plan), mask, secrets }), '']);
  const lines = [
    ...(companions.length === 0 ? [] : [`would start ${companions.join(', ')}`, '']),
    ...describe(before),
    ...blocks.flatMap(({ flows, hidden }) => [
      ...describe(flows),
      ...(hidden === 0 ? [] : [`… and ${countOf(hidden, 'more row')} of it: \`--row\` chooses`, '']),
    ]),
    ...describe(after),
    `nothing ran: ${countOf(blocks.length, 'flow')} would${times}`,
  ];
  return lines.map((line) => `${hideWorkflowCommands(cleanLine(line))}\n`).join('');
}

interface NamedRun {
  readonly run: FlowRun;
  readonly names: KnownNames;
}

function describeFlow(
  { plan, selection, row, role }: FlowRun,
  context: Omit<StepContext, 'indent'>,
): readonly string[] {
  const place = `${plan.file.path}:${positionAt(plan.file, plan.span.start).line}`;
  const ofRow = row ? [`row ${row.number}: ${row.label}`] : [];
  const ofRole = role === undefined ? [] : [role];
  const head = [plan.name, place, ...ofRow, ...ofRole, selection ? 'chosen steps only' : ''].filter(
    (part) => part !== '',
  );
  const title = context.mask(head.join('   '));
  if (plan.skip !== undefined) return [context.mask(`${title}   skipped: ${plan.skip}`)];
  const chosen = chooseSteps(plan, selection);
  const phases = PHASES.flatMap((phase) => {
    const steps = chosen[phase].flatMap((step) => describeStep(step, { ...context, indent: 2 }));
    return steps.length === 0 ? [] : [` ${phase}`, ...steps];
  });
  return [title, ...phases];
}
