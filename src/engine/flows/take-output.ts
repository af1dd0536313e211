import { CaptureError } from '../../capture/capture-error.ts';
import { type Env, ExprError, type Host, setKey, type Value } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import { toLocation } from '../../model/location.ts';
import type { CapturePlan } from '../../model/plan.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import { rankExpressionError } from '../outcome/problems.ts';
import { takeValue } from '../outcome/take-value.ts';
import { describeThrown } from '../outcome/thrown.ts';

/** What a flow gives to others. */
export interface Output {
  readonly output: Readonly<Record<string, Value>>;
  readonly failures: readonly Problem[];
  readonly notes: readonly string[];
}

/** Makes what a flow's own `output` names; what is secret of it is masked from then on. */
export function takeNamedOutput(
  plans: readonly CapturePlan[],
  { env, ledger, host }: { env: Env; ledger: Ledger; host: Host },
): Output {
  const output: { [name: string]: Value } = {};
  const failures: Problem[] = [];
  const notes = new Set<string>();
  const onRemark = (text: string): void => void notes.add(text);
  for (const capture of plans) {
    try {
      const take = (): Value => capture.extract({}, env, host);
      setKey(output, capture.name, capture.reads ? takeValue(capture.reads, take, { env, host, onRemark }) : take());
    } catch (error) {
      failures.push(describeMissing(capture, error));
    }
    if (capture.secret) ledger.secrets.add(output[capture.name] ?? null);
  }
  return { output, failures, notes: [...notes] };
}

function describeMissing({ name, text }: CapturePlan, error: unknown): Problem {
  if (!(error instanceof CaptureError) && !(error instanceof ExprError)) return describeThrown(error).problem;
  const message = `the output \`${name}\` cannot be made: ${error.message}`;
  const rank = rankExpressionError(error, { outcome: 'errored', kind: 'capture' });
  return { ...rank, message, location: toLocation(text.span) };
}
