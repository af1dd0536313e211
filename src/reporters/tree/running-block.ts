import type { OutcomeCounts } from '../../model/events.ts';
import { formatDuration } from '../../util/duration.ts';
import { describeCounts } from '../output/outcome.ts';
import { FRAMES, fitBlock, type LiveTerminal } from '../output/screen.ts';
import { cleanLine, cutTo, measureWidth, padTo } from '../output/text.ts';

/** A flow that runs. */
export interface RunningFlow {
  readonly name: string;
  /** By the clock of the terminal, ms. */
  readonly startedAt: number;
  /** The step that began last, and what it waits for. */
  readonly step: string;
}

/** What a run has come to. */
export interface RunSoFar {
  readonly running: readonly RunningFlow[];
  /** Of flows that are over. */
  readonly ended: OutcomeCounts;
  /** How many flows there are; undefined where nobody knows. */
  readonly flowCount: number | undefined;
  readonly startedAt: number;
}

const FRAME_MS = 100;
const LEAST_ROWS = 3;

/** What runs, a line for each flow with how long it has run and what it waits for, and a last line with the counts; at most half of the terminal. */
export function renderRunning(
  { running, ended, flowCount, startedAt }: RunSoFar,
  live: LiveTerminal,
): readonly string[] {
  const now = live.now();
  const most = Math.max(LEAST_ROWS, Math.floor(live.rows / 2)) - 1;
  const shown = running.length > most ? running.slice(0, most - 1) : running;
  const names = shown.map(({ name }) => cutTo(cleanLine(name), Math.floor(fitBlock(live.columns) / 3)));
  const width = Math.max(0, ...names.map(measureWidth));
  const frame = FRAMES[Math.floor(now / FRAME_MS) % FRAMES.length];
  const lines = shown.map(({ startedAt: since, step }, at) => {
    const elapsed = formatElapsed(now - since).padStart(7);
    return `   ${frame} ${elapsed}  ${padTo(names[at] ?? '', width)}   ${step}`.trimEnd();
  });
  const rest = running.length - shown.length;
  const overCount = ended.passed + ended.failed + ended.errored + ended.skipped;
  const over = `${overCount}${flowCount === undefined ? '' : ` of ${flowCount}`} flows are over`;
  const counts = overCount === 0 ? '' : `: ${describeCounts(ended, 0)}`;
  return [
    ...lines,
    ...(rest > 0 ? [`     … and ${rest} more`] : []),
    `   ${over}${counts}   ${running.length} run   ${formatElapsed(now - startedAt)}`,
  ];
}

/** Tenths of a second, so that it counts evenly. */
function formatElapsed(ms: number): string {
  return ms < 60_000 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : formatDuration(Math.floor(ms / 1000) * 1000);
}
