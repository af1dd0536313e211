import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import { childrenAndCleanups, listSteps } from '../../model/walk-steps.ts';
import { CODES, type Findings } from '../read/findings.ts';

const FLAG = '`--discard-response-bodies`';

/** What iterations read of the part of a result that a load leaves out: it would be nil each time. */
export function checkDropped(flows: readonly FlowPlan[], findings: Findings): void {
  for (const flow of flows) {
    const steps = listSteps(flow.steps, childrenAndCleanups);
    const dropping = new Map(
      steps.flatMap((step) => {
        const { dropped } = step.action.result;
        return dropped === undefined ? [] : [[step.id, step] as const];
      }),
    );
    const tell = (span: Span, { id, action }: StepPlan): void =>
      findings.error(
        CODES.wrongValue,
        `\`${action.result.dropped}\` of \`${id}\` is read, and ${FLAG} leaves it out`,
        span,
        [
          'leave out the flag, or what reads it; setup keeps its bodies, and `status`, `headers` and `size` are there anyway',
        ],
      );
    for (const step of dropping.values()) for (const span of listOwnReads(step)) tell(span, step);
    for (const { id, needs } of [...steps, ...flow.teardown])
      for (const { name, path, span } of needs) {
        const of = dropping.get(name);
        if (of && of.id !== id && isDropped(of, path)) tell(span, of);
      }
  }
}

/** Where a step reads it of its own result. */
function listOwnReads(step: StepPlan): readonly Span[] {
  const { dropped = '' } = step.action.result;
  const word = new RegExp(`\\b${dropped}\\b`);
  const asserted = step.assert.filter(({ expression }) =>
    expression.names.some(({ name, path }) => isDropped(step, [name, ...path])),
  );
  const captured = step.output.filter(({ from, text: { text } }) =>
    text.startsWith('$') ? isPathDropped(step, text) : from !== undefined && word.test(text),
  );
  const recorded = (step.record ?? []).filter(({ reads }) => reads.includes(dropped));
  return [
    ...asserted.map(({ text }) => text.span),
    ...captured.map(({ text }) => text.span),
    ...recorded.map(({ span }) => span),
  ];
}

/** Whether a part of the result is it, or in it; the whole may be read for something else. */
function isDropped({ action: { result } }: StepPlan, [first, second]: readonly (string | number)[]): boolean {
  return first === result.dropped || (first === result.whole && second === result.dropped);
}

/** A path that begins with none of the keys of the result leads into it. */
function isPathDropped(step: StepPlan, path: string): boolean {
  const [, first, second] = /^\$\.(\w+)(?:\.(\w+))?/.exec(path) ?? [];
  if (first === undefined) return true;
  return isDropped(step, second === undefined ? [first] : [first, second]) || !(first in step.action.result.keys);
}
