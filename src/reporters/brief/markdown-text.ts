import { hideWorkflowCommands } from '../../util/workflow-commands.ts';
import { cleanLine, cleanText } from '../output/text.ts';

/** A text on one line that Markdown shows as it is: names are data, and mention nobody. */
export function writeCode(text: string): string {
  const line = cleanLine(text).trim();
  if (line === '') return '`…`';
  const fence = '`'.repeat(longestRun(line) + 1);
  const gap = fence.length > 1 ? ' ' : '';
  return `${fence}${gap}${line}${gap}${fence}`;
}

/** Lines that Markdown shows as they are. */
export function writeBlock(lines: readonly string[]): string {
  const text = hideWorkflowCommands(cleanText(lines.join('\n')));
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}text\n${text}\n${fence}\n`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
