import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowRole } from '../../model/flow-about.ts';
import type { FlowPlan } from '../../model/plan.ts';
import type { AroundFile, AroundFiles } from '../../plan/project/around-flows.ts';
import { CODES } from '../../plan/read/findings.ts';
import { type LoadedPlans, type LoadOptions, loadPlans } from './load-plans.ts';

/** The flows that run once, before and after all others, planned. */
export interface PlannedAround {
  readonly flows: Readonly<Partial<Record<FlowRole, FlowPlan>>>;
  /** What the first of them gives all others. */
  readonly names: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
  /** The names that they read or declare. */
  readonly usedNames: ReadonlySet<string>;
}

/** What of the files is asked for by itself, and what runs around that. */
export function splitAround(
  files: readonly string[],
  around: AroundFiles = {},
): { readonly own: readonly string[]; readonly around: AroundFiles } {
  const { before_all: before, after_all: after } = around;
  const paths = new Set([before?.absolutePath, after?.absolutePath]);
  const own = files.filter((file) => !paths.has(file));
  if (own.length > 0) return { own, around };
  const last = files.filter((file) => file === after?.absolutePath && file !== before?.absolutePath);
  return last.length > 0 ? { own: last, around: before ? { before_all: before } : {} } : { own: files, around: {} };
}

/** Plans the flows around all others, with everything that is wrong with them. */
export function planAround({ before_all, after_all }: AroundFiles, options: LoadOptions): PlannedAround {
  const before = planOne('before_all', before_all, { ...options, isShared: true });
  const names = new Set(before.flow ? listGiven(before.flow) : []);
  const inputs = { ...options.inputs, sharedNames: names };
  const after = planOne('after_all', after_all, { ...options, inputs });
  return {
    flows: { ...(before.flow && { before_all: before.flow }), ...(after.flow && { after_all: after.flow }) },
    names,
    diagnostics: [...before.diagnostics, ...after.diagnostics],
    usedNames: new Set([...before.usedNames, ...after.usedNames]),
  };
}

/** What a flow gives those after it: its `output`, or all that its setup and steps capture. */
function listGiven({ output, setup, steps }: FlowPlan): readonly string[] {
  return output?.map(({ name }) => name) ?? [...setup, ...steps].flatMap(({ provides }) => provides);
}

function planOne(
  role: FlowRole,
  file: AroundFile | undefined,
  options: LoadOptions,
): Pick<LoadedPlans, 'diagnostics' | 'usedNames'> & { readonly flow?: FlowPlan | undefined } {
  if (!file) return { diagnostics: [], usedNames: new Set() };
  const { flows, diagnostics, usedNames } = loadPlans([file.absolutePath], options);
  const [flow] = flows;
  const wrong = flow && describeWrong(role, flows);
  const own: Diagnostic[] = wrong
    ? [{ severity: 'error', code: CODES.wrongValue, message: wrong.message, span: file.span, help: [wrong.help] }]
    : [];
  return { flow, diagnostics: [...diagnostics, ...own], usedNames };
}

function describeWrong(role: FlowRole, flows: readonly FlowPlan[]): { message: string; help: string } | undefined {
  const file = flows[0]?.file.path;
  if (flows.length > 1)
    return {
      message: `\`${role}\` is one flow, and ${file} holds ${flows.length}`,
      help: 'name a flow that calls the others with `run_flow`',
    };
  if (!flows[0]?.rows) return undefined;
  return {
    message: `\`${role}\` runs once, and the flow of ${file} has rows`,
    help: 'leave out its `data`; `for_each` does steps for each of several items',
  };
}
