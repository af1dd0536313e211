import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { positionAt } from '../../model/source-file.ts';
import { listPhases, listSteps, toPlanAddress } from '../../model/walk-steps.ts';
import { listNames } from '../../util/suggest.ts';
import { BUILTIN_NAMES } from '../read/builtin-names.ts';
import { type Gives, listSources, placeBeside } from './secret-sources.ts';

/** The addresses with those of all steps that give what these need, so that no earlier run has to. */
export function withSources(flow: FlowPlan, addresses: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const makers = listMakers(flow);
  const add = (address: string): void => {
    if (found.has(address)) return;
    found.add(address);
    for (const source of listSources(flow, address, givesName)) add(placeFor(source.address, address));
    for (const maker of makers(address)) add(maker.address);
  };
  for (const address of addresses) add(address);
  return found;
}

/** Says which steps run besides those that are asked for, and what they leave; undefined when none does. */
export function describeSources(
  flow: FlowPlan,
  { asked, chosen, withTeardown }: { asked: ReadonlySet<string>; chosen: ReadonlySet<string>; withTeardown: boolean },
): string | undefined {
  const added = new Set([...chosen].filter((address) => !asked.has(address)).map(toPlanAddress));
  const steps = listSteps(listPhases(flow)).filter(({ address }) => added.has(address));
  if (steps.length === 0) return undefined;
  const writing = steps.filter((step) => listSteps([step]).some(({ uses }) => uses?.isWriting));
  const first = `\`--with-deps\` also runs ${listNames(
    steps.map(({ address }) => address),
    20,
  )}`;
  if (writing.length === 0) return `${first}, which only read${steps.length === 1 ? 's' : ''}`;
  const places = writing.map(
    ({ address, span }) => `\`${address}\` (${span.file.path}:${positionAt(span.file, span.start).line})`,
  );
  const verb = writing.length === 1 ? 'writes' : 'write';
  const rest = withTeardown
    ? 'teardown runs behind them'
    : 'what they leave stays, for teardown does not run without `--with-teardown`';
  return `${first}; ${joinWords(places)} ${verb}, and ${rest}`;
}

function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

const givesName: Gives = ({ provides, id, address }, name) =>
  provides.includes(name) || id === name || address === name;

/** The step itself, or the outermost one around it when it cannot be reached from where it is needed. */
function placeFor(source: string, address: string): string {
  return placeBeside(source, address) ?? source.split('>')[0] ?? source;
}

/**
 * Variables that differ from run to run lead from what is written to what is read, without a capture between them: for a step that reads
 * one, the flow's own steps before it that read one and write.
 */
function listMakers(flow: FlowPlan): (address: string) => readonly StepPlan[] {
  const volatile = new Set([
    ...flow.declared.filter(({ isVolatile }) => isVolatile).map(({ name }) => name),
    ...[...BUILTIN_NAMES.keys()].filter((name) => name === 'RUN_ID' || name === 'TRACE_ID'),
  ]);
  const all = listSteps(listPhases(flow));
  const own = [...flow.setup, ...flow.steps];
  const reads = (step: StepPlan | undefined): boolean => step?.needs.some(({ name }) => volatile.has(name)) ?? false;
  return (address) => {
    const plan = toPlanAddress(address);
    if (!reads(all.find((step) => step.address === plan))) return [];
    const top = own.findIndex((step) => step.address === plan.split('>')[0]);
    const before = own.slice(0, Math.max(0, top));
    return before.filter((step) => reads(step) && listSteps([step]).some(({ uses }) => uses?.isWriting));
  };
}
