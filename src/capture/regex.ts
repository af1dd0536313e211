import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import type { Budget, Value } from '../expr/index.ts';
import { chargeSearch, ExprError, formatValue, isList, isMap, stringifyJson } from '../expr/index.ts';
import { CaptureError } from './capture-error.ts';

const require = createRequire(import.meta.url);
const MAX_PATTERN_LENGTH = 10_000;
const MAX_SHOWN = 80;
const PLACEHOLDER = /(?<!\\)(?:\{\{.*?\}\}|\$\{[^}]*\}|<<[\p{L}_$][^<>\s]*>>)/su;

/**
 * Compiles a regular expression in RE2 syntax to a function that gives its first group in a text, or the whole match when it has no group.
 * Lists and maps are searched as their JSON. @throws ExprError when the pattern is not valid; the function throws CaptureError, or
 * ExprError of kind `budget`
 */
export function compileRegexCapture(pattern: string): (subject: Value, budget: Budget) => string {
  const compiled = compilePattern(pattern);
  const hasGroup = compiled.groupCount() > 0;
  return (subject, budget) => {
    const text = toText(subject, pattern);
    chargeSearch(compiled, text, budget);
    const matcher = compiled.matcher(text);
    if (!matcher.find()) throw explainNoMatch(pattern, text);
    const group = hasGroup ? matcher.group(1) : matcher.group();
    if (group === null)
      throw new CaptureError(`\`${pattern}\` matches, but its first group takes no part in the match`);
    return group;
  };
}

/** A pattern with groups that have names, `(?P<url>…)`. */
export interface NamedGroups {
  readonly names: readonly string[];
  /** What its groups hold where it first matches; undefined where it does not. */
  read(text: string): ReadonlyMap<string, string> | undefined;
}

/** Compiles a regular expression in RE2 syntax that takes named parts out of a text. @throws ExprError when the pattern is not valid */
export function compileNamedGroups(pattern: string): NamedGroups {
  const compiled = compilePattern(pattern);
  const names = Object.keys(compiled.namedGroups());
  return {
    names,
    read(text) {
      const matcher = compiled.matcher(text);
      return matcher.find() ? new Map(names.map((name) => [name, matcher.group(name) ?? ''])) : undefined;
    },
  };
}

let engine: typeof RE2JS | undefined;

function compilePattern(pattern: string): RE2JS {
  if (pattern === '' || pattern.length > MAX_PATTERN_LENGTH) {
    throw new ExprError('syntax', pattern === '' ? 'the pattern is empty' : 'the pattern is too long', {
      offset: 0,
      length: 1,
    });
  }
  refusePlaceholder(pattern);
  if (engine === undefined) {
    const loaded: { RE2JS: typeof RE2JS } = require('re2js');
    engine = loaded.RE2JS;
  }
  try {
    return engine.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'it does not parse';
    const isLookAround = /\(\?(?:[=!]|<[=!])/.test(pattern);
    const hint = isLookAround ? 'RE2 has no look-around: put what you want into a group' : undefined;
    throw new ExprError('syntax', `the pattern is not valid: ${reason}`, { offset: 0, length: pattern.length, hint });
  }
}

/** A pattern with a placeholder would look for the placeholder, find none, and leave a capture to its default. */
function refusePlaceholder(pattern: string): void {
  const placeholder = PLACEHOLDER.exec(pattern);
  if (!placeholder) return;
  const [text] = placeholder;
  throw new ExprError(
    'syntax',
    `a placeholder in a regular expression is not filled in: \`${text.slice(0, MAX_SHOWN)}\``,
    {
      offset: placeholder.index,
      length: text.length,
      hint: 'use an expression, for example `split(body, name + "=")[1]`; a backslash before it makes it literal',
    },
  );
}

function toText(subject: Value, pattern: string): string {
  if (typeof subject === 'string') return subject;
  if (subject === null) throw new CaptureError(`\`${pattern}\` has nothing to search: the value is nil`);
  return isList(subject) || isMap(subject) ? stringifyJson(subject) : String(subject);
}

function explainNoMatch(pattern: string, text: string): CaptureError {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return new CaptureError(`\`${pattern}\` does not match ${formatValue(shown)}`, [
    'the pattern is in RE2 syntax and may match anywhere in the text',
  ]);
}
