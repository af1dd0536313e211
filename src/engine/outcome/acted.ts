import type { ActionOutcome } from '../../model/action/outcome.ts';
import type { Skip } from '../../model/events.ts';
import type { Services } from '../lifetimes/services.ts';
import type { ChildrenEnd } from '../run/child-runner.ts';
import { NO_CHILDREN } from './no-children.ts';
import { describeThrown, type Thrown } from './thrown.ts';

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

/** Of a step of which nothing is done. */
export function skipActed(skip: Skip): Acted {
  return { kind: 'done', outcome: { result: {}, summary: '' }, children: { ...NO_CHILDREN, skip } };
}

/** Says what was thrown; a bug is reported. */
export function describeFailure(error: unknown, { reportBug }: Pick<Services, 'reportBug'>): Failure {
  const thrown = describeThrown(error);
  if (thrown.source === 'bug') reportBug(error);
  return { kind: 'threw', thrown };
}
