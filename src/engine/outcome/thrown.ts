import { ExprError, type Value } from '../../expr/index.ts';
import { ActionError } from '../../model/action/outcome.ts';
import { toQuotes } from '../../model/clues.ts';
import { DiagnosticError } from '../../model/diagnostic.ts';
import type { Detail, Problem } from '../../model/events.ts';
import { StopError } from '../../stop/stop-error.ts';
import { describeBug, describeDiagnostic, rankExpressionError } from './problems.ts';

/** What is known of an error that ended an action. */
export interface Thrown {
  readonly problem: Problem;
  readonly details: readonly Detail[];
  readonly data: Readonly<Record<string, Value>>;
  /** `action`: it could not be carried out; `flow`: it was not even tried; `bug`: an error of testmesh. */
  readonly source: 'action' | 'flow' | 'bug';
}

/** Makes a problem of what was thrown. */
export function describeThrown(error: unknown): Thrown {
  if (error instanceof ActionError) {
    return { problem: error.problem, details: error.details, data: error.data, source: 'action' };
  }
  const problem = describeForeseen(error);
  return { problem: problem ?? describeBug(error), details: [], data: {}, source: problem ? 'flow' : 'bug' };
}

function describeForeseen(error: unknown): Problem | undefined {
  if (error instanceof StopError) return describeStop(error);
  if (error instanceof DiagnosticError) return describeDiagnostic(error);
  if (!(error instanceof ExprError)) return undefined;
  const rank = rankExpressionError(error, { outcome: 'errored', kind: 'placeholder' });
  return { ...rank, message: error.message, clues: toQuotes([error.hint]) };
}

/** The problem of what was ended before it was done. */
export function describeStop(stop: StopError, peer?: string): Problem {
  const isTimeout = stop.kind === 'timeout' || stop.kind === 'flow_timeout' || stop.kind === 'teardown_timeout';
  const message = peer === undefined ? stop.message : `${stop.message}, waiting for ${peer}`;
  return { outcome: 'errored', kind: isTimeout ? 'timeout' : stop.kind, message, signal: stop.signal };
}
