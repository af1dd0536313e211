import type { ActionOutcome } from '../../model/action/outcome.ts';
import type { Services } from '../lifetimes/services.ts';
import { describeThrown, type Thrown } from '../outcome/thrown.ts';
import type { ChildrenEnd } from './child-runner.ts';

/** What an action came to, before anything is expected of it. */
export type Acted =
  | {
      readonly kind: 'done';
      readonly outcome: ActionOutcome;
      readonly children: ChildrenEnd;
    }
  | Failure;

/** What was thrown before or by an action. */
export interface Failure {
  readonly kind: 'threw';
  readonly thrown: Thrown;
  readonly children?: ChildrenEnd | undefined;
}

/** Says what was thrown; a bug is reported. */
export function describeFailure(error: unknown, { reportBug }: Pick<Services, 'reportBug'>): Failure {
  const thrown = describeThrown(error);
  if (thrown.source === 'bug') reportBug(error);
  return { kind: 'threw', thrown };
}
