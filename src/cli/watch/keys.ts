import type { TerminalInput } from '../process/terminal.ts';

/** What somebody at the keyboard wants. */
export type Wish =
  | { readonly kind: 'all' | 'failed' | 'again' | 'quit' | 'help' }
  /** An empty text takes the choice back. */
  | { readonly kind: 'step' | 'path'; readonly text: string };

export const KEYS = 'keys: a all, f failed only, o one step, p filter by path, Enter again, q quit';

const PLAIN: Readonly<Record<string, Wish>> = {
  a: { kind: 'all' },
  f: { kind: 'failed' },
  q: { kind: 'quit' },
  '': { kind: 'again' },
};
const ASKING: Readonly<Record<string, 'step' | 'path'>> = { o: 'step', p: 'path' };
const QUESTIONS = { step: 'step (empty: all)', path: 'part of a path (empty: all)' } as const;
const ESCAPE = '\u001b';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

export interface KeyboardOptions {
  readonly input: TerminalInput;
  /** Shows what is typed. */
  readonly write: (text: string) => void;
  readonly onWish: (wish: Wish) => void;
  /** Ctrl-C, which a terminal that gives each key sends no signal for. */
  readonly onInterrupt: () => void;
}

/** Reads wishes until the input ends: of a terminal each key as it is pressed, else a line each (`o create_order`). */
export async function readWishes(options: KeyboardOptions): Promise<void> {
  const { input } = options;
  const isRaw = input.isTTY === true && input.setRawMode !== undefined;
  if (isRaw) input.setRawMode?.(true);
  const decoder = new TextDecoder();
  const take = isRaw ? createKeyReader(options) : createLineReader(options.onWish);
  for await (const chunk of input) take(decoder.decode(chunk, { stream: true }));
}

/** The terminal is as it was before. */
export function leaveKeys(input: TerminalInput): void {
  if (input.isTTY) input.setRawMode?.(false);
}

function createLineReader(onWish: KeyboardOptions['onWish']): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onWish(readLine(line.trim()));
  };
}

function readLine(line: string): Wish {
  const [, key = '', text = ''] = /^(\S?)(?:\s+(.*))?$/.exec(line) ?? [undefined, '?'];
  const asking = ASKING[key];
  return asking ? { kind: asking, text } : (PLAIN[key] ?? { kind: 'help' });
}

/** Keys are taken one by one; a question is answered with a line. */
function createKeyReader({ write, onWish, onInterrupt }: KeyboardOptions): (text: string) => void {
  let question: 'step' | 'path' | undefined;
  let typed = '';
  const ask = (kind: 'step' | 'path'): void => {
    question = kind;
    typed = '';
    write(`\n ${QUESTIONS[kind]}: `);
  };
  const answer = (kind: 'step' | 'path', key: string): void => {
    if (key === ESCAPE) question = undefined;
    else if (key === '\r' || key === '\n') {
      question = undefined;
      write('\n');
      onWish({ kind, text: typed.trim() });
    } else if (key === '\u007f' || key === '\b') {
      if (typed !== '') write('\b \b');
      typed = typed.slice(0, -1);
    } else if (key >= ' ') {
      typed += key;
      write(key);
    }
  };
  const press = (key: string): void => {
    if (key === CTRL_C) onInterrupt();
    else if (key === CTRL_D) onWish({ kind: 'quit' });
    else if (question) answer(question, key);
    else if (ASKING[key]) ask(ASKING[key]);
    else if (key === '\r' || key === '\n') onWish({ kind: 'again' });
    else onWish(PLAIN[key] ?? { kind: 'help' });
  };
  return (text) => {
    // Arrows and the like are no keys of this.
    if (text.length > 1 && text.startsWith(ESCAPE)) return;
    for (const key of text) press(key);
  };
}
