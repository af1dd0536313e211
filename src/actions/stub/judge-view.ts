import type { Detail, Problem } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import type { StartSettings } from './stub-settings.ts';
import type { StubView } from './stub-view.ts';
import { listUnmatched } from './unmatched.ts';

/** What was wrong with a stub, as far as a view knows: answers that could not be made, requests that no route took. */
export function judgeView(view: StubView, { unmatched }: StartSettings, name: string): readonly Problem[] {
  const problems = view.errors.list();
  const lines = listUnmatched(view);
  if (unmatched !== 'fail' || lines.length === 0) return problems;
  const message = `${name}: ${countOf(view.unmatched.count, 'request')} matched no route`;
  return [...problems, { outcome: 'failed', kind: 'expectation', message, hints: lines }];
}

/** The requests that no route took, where they are no failure and nothing else answers them. */
export function describeView(view: StubView, { unmatched, fallback }: StartSettings, name: string): readonly Detail[] {
  if (unmatched === 'fail' || fallback || view.unmatched.count === 0) return [];
  const title = `${name}: ${countOf(view.unmatched.count, 'request')} matched no route`;
  return [{ title, lines: listUnmatched(view) }];
}
