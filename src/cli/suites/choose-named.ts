import { Budget, compilePattern, ExprError, locatePatternMistake, type Pattern } from '../../expr/index.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { ChoiceFlags } from '../arguments/choice-flags.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';

const SHOWN_NAMES = 10;

/** The flows in whose name or path `--grep` is found, and `--grep-invert` is not. @throws UsageError when a pattern cannot be read, or no flow is left */
export function chooseNamed(
  flows: readonly FlowPlan[],
  { grep, grepInvert }: Pick<ChoiceFlags, 'grep' | 'grepInvert'>,
): readonly FlowPlan[] {
  const wanted = grep === undefined ? undefined : readPattern('--grep', grep);
  const unwanted = grepInvert === undefined ? undefined : readPattern('--grep-invert', grepInvert);
  const named = wanted ? flows.filter((flow) => isFoundIn(wanted, flow)) : flows;
  if (grep !== undefined && named.length === 0 && flows.length > 0) {
    const message = `--grep: neither the name nor the path of a flow has \`${grep}\``;
    throw new UsageError(message, [suggestPattern(grep, flows)], EXIT.nothingMatched);
  }
  const left = unwanted ? named.filter((flow) => !isFoundIn(unwanted, flow)) : named;
  if (left.length === 0 && named.length > 0) {
    const message = `--grep-invert: the name or the path of each flow has \`${grepInvert}\``;
    throw new UsageError(message, [`the flows are ${listFlows(named)}`], EXIT.nothingMatched);
  }
  return left;
}

/** The flows of a suite; all where none is asked for. @throws UsageError when no flow is of it */
export function chooseSuite(flows: readonly FlowPlan[], name: string | undefined): readonly FlowPlan[] {
  if (name === undefined || flows.length === 0) return flows;
  const chosen = flows.filter(({ suite }) => suite === name);
  if (chosen.length > 0) return chosen;
  const known = [...new Set(flows.flatMap(({ suite = [] }) => suite))].sort();
  const nearest = findNearest(name, known);
  const message = `--suite: no flow is of the suite \`${name}\``;
  if (nearest !== undefined) throw new UsageError(message, [`did you mean \`${nearest}\`?`]);
  const help = known.length === 0 ? 'none of them has `suite:`' : `their suites are ${listNames(known, 20)}`;
  throw new UsageError(message, [help], EXIT.nothingMatched);
}

function isFoundIn(pattern: Pattern, { name, file }: FlowPlan): boolean {
  return pattern.test(name, new Budget()) || pattern.test(file.path, new Budget());
}

function readPattern(flag: string, source: string): Pattern {
  try {
    return compilePattern(source);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    const at = locatePatternMistake(source);
    const place = at === undefined ? [] : [`at character ${at + 1} of \`${source}\``];
    throw new UsageError(`${flag}: ${error.message}`, [
      ...place,
      error.hint ?? 'a backslash makes a character literal',
    ]);
  }
}

/** What was meant: the same in other letters, or one of the names that there are. */
function suggestPattern(source: string, flows: readonly FlowPlan[]): string {
  const loose = `(?i)${source}`;
  if (flows.some((flow) => isFoundIn(compilePattern(loose), flow)))
    return `it is there in other letters: write \`${loose}\``;
  return `the flows are ${listFlows(flows)}`;
}

function listFlows(flows: readonly FlowPlan[]): string {
  return listNames(
    flows.map(({ name }) => name),
    SHOWN_NAMES,
  );
}
