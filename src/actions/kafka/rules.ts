import { CaptureError } from '../../capture/capture-error.ts';
import { type CompiledPath, compilePath } from '../../capture/path.ts';
import {
  type Env,
  ExprError,
  isEqual,
  isList,
  isMap,
  isOverBudget,
  layerOver,
  matchesPartial,
  readKey,
  type Value,
} from '../../expr/index.ts';
import type { Expressions } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { ExpressionAt } from '../../model/expression-at.ts';
import { toLocation } from '../../model/location.ts';
import { findBinary, type Message } from './message.ts';
import {
  describeAlmost,
  describeNamesake,
  type Expected,
  type KeyPath,
  listKeys,
  listPathKeys,
  listTelling,
} from './namesakes.ts';
import { showTyped } from './show.ts';
import { describeText, isStructure, readJsonText, type TextAsCome } from './texts.ts';

/** What a message has to be to count; all given rules must hold. */
export interface MatchSettings {
  readonly key?: unknown;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly value?: unknown;
  /** JSONPath into the value → what stands there, or one of the values when it leads to several. */
  readonly path?: Readonly<Record<string, unknown>> | undefined;
  readonly where?: ExpressionAt | undefined;
  readonly trace?: 'current' | undefined;
}

/** The names that `where` sees of a message. */
export const WHERE_NAMES = ['key', 'value', 'headers', 'timestamp', 'partition', 'offset', 'json'] as const;

/** One rule: how near a message comes (1: it holds), and the lines that say so. */
export interface Rule {
  /** The values by which a message that is meant is known, though they stand elsewhere in it. */
  readonly telling?: readonly Expected[];
  /** The keys that it reads of a message, each with those before it. */
  readonly reads?: readonly KeyPath[];
  measure(message: Message): number;
  /** What is said of a message that it alone left, where that is so for a type, or the way in which something is written, alone. */
  slip?(message: Message): string | undefined;
  /** What is to be said of a message that it took. */
  remark?(message: Message): readonly string[];
  explain(message: Message): readonly string[];
}

export interface RuleIo {
  readonly expressions: Expressions;
  readonly facts: { readonly traceId: string };
}

/** Makes the rules of `match`, in the order in which they are reported. */
export function createRules(match: MatchSettings | undefined, io: RuleIo): readonly Rule[] {
  if (!match) return [];
  const rules: Rule[] = [];
  if (match.key !== undefined) rules.push(createKeyRule(match.key as Value));
  for (const [name, expected] of Object.entries(match.headers ?? {}))
    rules.push(createHeaderRule(name, expected as Value));
  if (match.value !== undefined) rules.push(createValueRule(match.value as Value));
  for (const [path, expected] of Object.entries(match.path ?? {})) {
    rules.push(createPathRule(path, expected as Value, io));
  }
  if (match.where) rules.push(createWhereRule(match.where, io));
  if (match.trace) rules.push(createTraceRule(io.facts.traceId));
  return rules;
}

function createKeyRule(expected: Value): Rule {
  const holds = (message: Message) => isText(message.key, expected);
  return {
    telling: listTelling(expected, 'key'),
    measure: (message) => (holds(message) ? 1 : 0),
    slip: (message) => describeAlmost('key', expected, message.key),
    explain: (message) => explainText('key', { actual: message.key, expected, bytes: findBinary(message)?.key }),
  };
}

function createHeaderRule(name: string, expected: Value): Rule {
  const read = (message: Message) => readKey(message.headers, name);
  const holds = (message: Message) => isText(read(message), expected);
  return {
    telling: listTelling(expected, `header ${name}`),
    reads: [['headers', name]],
    measure: (message) => (holds(message) ? 1 : 0),
    slip: (message) => describeAlmost(`header ${name}`, expected, read(message) ?? null),
    explain(message) {
      const [line = '', ...more] = explainText(`header ${name}`, { actual: read(message), expected });
      const names = Object.keys(message.headers);
      const isMissing = read(message) === undefined && !holds(message);
      return [
        isMissing ? `${line} (${names.length === 0 ? 'it has no headers' : `it has ${names.join(', ')}`})` : line,
        ...more,
      ];
    },
  };
}

