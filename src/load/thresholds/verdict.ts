import type { SignalName } from '../../stop/stop-error.ts';
import { countUnjudged, type JudgedFacts } from './unjudged.ts';

/** What the exit code of a load follows from. */
export interface VerdictFacts extends JudgedFacts {
  readonly interrupted?: SignalName | undefined;
  /** Why the load did not begin, such as a setup that failed. */
  readonly notBegun?: string | undefined;
  /** Why no capacity was found. */
  readonly withoutCapacity?: Verdict | undefined;
  /** Why what was accepted is not what was done. */
  readonly unreconciled?: string | undefined;
  readonly hasBug: boolean;
}

export type VerdictKind = 'passed' | 'bug' | 'interrupted' | 'threshold' | 'reconcile' | 'checks' | 'nothing';

export interface Verdict {
  readonly kind: VerdictKind;
  /** In a sentence. */
  readonly text: string;
}

/** What a load came to: a signal, then a threshold, then that nothing was done, then what was accepted and not done, then failed checks that no threshold judges. */
export function judgeLoad(facts: VerdictFacts): Verdict {
  const { thresholds, failures, interrupted, notBegun, unreconciled, hasBug, withoutCapacity } = facts;
  if (hasBug) return { kind: 'bug', text: 'a bug in testmesh' };
  if (interrupted) return { kind: 'interrupted', text: `interrupted by ${interrupted}` };
  if (notBegun !== undefined) return { kind: 'nothing', text: notBegun };
  const crossed = thresholds
    .filter(({ passed }) => !passed)
    .map(({ metric, threshold }) => `\`${metric}\` ${threshold}`);
  const [first, second] = crossed;
  if (first !== undefined) {
    const more = second === undefined ? '' : ` and ${crossed.length - 1} more`;
    return { kind: 'threshold', text: `the threshold ${first}${more} is crossed` };
  }
  if (failures.isNothingDone) return { kind: 'nothing', text: 'nothing answered: no step could be carried out' };
  if (withoutCapacity) return withoutCapacity;
  if (unreconciled !== undefined) return { kind: 'reconcile', text: unreconciled };
  const count = countUnjudged(facts);
  if (count > 0)
    return { kind: 'checks', text: `${count} ${count === 1 ? 'step' : 'steps'} failed, and no threshold judges that` };
  return { kind: 'passed', text: 'passed' };
}
