import type { Paint } from '../../util/paint.ts';
import type { Again, ReporterOptions, Verbosity } from '../output/options.ts';

/** What the parts of the tree reporter agree on. */
export interface TreeContext {
  readonly paint: Paint;
  readonly verbosity: Verbosity;
  readonly columns: number;
  /** Width to which lines about a step are cut; without a terminal they are long. */
  readonly lineWidth: number;
  readonly again: Again;
  /** How many of the slowest flows are listed. */
  readonly slowest: number;
}

const DEFAULT_COLUMNS = 120;
const FILE_LINE_WIDTH = 400;

/** Fills in what the options leave open. */
export function createTreeContext(options: ReporterOptions, paint: Paint): TreeContext {
  const columns = Math.max(60, options.columns ?? DEFAULT_COLUMNS);
  const lineWidth = options.live ? columns : FILE_LINE_WIDTH;
  const { verbosity = 0, again = { words: [] }, slowest = 0 } = options;
  return { paint, verbosity, columns, lineWidth, again, slowest };
}