/** Whether a text is what is expected: it equals it, or holds it as JSON where it has parts. */
export function isText(actual: Value | undefined, expected: Value): boolean {
  if (isEqual(actual ?? null, expected)) return true;
  const json = readStructure(actual, expected);
  return json !== undefined && matchesPartial(json, expected).ok;
}

function explainText(what: string, text: TextAsCome): readonly string[] {
  const { actual, expected } = text;
  if (isText(actual, expected)) return [`✓ ${what} ${showTyped(expected, what)}`];
  const json = readStructure(actual, expected);
  if (json !== undefined) return explainParts(what, { actual: json, expected });
  return [`${compare(what, actual, expected)}${describeText(text)}`];
}

/** The JSON of a text, where something with parts is expected. */
function readStructure(actual: Value | undefined, expected: Value): Value | undefined {
  const reading = typeof actual === 'string' && isStructure(expected) ? readJsonText(actual) : undefined;
  return reading && 'json' in reading && isStructure(reading.json) ? reading.json : undefined;
}

function createValueRule(expected: Value): Rule {
  const size = Math.max(1, countLeaves(expected));
  return {
    telling: listTelling(expected, 'value'),
    reads: listKeys(expected, ['value']),
    slip: (message) => describeAlmost('value', expected, message.value),
    measure(message) {
      const { ok, differences } = matchesPartial(message.value, expected);
      return ok ? 1 : Math.max(0, 1 - differences.length / size) * 0.99;
    },
    explain(message) {
      const bytes = findBinary(message)?.value;
      const lines = explainParts('value', { actual: message.value, expected, bytes });
      return lines.length === 0 ? ['✓ value'] : lines;
    },
  };
}

function explainParts(what: string, text: TextAsCome & { readonly actual: Value }): readonly string[] {
  const { actual, expected } = text;
  const { differences } = matchesPartial(actual, expected);
  return differences.slice(0, 8).map((one) => {
    const path = one.path.startsWith('[') || one.path === '' ? `${what}${one.path}` : `${what}.${one.path}`;
    const hint = one.kind === 'missing' ? describeNamesake(actual, expected, one.path) : '';
    const more = one.path === '' ? describeText(text) : '';
    return `✗ ${path}: expected ${showTyped(one.expected, path)}, got ${showTyped(one.actual, path)}${hint}${more}`;
  });
}

function createPathRule(source: string, expected: Value, io: RuleIo): Rule {
  const path = compilePath(source);
  const holds = (message: Message) => {
    const found = findByPath(path, message, io);
    if (found === undefined) return false;
    if (path.isDefinite || isList(expected)) return matchesPartial(found, expected).ok;
    return isList(found) && found.some((item) => matchesPartial(item, expected).ok);
  };
  return {
    telling: listTelling(expected, source.replace(/^\$/, 'value')),
    reads: listPathKeys(source),
    measure: (message) => (holds(message) ? 1 : 0),
    slip(message) {
      const found = findByPath(path, message, io) ?? null;
      const all = path.isDefinite || isList(expected) || !isList(found) ? [found] : found;
      return all.map((one) => describeAlmost(`path ${source}`, expected, one)).find((text) => text !== undefined);
    },
    explain(message) {
      if (holds(message)) return [`✓ path ${source}`];
      const found = findByPath(path, message, io);
      const hint = found === undefined ? describeSuggestion(path, message, io) : '';
      return [`✗ path ${source}: expected ${showTyped(expected, source)}, got ${showTyped(found, source)}${hint}`];
    },
  };
}

/** What the path leads to in the value; undefined when it leads to nothing. */
function findByPath(path: CompiledPath, message: Message, { expressions: { env, host } }: RuleIo): Value | undefined {
  try {
    return path.look(message.value, env, host);
  } catch (error) {
    if (error instanceof CaptureError) return undefined;
    throw error;
  }
}

