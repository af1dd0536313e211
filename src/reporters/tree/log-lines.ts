import { printJson } from '../../expr/index.ts';
import type { LogWritten } from '../../model/events.ts';
import { cleanText, cutTo } from '../output/text.ts';
import type { TreeContext } from './context.ts';

const INDENT = '     ';
const WORD_WIDTH = 6;

/** The lines of what a flow logs, with the step's name where several may speak at once. */
export function renderLog(log: LogWritten, label: string | undefined, context: TreeContext): readonly string[] {
  const { paint } = context;
  const word = (log.level === 'info' ? 'log' : log.level).padEnd(WORD_WIDTH);
  const colored = log.level === 'error' ? paint.red(word) : log.level === 'warn' ? paint.yellow(word) : paint.dim(word);
  const data = log.data === undefined ? '' : `  ${printJson(log.data)}`;
  const text = cleanText(`${label === undefined ? '' : `${label}: `}${log.message}${data}`);
  const width = Math.max(40, context.lineWidth - INDENT.length - WORD_WIDTH);
  const [first = '', ...rest] = text.split('\n').map((line) => (context.verbosity > 1 ? line : cutTo(line, width)));
  return [`${INDENT}${colored}${first}`, ...rest.map((line) => `${INDENT}${' '.repeat(WORD_WIDTH)}${line}`)];
}
