import type { Detail, Problem } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import type { StartSettings } from './stub-settings.ts';
import type { StubView } from './stub-view.ts';
import { listUnmatched } from './unmatched.ts';

/** What was wrong with a stub, as far as a view knows: answers that could not be made, requests that no route took. */
export async function judgeView(
  view: StubView,
  { unmatched }: StartSettings,
  name: string,
): Promise<readonly Problem[]> {
  await view.followUps.settle();
  const problems = view.errors.list();
  const lines = listUnmatched(view);
  if (unmatched !== 'fail' || lines.length === 0) return problems;
  const message = `${name}: ${countOf(view.unmatched.count, 'request')} matched no route`;
  return [...problems, { outcome: 'failed', kind: 'expectation', message, hints: lines }];
}

/** What follows answers and was not done by the end of the flow; and the requests that no route took, where they are no failure and nothing else answers them. */
export function describeView(view: StubView, { unmatched, fallback }: StartSettings, name: string): readonly Detail[] {
  const details: Detail[] = [];
  if (unmatched !== 'fail' && !fallback && view.unmatched.count > 0) {
    const title = `${name}: ${countOf(view.unmatched.count, 'request')} matched no route`;
    details.push({ title, lines: listUnmatched(view) });
  }
  const lines = view.followUps.list();
  if (lines.length > 0) details.push({ title: `${name}: still to come of \`then\` when the flow was over`, lines });
  return details;
}
