import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Selection } from '../../model/inputs.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { listPhases, toPlanAddress } from '../../model/walk-steps.ts';
import { CODES } from '../read/findings.ts';
import { describeNoStepAt, describeUnknownStep, findAddresses, findAtLine, findOwn } from './find-steps.ts';

/** Which steps are asked for: some of them, or a range, and not those that are left out. */
export interface SelectOptions {
  /** Ids, addresses or patterns, as given with `--only`. */
  readonly ids: readonly string[];
  /** Lines of the flow's file, each in a step. */
  readonly lines?: readonly number[] | undefined;
  /** The first and the last of a range of the flow's own steps. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Ids, addresses or patterns of those that are left out. */
  readonly skip?: readonly string[] | undefined;
  readonly withSetup: boolean;
  readonly withTeardown: boolean;
}

/** What is asked for of a flow. */
export interface SelectedSteps {
  readonly selection: Selection;
  /** Words that the flow has no step for: another flow may have one, and this one does not run. */
  readonly unknown: readonly Diagnostic[];
  /** Words of `skip` that it has no step for, and needs none. */
  readonly unknownSkips: ReadonlyMap<string, Diagnostic>;
  /** What is wrong in any case. */
  readonly mistakes: readonly Diagnostic[];
}

type Chosen = Omit<SelectedSteps, 'unknownSkips'>;

/** Which steps of a flow are meant. */
export function selectSteps(flow: FlowPlan, options: SelectOptions): SelectedSteps {
  const { lines = [], skip = [] } = options;
  const isChosen = options.ids.length > 0 || lines.length > 0;
  const wanted = isChosen ? chooseSome(flow, options) : chooseRange(flow, options);
  const skipped = new Set<string>();
  const unknownSkips = new Map<string, Diagnostic>();
  const mistakes = [...wanted.mistakes];
  for (const word of skip) {
    const found = findAddresses(flow, word);
    if (found.length === 0) unknownSkips.set(word, describeUnknownStep(word, flow));
    const inRound = found.find((address) => toPlanAddress(address) !== address);
    if (inRound !== undefined) mistakes.push(describeRoundSkip(inRound, flow));
    for (const address of found) skipped.add(address);
  }
  const selection = { ...wanted.selection, skipped: skipped.size === 0 ? undefined : skipped };
  const { addresses } = wanted.selection;
  if (addresses.size > 0 && [...addresses].every((one) => skipped.has(one))) mistakes.push(describeNothingLeft(flow));
  return { selection, unknown: wanted.unknown, unknownSkips, mistakes };
}

function chooseSome(flow: FlowPlan, options: SelectOptions): Chosen {
  const { ids, lines = [], withSetup, withTeardown } = options;
  const addresses = new Set<string>();
  const unknown: Diagnostic[] = [];
  for (const id of ids) {
    const found = findAddresses(flow, id);
    for (const address of found) addresses.add(address);
    if (found.length === 0) unknown.push(describeUnknownStep(id, flow));
  }
  for (const line of lines) {
    const address = findAtLine(flow, line);
    if (address !== undefined) addresses.add(address);
    else unknown.push(describeNoStepAt(flow, line));
  }
  return { selection: { addresses, withSetup, withTeardown }, unknown, mistakes: [] };
}

/** Setup goes before a range of steps, and teardown behind it, as in a whole run. */
function chooseRange(flow: FlowPlan, { from, to }: SelectOptions): Chosen {
  const steps = [...flow.setup, ...flow.steps];
  const unknown: Diagnostic[] = [];
  const mistakes: Diagnostic[] = [];
  const find = (flag: string, word: string | undefined): StepPlan | undefined => {
    const step = word === undefined ? undefined : findOwn(flow, word);
    if (word === undefined || (step && step.phase !== 'teardown')) return step;
    const isUnknown = !step && findAddresses(flow, word).length === 0;
    if (isUnknown) unknown.push(describeUnknownStep(word, flow));
    else mistakes.push(describeNoEnd(flag, word, flow));
    return undefined;
  };
  const first = find('--from', from);
  const last = find('--to', to);
  const start = first ? steps.indexOf(first) : 0;
  const end = last ? steps.indexOf(last) : steps.length - 1;
  if (first && last && end < start) mistakes.push(describeBackwards(first, last, flow));
  const inRange = steps.slice(start, end + 1);
  const withSetup = first?.phase !== 'setup' && last?.phase !== 'setup';
  const chosen = withSetup ? inRange.filter(({ phase }) => phase === 'steps') : inRange;
  const addresses = new Set(chosen.map(({ address }) => address));
  return { selection: { addresses, withSetup, withTeardown: true, isRange: true }, unknown, mistakes };
}

function describeNoEnd(flag: string, word: string, flow: FlowPlan): Diagnostic {
  const own = findOwn(flow, word);
  if (own) {
    return explain(flow, `\`${flag} ${word}\` names a step of teardown, which runs behind any range`, [
      `run it alone: --only ${own.address}`,
    ]);
  }
  const [inside = word] = findAddresses(flow, word);
  const top = toPlanAddress(inside.split('>')[0] ?? inside);
  return word.includes('*')
    ? explain(flow, `\`${flag} ${word}\` fits several steps, and a range ends with one`, [`name one: ${flag} ${top}`])
    : explain(flow, `\`${flag} ${word}\` names a step inside of \`${top}\`, and a range is of the flow's own steps`, [
        `write \`${flag} ${top}\`, or run it alone: --only '${inside}'`,
      ]);
}

function describeBackwards(first: StepPlan, last: StepPlan, flow: FlowPlan): Diagnostic {
  return explain(flow, `\`--to ${last.address}\` stands before \`--from ${first.address}\``, [
    `write --from ${last.address} --to ${first.address}`,
  ]);
}

function describeRoundSkip(address: string, flow: FlowPlan): Diagnostic {
  return explain(flow, `\`--skip ${address}\` names one round of a loop, and a step is left out of all`, [
    `write --skip '${toPlanAddress(address)}', or choose the rounds that run with \`--only\``,
  ]);
}

function describeNothingLeft(flow: FlowPlan): Diagnostic {
  return explain(flow, `\`--skip\` leaves no step of "${flow.name}"`, [
    `leave out fewer of its ${listPhases(flow).length} steps`,
  ]);
}

function explain(flow: FlowPlan, message: string, help: readonly string[]): Diagnostic {
  return { severity: 'error', code: CODES.unknownStep, message, path: flow.file.path, help };
}
