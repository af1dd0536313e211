import type { Terminal } from '../process/terminal.ts';

/** Asks a question on the terminal, and gives the line that is typed; undefined where nobody is there to answer. */
export async function ask(question: string, terminal: Terminal): Promise<string | undefined> {
  if (!terminal.isTty || !terminal.input) return undefined;
  terminal.writeError(question);
  let text = '';
  for await (const chunk of terminal.input) {
    text += Buffer.from(chunk).toString();
    if (text.includes('\n')) break;
  }
  return text === '' ? undefined : (text.split('\n')[0] ?? '').trim();
}

/** Whether somebody says yes. */
export async function confirm(question: string, terminal: Terminal): Promise<boolean> {
  return /^y(?:es)?$/i.test((await ask(`${question} [y/N] `, terminal)) ?? '');
}
