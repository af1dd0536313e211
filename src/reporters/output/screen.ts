import { hideWorkflowCommands } from '../../util/workflow-commands.ts';
import { cutTo, measureWidth } from './text.ts';

/** A place for lines, never begun with an empty one nor with two in a row, below which a line about the running step is redrawn where a terminal shows it. */
export interface Screen {
  /** Whether there is a terminal to show a running step on. */
  readonly isLive: boolean;
  /** Writes whole lines. */
  writeLines(lines: readonly string[]): void;
  /** Shows, or replaces, the line about what runs now; without a terminal nothing. */
  showRunning(describe: () => string): void;
  hideRunning(): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Makes a screen of a sink; the spinner turns with each thing that is reported, so it needs no timer. */
export function createScreen(target: { write(text: string): void; isTty: boolean; columns: number }): Screen {
  let drawnWidth = 0;
  let frame = 0;
  let isAfterBlank = true;
  const erase = () => {
    const text = drawnWidth === 0 ? '' : `\r${' '.repeat(drawnWidth)}\r`;
    drawnWidth = 0;
    return text;
  };
  return {
    isLive: target.isTty,
    writeLines(lines) {
      let text = '';
      for (const line of lines) {
        if (line !== '' || !isAfterBlank) text += `${hideWorkflowCommands(line.trimEnd())}\n`;
        isAfterBlank = line === '';
      }
      if (text !== '') target.write(erase() + text);
    },
    showRunning(describe) {
      if (!target.isTty) return;
      // One column stays free: a full line would wrap, and a wrapped line cannot be redrawn with \r.
      const line = cutTo(`   ${FRAMES[frame++ % FRAMES.length]} ${describe()}`, Math.max(10, target.columns - 1));
      const cleared = erase();
      drawnWidth = measureWidth(line);
      target.write(`${cleared}${line}`);
    },
    hideRunning() {
      if (drawnWidth > 0) target.write(erase());
    },
  };
}