/** What the path may have meant, when it leads to nothing, or why an item could not be judged. */
function describeSuggestion(path: CompiledPath, message: Message, { expressions: { env, host } }: RuleIo): string {
  try {
    path.find(message.value, env, host);
    return '';
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    const hint = error.kind === 'condition' ? error.message : error.hints.find((one) => one.startsWith('did you mean'));
    return hint === undefined ? '' : ` (${hint})`;
  }
}

function createWhereRule(where: ExpressionAt, io: RuleIo): Rule {
  const own: readonly string[] = WHERE_NAMES;
  return {
    reads: where.expression.names.flatMap(({ name, path }) => {
      return own.includes(name) ? path.map((_, index) => [name, ...path.slice(0, index + 1)]) : [];
    }),
    slip(message) {
      const { env, host } = io.expressions;
      const [text] = where.expression.listDoubts(createMessageEnv(message, env), false, { kinds: 'types', host });
      return text === undefined ? undefined : `may be meant: ${text}`;
    },
    measure(message) {
      try {
        return where.expression.evaluate(createMessageEnv(message, io.expressions.env), io.expressions.host) === true
          ? 1
          : 0;
      } catch (error) {
        if (error instanceof ExprError && isOverBudget(error)) throw createBudgetError(where, error);
        // A message of another shape is none that is waited for.
        return 0;
      }
    },
    remark(message) {
      const { env, host } = io.expressions;
      return where.expression.listDoubts(createMessageEnv(message, env), true, { host });
    },
    explain(message) {
      const problem = io.expressions.check(where, createMessageEnv(message, io.expressions.env));
      const source = `where \`${where.text.text}\``;
      if (!problem) return [`✓ ${source}`];
      const parts = (problem.explained?.parts ?? []).map(
        (part) => `${part.text} is ${showTyped(part.value, part.text)}`,
      );
      const hint = problem.clues?.[0] === undefined ? '' : ` (${problem.clues[0].text})`;
      return [`✗ ${source}: ${parts.length > 0 ? parts.join(', ') : problem.message}${hint}`];
    },
  };
}

/** What cannot be afforded for one message says nothing of the message: the wait ends. */
function createBudgetError({ text }: ExpressionAt, error: ExprError): ActionError {
  return new ActionError({
    kind: 'budget',
    message: `\`where\`: \`${text.text.trim()}\` cannot be evaluated: ${error.message}`,
    location: toLocation(text.span),
    hints: error.hint === undefined ? [] : [error.hint],
  });
}

function createTraceRule(traceId: string): Rule {
  return {
    measure: (message) => (readTraces(message).includes(traceId) ? 1 : 0),
    explain(message) {
      const traces = readTraces(message);
      const line = compare('trace', traces.includes(traceId) ? traceId : traces[0], traceId);
      return [
        traces.length > 0
          ? line
          : `${line}: it has no header \`traceparent\`, which its sender has to take over from the request`,
      ];
    },
  };
}

/** The traces that a message says it belongs to: one, unless the header came several times. */
function readTraces({ headers }: Message): readonly string[] {
  const header = readKey(headers, 'traceparent');
  return typeof header === 'string' ? header.split(', ').flatMap((one) => one.split('-')[1] ?? []) : [];
}

function compare(what: string, actual: Value | undefined, expected: Value): string {
  if (isEqual(actual ?? null, expected)) return `✓ ${what} ${showTyped(expected, what)}`;
  return `✗ ${what}: expected ${showTyped(expected, what)}, got ${showTyped(actual, what)}`;
}

/** The flow's names with those of a message over them. */
function createMessageEnv(message: Message, env: Env): Env {
  return layerOver(Object.fromEntries(WHERE_NAMES.map((name) => [name, message[name] ?? null])), env);
}

function countLeaves(value: Value): number {
  if (isList(value)) return value.reduce<number>((sum, item) => sum + countLeaves(item), 0);
  if (isMap(value)) return Object.keys(value).reduce((sum, key) => sum + countLeaves(readKey(value, key) ?? null), 0);
  return 1;
}
