import type { Terminal } from '../process/terminal.ts';

/** Somebody at the terminal, who answers questions a line each. */
export interface Asker {
  /** The line that is typed; undefined where nobody is there to answer. */
  ask(question: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Asks on a terminal; elsewhere nobody answers. */
export function createAsker(terminal: Terminal): Asker {
  const chunks = terminal.isTty ? terminal.input?.[Symbol.asyncIterator]() : undefined;
  let text = '';
  return {
    async ask(question) {
      if (!chunks) return undefined;
      terminal.writeError(question);
      while (!text.includes('\n')) {
        const next = await chunks.next();
        if (next.done) return undefined;
        text += Buffer.from(next.value).toString();
      }
      const line = text.slice(0, text.indexOf('\n'));
      text = text.slice(line.length + 1);
      return line.trim();
    },
    // What is open keeps the process.
    close: async () => void (await chunks?.return?.()),
  };
}

/** Whether somebody says yes. */
export async function confirm(question: string, terminal: Terminal): Promise<boolean> {
  const asker = createAsker(terminal);
  try {
    return /^y(?:es)?$/i.test((await asker.ask(`${question} [y/N] `)) ?? '');
  } finally {
    await asker.close();
  }
}
