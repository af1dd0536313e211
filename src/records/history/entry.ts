import type { Outcome } from '../../model/events.ts';

/** Version of entries; it rises when a reader would have to change. */
export const HISTORY_VERSION = 1;

/** What is kept of one run to compare it with others: outcomes, durations and causes, no values. */
export interface HistoryEntry {
  readonly type: 'history';
  readonly version: typeof HISTORY_VERSION;
  readonly runId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly commit?: string | undefined;
  readonly flows: readonly HistoryFlow[];
}

/** A flow, or a row of one, in one run; of several attempts the last. */
export interface HistoryFlow {
  readonly file: string;
  readonly id: string;
  readonly row?: number | undefined;
  readonly name: string;
  readonly outcome: Outcome;
  /** Whether it passed only when it was tried again. */
  readonly isFlaky?: true | undefined;
  readonly durationMs: number;
  readonly steps: readonly HistoryStep[];
}

export interface HistoryStep {
  readonly address: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** Of one that did not pass, in a line. */
  readonly cause?: string | undefined;
}

/** Whether data is an entry that this version reads. */
export function isHistoryEntry(data: unknown): data is HistoryEntry {
  if (typeof data !== 'object' || data === null) return false;
  const { type, version, runId, startedAt, flows } = data as Partial<HistoryEntry>;
  const isWhole = typeof runId === 'string' && typeof startedAt === 'number' && Array.isArray(flows);
  return type === 'history' && version === HISTORY_VERSION && isWhole && flows.every(isFlow);
}

function isFlow(data: unknown): data is HistoryFlow {
  if (typeof data !== 'object' || data === null) return false;
  const { file, id, name, outcome, durationMs, steps } = data as Partial<HistoryFlow>;
  const hasTexts = [file, id, name, outcome].every((text) => typeof text === 'string');
  return hasTexts && typeof durationMs === 'number' && Array.isArray(steps);
}
