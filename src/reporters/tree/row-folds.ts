import type { FlowAbout } from '../../model/flow-about.ts';
import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import { writeRanges } from '../fold/failure-groups.ts';
import { markOf } from '../output/outcome.ts';
import { nameOfFlow } from '../output/problem-text.ts';
import { cleanLine, cutTo } from '../output/text.ts';
import type { TreeContext } from './context.ts';

/** What rows of a flow that need no lines of their own came to: they passed, failed as others above, or were not reached. */
export type RowFold = 'passed' | 'alike' | 'unreached';

const OUTCOMES = { passed: 'passed', alike: 'failed', unreached: 'skipped' } as const;
const WORDS = { passed: 'passed', alike: 'failed as above', unreached: 'not reached' } as const;

const MAX_RANGES = 60;

interface Folded {
  readonly key: string;
  readonly about: FlowAbout;
  readonly rows: Readonly<Record<RowFold, number[]>>;
  durationMs: number;
}

/** Folds rows that follow each other into a line, or two. */
export class RowFolds {
  readonly #context: TreeContext;
  readonly #write: (lines: readonly string[]) => void;
  #folded: Folded | undefined;

  constructor(context: TreeContext, write: (lines: readonly string[]) => void) {
    this.#context = context;
    this.#write = write;
  }

  add(fold: RowFold, about: FlowAbout, durationMs: number): void {
    const key = JSON.stringify([about.file, about.id]);
    if (this.#folded?.key !== key) this.flush();
    this.#folded ??= { key, about, rows: { passed: [], alike: [], unreached: [] }, durationMs: 0 };
    this.#folded.rows[fold].push(about.row ?? 0);
    this.#folded.durationMs += durationMs;
  }

  /** Writes the lines of those that are folded. */
  flush(): void {
    const folded = this.#folded;
    this.#folded = undefined;
    if (!folded || this.#context.verbosity < 0) return;
    const { about, rows, durationMs } = folded;
    const facts = [`${cleanLine(nameOfFlow(about))}   ${cleanLine(about.file)}`, formatDuration(durationMs)];
    const kinds = ['passed', 'alike', 'unreached'] as const;
    this.#write(['', ...kinds.flatMap((kind) => this.#describe(kind, rows[kind], facts))]);
  }

  #describe(fold: RowFold, rows: readonly number[], [name = '', time = '']: readonly string[]): readonly string[] {
    if (rows.length === 0) return [];
    const mark = markOf(OUTCOMES[fold], this.#context.paint);
    const ranges = cutTo(writeRanges([...new Set(rows)]).replaceAll(',', ', '), MAX_RANGES);
    const what = `${countOf(rows.length, 'row')} ${WORDS[fold]}: ${ranges}`;
    return [` ${mark} ${[name, what, time].join('   ')}`];
  }
}
