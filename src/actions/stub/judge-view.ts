import type { LastingIo } from '../../model/companions/run-services.ts';
import type { Detail, Problem } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import type { StartSettings } from './stub-settings.ts';
import type { StubView } from './stub-view.ts';
import { listUnmatched } from './unmatched.ts';

/** What was wrong with a stub, as far as a view knows: answers that could not be made, requests that no route took. */
export async function judgeView(
  view: StubView,
  { unmatched }: StartSettings,
  { name, step }: { readonly name: string } & Pick<LastingIo, 'step'>,
): Promise<readonly Problem[]> {
  await view.followUps.settle();
  const problems = view.errors
    .list()
    .map((problem) => (problem.location ? problem : { ...problem, location: step.locate([]) }));
  const lines = listUnmatched(view);
  if (unmatched !== 'fail' || lines.length === 0) return problems;
  const message = `${name}: ${countOf(view.unmatched.count, 'request')} matched no route`;
  return [
    ...problems,
    { outcome: 'failed', kind: 'expectation', message, location: step.locate(['unmatched']), hints: lines },
  ];
}

/** What people should know of a stub: requests that no route took, where they are no failure, and that may have been meant for this flow; what follows answers and was not done by its end. */
export function describeView(view: StubView, { unmatched, fallback }: StartSettings, name: string): readonly Detail[] {
  const details: Detail[] = [];
  if (unmatched !== 'fail' && !fallback && view.unmatched.count > 0) {
    const title = `${name}: ${countOf(view.unmatched.count, 'request')} matched no route`;
    details.push({ title, lines: listUnmatched(view) });
  }
  const doubted = view.routes.flatMap((route) => route.doubts.map((text) => `${route.name}: ${text}`));
  if (doubted.length > 0)
    details.push({ title: `${name}: \`where\` took requests for want of what it reads`, lines: doubted });
  if (view.missed > 0) {
    const title = `${name}: ${countOf(view.missed, 'request')} without the trace of a flow came while other flows ran too`;
    const what =
      'answered by the routes of the stub itself, not by those that this flow set: whose it was cannot be known';
    const how =
      'a service that passes on the header `traceparent` is told apart; flows with one word under `serial:` never run at the same time';
    details.push({ title, lines: [what, how] });
  }
  const lines = view.followUps.list();
  if (lines.length > 0) details.push({ title: `${name}: still to come of \`then\` when the flow was over`, lines });
  return details;
}
