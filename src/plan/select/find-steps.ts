import { judgesItsStep } from '../../model/action/definition.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { positionAt } from '../../model/source-file.ts';
import { listNested, listPhases, toPlanAddress } from '../../model/walk-steps.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { CODES } from '../read/findings.ts';

/** The addresses that an id, an address or a pattern with `*` means: of the flow's own steps first, then of those inside others. */
export function findAddresses(flow: FlowPlan, word: string): readonly string[] {
  const steps = listOwnFirst(flow);
  if (word.includes('*')) return findMatching(flow, word);
  const own = findOwn(flow, word);
  if (own) return [own.address];
  const planAddress = toPlanAddress(word);
  const inside = listInside(steps);
  const named = inside.find(({ step }) => step.address === planAddress);
  const alike = inside.filter(({ step }) => step.id === word);
  const found = named ?? (alike.length === 1 ? alike[0] : undefined);
  if (!found) return [];
  // A look is its poll's to judge: the poll runs, and its other looks with it.
  return [found.judge?.address ?? (named ? word : found.step.address)];
}

/** The flow's own step with an id or address; its own phase is meant first. */
export function findOwn(flow: FlowPlan, word: string): StepPlan | undefined {
  const steps = listOwnFirst(flow);
  return steps.find((step) => step.address === word) ?? steps.find((step) => step.id === word);
}

/** The address of the innermost step that is written on a line of the flow's file. */
export function findAtLine(flow: FlowPlan, line: number): string | undefined {
  const found = listNested(listOwnFirst(flow)).findLast(({ step: { extent } }) => {
    if (extent?.file !== flow.file) return false;
    const first = positionAt(extent.file, extent.start).line;
    return first <= line && line <= lastLineOf(extent);
  });
  return found && (found.around.find(({ action }) => judgesItsStep(action)) ?? found.step).address;
}

/** Where no step is written. */
export function describeNoStepAt(flow: FlowPlan, line: number): Diagnostic {
  const lines = listPhases(flow).flatMap(({ extent, address }) =>
    extent ? [{ address, line: positionAt(extent.file, extent.start).line }] : [],
  );
  const nearest = lines.toSorted((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line))[0];
  return {
    severity: 'error',
    code: CODES.unknownStep,
    message: `line ${line} is not a part of a step in "${flow.name}"`,
    path: flow.file.path,
    help: nearest ? [`the nearest is \`${nearest.address}\`: ${flow.file.path}:${nearest.line}`] : [],
  };
}

/** A word that means no step of the flow. */
export function describeUnknownStep(word: string, flow: FlowPlan): Diagnostic {
  const steps = listOwnFirst(flow);
  const isPattern = word.includes('*');
  const addresses = steps.map((step) => step.address);
  const nearest = findNearest(word.replaceAll('*', ''), [...addresses, ...steps.map((step) => step.id)]);
  const help = /\.ya?ml:\d+/.test(word)
    ? `a line is given as a path, without \`--only\`: testmesh run ${word}`
    : nearest
      ? `did you mean \`${nearest}\`?`
      : `the flow has the steps ${listNames(addresses, 20)}`;
  return {
    severity: 'error',
    code: CODES.unknownStep,
    message: isPattern
      ? `no step of "${flow.name}" fits \`${word}\``
      : `there is no step \`${word}\` in "${flow.name}"`,
    path: flow.file.path,
    help: [help],
  };
}

/** Of its own phase an id is meant first, then of what goes before and after. */
function listOwnFirst({ steps, setup, teardown }: FlowPlan): readonly StepPlan[] {
  return [...steps, ...setup, ...teardown];
}

interface Inside {
  readonly step: StepPlan;
  /** The outermost control around it that judges what it does. */
  readonly judge: StepPlan | undefined;
}

function listInside(steps: readonly StepPlan[]): readonly Inside[] {
  return listNested(steps).flatMap(({ step, around }) =>
    around.length === 0 ? [] : [{ step, judge: around.find(({ action }) => judgesItsStep(action)) }],
  );
}

/** A `*` stands for any letters, but not for the `>` or `/` of an address. */
function findMatching(flow: FlowPlan, pattern: string): readonly string[] {
  const steps = listOwnFirst(flow);
  const rounds = pattern.replaceAll('[*]', '');
  const fits = toTest(toPlanAddress(rounds));
  const place = (address: string): string => withPositions(address, rounds);
  const own = steps.filter(({ address }) => fits(address));
  const byId = own.length > 0 ? own : steps.filter(({ id }) => fits(id));
  if (byId.length > 0) return byId.map(({ address }) => address);
  const inside = listInside(steps);
  const named = inside.filter(({ step }) => fits(step.address));
  const found = named.length > 0 ? named : inside.filter(({ step }) => fits(step.id));
  return [...new Set(found.map(({ step, judge }) => judge?.address ?? place(step.address)))];
}

function toTest(pattern: string): (text: string) => boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const test = new RegExp(`^${parts.join('[^>/]*')}$`);
  return (text) => test.test(text);
}

/** An address with the positions in loops that a pattern for it has. */
function withPositions(address: string, pattern: string): string {
  const given = pattern.split('>').map((part) => part.slice(toPlanAddress(part).length));
  return address
    .split('>')
    .map((part, at) => part + (given[at] ?? ''))
    .join('>');
}

/** What is written may end with the line break behind it. */
function lastLineOf({ file, start, end }: NonNullable<StepPlan['extent']>): number {
  const text = file.text.slice(start, end).trimEnd();
  return positionAt(file, start + Math.max(0, text.length - 1)).line;
}
