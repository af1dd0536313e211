import { DocumentError } from '../../contract/document/document-error.ts';
import { DiagnosticError } from '../../model/diagnostic.ts';
import type { Location, Problem } from '../../model/events.ts';
import { toLocation } from '../../model/location.ts';
import { countOf } from '../../util/count.ts';
import type { StubRequest } from './received.ts';

/** What follows an answer, and where it is written. */
export interface FollowUpPlace {
  readonly name: string;
  readonly route: string;
  readonly location: Location;
}

const MAX_PROBLEMS = 10;

/** What went wrong in a stub while others used it: reported before the verdict, each cause once. */
export class StubErrors {
  readonly #problems = new Map<string, { problem: Problem; count: number }>();
  readonly #onFirst: ((problem: Problem) => void) | undefined;

  /** `onFirst` hears of each cause when it is met first. */
  constructor(onFirst?: (problem: Problem) => void) {
    this.#onFirst = onFirst;
  }

  /** A request could not be answered as its route says. */
  add({ method, path, matched_route }: StubRequest, error: unknown): void {
    const span = error instanceof DiagnosticError ? error.diagnostic.span : undefined;
    const message = `the stub could not answer ${matched_route ?? `${method} ${path}`}: ${messageOf(error)}`;
    if (!(error instanceof DocumentError)) {
      this.#note({ outcome: 'errored', kind: 'stub', message, location: span && toLocation(span) });
      return;
    }
    const location = error.span && toLocation(error.span);
    this.#note({ outcome: 'errored', kind: 'authoring', message, location, hints: error.help });
  }

  /** What a route does after its answer did not succeed. */
  addFollowUp({ name, route, location }: FollowUpPlace, error: unknown): void {
    const message = `\`then\` of the route ${route}: ${name} failed: ${messageOf(error)}`;
    this.#note({ outcome: 'errored', kind: 'stub', message, location });
  }

  /** An answer promises what the service does not. */
  addContradiction(problem: Problem | undefined): void {
    if (problem) this.#note(problem);
  }

  list(): readonly Problem[] {
    return [...this.#problems.values()].map(({ problem, count }) =>
      count === 1
        ? problem
        : { ...problem, hints: [...(problem.hints ?? []), `it happened ${countOf(count, 'time')}`] },
    );
  }

  #note(problem: Problem): void {
    const known = this.#problems.get(problem.message);
    if (known) known.count++;
    if (known || this.#problems.size >= MAX_PROBLEMS) return;
    this.#problems.set(problem.message, { problem, count: 1 });
    this.#onFirst?.(problem);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
