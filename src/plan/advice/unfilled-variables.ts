import type { PlannedFlow } from '../flow/plan-flow.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { describeUnfilled } from '../read/unfilled.ts';

/** Warns of variables of a dotenv file that the flow reads, and that hold a placeholder which nothing fills in. */
export function warnUnfilledVariables(
  { declared, secrets }: PlannedFlow,
  { used, given }: { readonly used: ReadonlySet<string>; readonly given: ReadonlySet<string> },
  findings: Findings,
): void {
  for (const { name, unfilled } of declared) {
    if (!unfilled || !used.has(name) || given.has(name)) continue;
    if (declared.findLast((other) => other.name === name)?.unfilled !== unfilled) continue;
    const { message, help } = describeUnfilled(name, unfilled.text, secrets);
    findings.warn(CODES.unfilled, message, unfilled.span, [help]);
  }
}
