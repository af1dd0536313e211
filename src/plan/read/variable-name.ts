import type { ScalarNode } from '../../source/yaml/node.ts';
import { CODES, type Findings } from './findings.ts';

const NAME = /^[A-Za-z_$][A-Za-z0-9_$]*$/;
const WORDS = new Set('true false nil null not in or and let if else matches contains startsWith endsWith'.split(' '));

/** Whether expressions can read a variable of this name; when not, it is reported. */
export function checkVariableName(key: ScalarNode, findings: Findings): boolean {
  const name = key.text.text;
  const isWord = WORDS.has(name);
  if (NAME.test(name) && !isWord) return true;
  const help = isWord
    ? 'it is a word of the expression language: write another name'
    : 'a variable is letters, digits and `_`, and does not begin with a digit';
  findings.error(CODES.badId, `\`${name}\` cannot be a variable's name`, key.span, [help]);
  return false;
}
