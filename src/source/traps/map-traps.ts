import { isScalar, type Scalar, type YAMLMap } from 'yaml';
import { endOf } from '../scalars/yaml-range.ts';
import { hasOpenBracket, hasOpenQuote } from './quote.ts';
import type { Trap } from './trap.ts';

const CONDITION_LISTS = new Set(['assert', 'assertions', 'until', 'fail_when']);
const COMPARISON = /\s(?:==|!=|>=|<=|&&|\|\|)\s/;
/** Neither torn nor compared. */
const WORD = /^[\w.-]+$/;
const OPERATOR = /\s(?:<|>|\?|in|contains|matches|startsWith|endsWith|and|or|not)\s?/;

/** Whether the items of a list below this key are expressions. */
export function isConditionList(key: string): boolean {
  return CONDITION_LISTS.has(key);
}

/** A map that YAML made of text with a colon in it: `- body.x == "a: b"`. */
export function findEntryTrap(map: { text: string; node: YAMLMap.Parsed; isCondition: boolean }): Trap | undefined {
  const { text, node, isCondition } = map;
  if (node.flow) return undefined;
  for (const pair of node.items) {
    const key = pair.key as Scalar.Parsed | null;
    if (!key || !isScalar(key) || key.type !== 'PLAIN' || WORD.test(String(key.source))) continue;
    const end = pair.value ? endOf(text, pair.value) : key.range[1];
    const whole = text.slice(key.range[0], end);
    if (!isTorn(String(key.source), whole) && !isCompared(String(key.source), isCondition)) continue;
    const lineEnd = text.indexOf('\n', key.range[0]);
    const isWhole = node.items.length === 1 || lineEnd === -1 || end <= lineEnd;
    const message = `the colon in \`${String(key.source)}:\` turns this text into a YAML map`;
    return { code: 'TM013', message, start: key.range[0], end: isWhole ? end : key.range[1] };
  }
  return undefined;
}

/** Whether a quote or bracket opens before the colon and closes behind it. */
function isTorn(key: string, whole: string): boolean {
  if (hasOpenQuote(key)) return !hasOpenQuote(whole);
  return hasOpenBracket(key) && !hasOpenBracket(whole);
}

function isCompared(key: string, isCondition: boolean): boolean {
  return COMPARISON.test(key) || (isCondition && OPERATOR.test(key));
}
