import type { PausedAt } from '../../engine/lifetimes/pause.ts';
import { ExprError, type Value } from '../../expr/index.ts';
import type { StepPlan } from '../../model/plan.ts';
import { positionAt } from '../../model/source-file.ts';
import { BUILTIN_NAMES } from '../../plan/read/builtin-names.ts';
import { cleanLine } from '../../reporters/output/text.ts';
import { hideByName, MASK } from '../../util/hidden-fields.ts';
import { writeReadable } from '../commands/eval-values.ts';

export const HELP =
  'n next, c continue, r run the last step again as it is written now, p <expr> evaluate, v variables, s name=value set, l list, q quit';

const LONGEST_VALUE = 100;
/** Names that everything has, of which nobody asks for a list. */
const BUILT_IN: ReadonlySet<string> = new Set([...BUILTIN_NAMES.keys(), 'steps']);

/** Where the run stands. */
export function describePause({ steps, next, last }: PausedAt): string {
  const before = steps[next - 1];
  const now = steps[next];
  const isBad = last === 'failed' || last === 'errored';
  const ended = isBad && before ? ` ✗ ${placeOf(before)} ${last}: r runs it again after an edit, n goes on\n` : '';
  return `${ended}${now && !isBad ? ` → ${placeOf(now)}\n` : ''}`;
}

/** The steps around it, those that ran and those that come. */
export function listSteps({ steps, next }: PausedAt): string {
  const lines = steps.map((step, at) => `   ${at < next ? '·' : at === next ? '→' : ' '} ${placeOf(step)}\n`);
  return lines.join('');
}

/** The variables and results that are known here, each on a line. */
export function listVariables(at: PausedAt): string {
  const names = [...at.env.keys()].filter((name) => !BUILT_IN.has(name)).sort();
  const lines = names.flatMap((name) => {
    const value = at.env.get(name);
    return value === undefined ? [] : [`   ${name} = ${shorten(show(at, value, name))}\n`];
  });
  return lines.length > 0 ? lines.join('') : '   none\n';
}

/** A value as people read it, without the secrets in it. */
export function show(at: PausedAt, value: Value, name: string): string {
  const shown = at.isSecretName(name) ? MASK : (hideByName(name, value) as Value);
  return at.maskText(writeReadable(shown));
}

/** Why an expression has no value. */
export function describeError(at: PausedAt, error: unknown): string {
  if (!(error instanceof ExprError)) throw error;
  const hint = error.hint === undefined ? '' : `\n     = ${error.hint}`;
  return at.maskText(`   ${error.message}${hint}\n`);
}

function placeOf({ address, span, action }: StepPlan): string {
  return `${address}   ${span.file.path}:${positionAt(span.file, span.start).line}   ${action.name}`;
}

function shorten(text: string): string {
  const line = cleanLine(text.replaceAll(/\s*\n\s*/g, ' '));
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE)}…` : line;
}
