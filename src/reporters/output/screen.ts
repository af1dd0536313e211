import { hideWorkflowCommands } from '../../util/workflow-commands.ts';
import { cutTo, measureWidth } from './text.ts';

/** A place for lines, never begun with an empty one nor with two in a row, below which what runs is redrawn where a terminal shows it. */
export interface Screen {
  /** Whether there is a terminal to show what runs on. */
  readonly isLive: boolean;
  /** Writes whole lines. */
  writeLines(lines: readonly string[]): void;
  /** Shows, or replaces, the line about what runs now; without a terminal nothing. */
  showRunning(describe: () => string): void;
  /** The same with several lines, which stay below all that is written until they are hidden. */
  showBlock(lines: readonly string[]): void;
  hideRunning(): void;
}

/** A terminal on which lines can be drawn again. */
export interface LiveTerminal {
  /** Its width and height by now: people resize it. */
  readonly columns: number;
  readonly rows: number;
  /** ms from an arbitrary start. */
  now(): number;
  /** Calls back after `ms` unless cancelled by the function that it gives. */
  after(ms: number, call: () => void): () => void;
  /** Whether others have begun a line there that is not at its end: a question to whoever sits before it. */
  readonly hasOpenLine: boolean;
  /** Has what is drawn taken away while others write there; undefined: nothing is drawn any more. */
  guard(drawing: Drawing | undefined): void;
}

/** What is drawn below the lines. */
export interface Drawing {
  /** Gives what erases it. */
  erase(): string;
  /** Gives what draws it again, on a line of its own. */
  draw(): string;
}

export const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const LEAST_COLUMNS = 10;
/** Few terminals are narrower. */
const BLOCK_COLUMNS = 80;

/** Makes a screen of a sink; the spinner turns with each thing that is reported, so it needs no timer. */
export function createScreen({ write, live }: { write(text: string): void; live: LiveTerminal | undefined }): Screen {
  /** The widths of the lines that stand there. */
  let drawn: readonly number[] = [];
  let shown: readonly string[] = [];
  let frame = 0;
  let isAfterBlank = true;
  const erase = (): string => {
    const text = eraseLines(drawn, live?.columns ?? 0);
    drawn = [];
    return text;
  };
  const draw = (): string => {
    // One column stays free: a full line would wrap, and a wrapped line is more than one row.
    const width = shown.length > 1 ? fitBlock(live?.columns ?? 0) : (live?.columns ?? 0);
    const lines = shown.map((line) => cutTo(line, Math.max(LEAST_COLUMNS, width) - 1));
    drawn = lines.map(measureWidth);
    return lines.join('\n');
  };
  const show = (lines: readonly string[]): void => {
    shown = lines;
    live?.guard({ erase, draw });
    if (live?.hasOpenLine) return;
    const cleared = erase();
    write(`${cleared}${draw()}`);
  };
  const hide = (): string => {
    shown = [];
    live?.guard(undefined);
    return erase();
  };
  return {
    isLive: live !== undefined,
    writeLines(lines) {
      let text = '';
      for (const line of lines) {
        if (line !== '' || !isAfterBlank) text += `${hideWorkflowCommands(line.trimEnd())}\n`;
        isAfterBlank = line === '';
      }
      if (text === '') return;
      const cleared = shown.length > 1 ? erase() : hide();
      write(`${cleared}${text}${draw()}`);
    },
    showRunning(describe) {
      if (live) show([`   ${FRAMES[frame++ % FRAMES.length]} ${describe()}`]);
    },
    showBlock(lines) {
      if (live) show(lines);
    },
    hideRunning() {
      if (drawn.length > 0 || shown.length > 0) write(hide());
    },
  };
}

/** The width that a block may have: one that becomes narrower breaks no line of it, for what is broken into more rows may leave the screen. */
export function fitBlock(columns: number): number {
  return Math.min(columns, BLOCK_COLUMNS);
}

/** Takes lines away, the cursor behind the last; a terminal that became narrower has broken them into more rows. */
function eraseLines(widths: readonly number[], columns: number): string {
  const [first = 0] = widths;
  if (widths.length === 0) return '';
  if (widths.length === 1 && first < columns) return first === 0 ? '' : `\r${' '.repeat(first)}\r`;
  const rows = widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
  // Line by line: what is cleared from the top of a screen at once goes to the history of some terminals.
  return `\r\u001b[2K${'\u001b[1A\u001b[2K'.repeat(rows - 1)}`;
}
