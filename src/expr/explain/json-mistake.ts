import { ExprError } from '../values/error.ts';
import { parseJson } from '../values/json.ts';
import { findJsonFault } from '../values/json-fault.ts';

const maxText = 1_000_000;

/** What keeps a text that begins like JSON from being JSON; undefined when it is JSON. */
export function describeJsonMistake(text: string): string | undefined {
  try {
    parseJson(text);
    return undefined;
  } catch (error) {
    if (error instanceof ExprError) return findBadBracket(text) ?? describeFault(text);
    throw error;
  }
}

function describeFault(text: string): string {
  const fault = text.length > maxText ? undefined : findJsonFault(text);
  return fault ? fault.message : 'a part of it is malformed';
}

/** The bracket that does not fit, or the one that is still open at the end. */
function findBadBracket(text: string): string | undefined {
  if (text.length > maxText) return undefined;
  const open: { bracket: string; at: number }[] = [];
  for (const { 0: token, index } of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"?|[[\]{}]/gs)) {
    if (token.startsWith('"')) continue;
    if (token === '[' || token === '{') open.push({ bracket: token, at: index + 1 });
    else if (open.pop()?.bracket !== (token === ']' ? '[' : '{'))
      return `the \`${token}\` at character ${index + 1} does not close any open bracket`;
  }
  const last = open.at(-1);
  return last && `it ends before the \`${last.bracket}\` at character ${last.at} is closed: was it cut off?`;
}
