import type { Env, Host, Value } from '../../expr/index.ts';
import { type ExpressionAt, isExpressionAt } from '../../model/expression-at.ts';
import { LateValue } from '../../model/late-value.ts';
import type { StepPlan } from '../../model/plan.ts';
import { hideByName, hideFields, MASK, mayHideFields } from '../../util/hidden-fields.ts';
import { hidePasswords } from '../events/address-passwords.ts';

/** What settings were rendered with. */
export interface RenderedWith {
  readonly env: Env;
  readonly host: Host;
  readonly maskText: (text: string) => string;
}

/** The time that the step has, among its settings. */
export const TIMEOUT = 'timeout of the step';
/** A map of more keys is one setting, not one for each key. */
const MOST_KEYS = 20;
/** Of the digest of what is written where a secret is: too short to be turned back into it. */
const WRITTEN_LENGTH = 5;
/** No JSON has it as it is. */
const BETWEEN = '\n\u0000\n';
/** Of what no digest can be made: never the same as another. */
const UNKNOWN = '?';

/**
 * The settings of a step as they were rendered, each with a digest of its text without secrets. Where a secret was in it, the text as it was
 * written counts too, so that one secret is not taken for another; of a file that a setting names, what it holds.
 */
export function listSettings(step: StepPlan, config: unknown, given: RenderedWith): readonly string[] {
  const settings: string[] = [`action=${digestText(step.action.name)}`];
  if (step.timeoutMs) settings.push(`${TIMEOUT}=${digestText(String(step.timeoutMs.render(given.env, given.host)))}`);
  const parts = listParts(config);
  const texts = parts.flatMap(({ path, value }) => {
    const name = path.join('.');
    return [name, writeSafely(name, value, given)];
  });
  const hidden = hideAll(texts, given.maskText);
  for (const [at, { path }] of parts.entries()) {
    const [name, text = UNKNOWN] = [hidden[2 * at], hidden[2 * at + 1]];
    settings.push(`${name}=${text === UNKNOWN ? UNKNOWN : digestSetting(step, path, text)}`);
  }
  for (const [setting, text] of listFileTexts(step, config, given.host)) settings.push(`file of ${setting}=${text}`);
  return settings;
}

interface Part {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The settings, and of maps among them the keys. */
function listParts(config: unknown): readonly Part[] {
  return Object.entries((config ?? {}) as object).flatMap(([key, value]): readonly Part[] => {
    const inner = isPlainMap(value) ? Object.entries(value) : [];
    if (inner.length === 0 || inner.length > MOST_KEYS) return [{ path: [key], value }];
    return inner.map(([below, part]) => ({ path: [key, below], value: part }));
  });
}

/** The texts without what nobody is to see: looked through all at once, for each look costs more than a short text is long. */
function hideAll(texts: readonly string[], maskText: RenderedWith['maskText']): readonly string[] {
  const hide = (text: string): string => hideFields(hidePasswords(maskText(text)));
  const hidden = hide(texts.join(BETWEEN)).split(BETWEEN);
  return hidden.length === texts.length ? hidden : texts.map(hide);
}

/** The names of the settings that differ between two lists of them. */
export function compareSettings(before: readonly string[], after: readonly string[]): readonly string[] {
  const [old, now] = [toMap(before), toMap(after)];
  const names = new Set([...now.keys(), ...old.keys()]);
  return [...names].filter((name) => old.get(name) !== now.get(name) || now.get(name) === UNKNOWN);
}

/** The same without the conditions of a control, which are judged anew. */
export function withoutConditions(settings: readonly string[], config: unknown): readonly string[] {
  const conditions = new Set(listConditions(config).map(({ setting }) => setting));
  return settings.filter((setting) => !conditions.has(splitSetting(setting)[0]));
}

/** The expressions that are settings of their own. */
export function listConditions(config: unknown): readonly { readonly setting: string; readonly at: ExpressionAt }[] {
  return Object.entries((config ?? {}) as object).flatMap(([setting, value]) =>
    [value].flat().flatMap((at: unknown) => (isExpressionAt(at) ? [{ setting, at }] : [])),
  );
}

function digestSetting({ config }: StepPlan, path: readonly string[], text: string): string {
  if (!text.includes(MASK)) return digestText(text);
  const { file, start, end } = config.spanAt(path);
  return digestText(text) + digestText(file.text.slice(start, end)).slice(0, WRITTEN_LENGTH);
}

function writeSafely(name: string, value: unknown, { env, maskText }: RenderedWith): string {
  try {
    return writeText(hideByName(name, mayHideFields(name) ? hideIn(value, maskText) : value), env);
  } catch {
    return UNKNOWN;
  }
}

/** A value as text that is another one for any other value. */
function writeText(value: unknown, env: Env): string {
  if (typeof value === 'string' || typeof value === 'number') return JSON.stringify(value);
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (isExpressionAt(part)) return writeExpression(part, env);
    if (typeof part === 'bigint') return `${part}n`;
    if (typeof part === 'function') throw new TypeError('a function has no text');
    return typeof part === 'object' && part !== null ? writeObject(part) : part;
  });
  return text ?? '';
}

/** @throws TypeError where it cannot be told from another one */
function writeObject(part: object): unknown {
  if (part instanceof Map) return [...part];
  if (part instanceof LateValue) return ['late', (part.toAuthored ?? fail)()];
  if (Array.isArray(part) || isPlainMap(part) || Object.keys(part).length > 0) return part;
  const text = String(part);
  return text.startsWith('[object') ? fail() : text;
}

function fail(): never {
  throw new TypeError('it has no text of its own');
}

function hideIn(value: unknown, maskText: RenderedWith['maskText']): unknown {
  return typeof value === 'string' ? maskText(value) : value;
}

/** An expression is what it says, and what it reads. */
function writeExpression({ expression, text }: ExpressionAt, env: Env): unknown {
  return [text.text.trim(), ...expression.names.map(({ name }) => env.get(name) ?? null)];
}

/** What the files hold that settings name. */
function listFileTexts(
  { action }: StepPlan,
  config: unknown,
  host: Host,
): readonly (readonly [setting: string, digest: string])[] {
  const { paths = NONE, attachments = NONE } = action.settings.files ?? {};
  if (typeof config !== 'object' || config === null) return [];
  const found: (readonly [string, string])[] = [];
  for (const setting of paths.length === 0 ? attachments : [...paths, ...attachments]) {
    const parts = splitPattern(setting);
    if (!Object.hasOwn(config, parts[0] ?? '')) continue;
    for (const file of readPattern(config, parts)) found.push([setting, digestFile(file, host)]);
  }
  return found;
}

const NONE: readonly string[] = [];
const patterns = new Map<string, readonly string[]>();

function splitPattern(setting: string): readonly string[] {
  const known = patterns.get(setting) ?? setting.replaceAll('[]', '.[]').split('.');
  patterns.set(setting, known);
  return known;
}

function digestFile(file: string, host: Host): string {
  try {
    const readFile = host['readFile'] as ((path: string) => string) | undefined;
    return readFile ? digestText(readFile(file)) : UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}

/** The texts that a pattern (`query.file`, `multipart.[].file`) leads to. */
function readPattern(value: unknown, [key, ...rest]: readonly string[]): readonly string[] {
  if (key === undefined) return typeof value === 'string' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  const parts = key === '[]' || key === '*' ? Object.values(value) : [(value as Record<string, unknown>)[key]];
  return parts.flatMap((part) => readPattern(part, rest));
}

function isPlainMap(value: unknown): value is Readonly<Record<string, Value>> {
  if (typeof value !== 'object' || value === null || isExpressionAt(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function toMap(settings: readonly string[]): ReadonlyMap<string, string> {
  return new Map(settings.map(splitSetting));
}

function splitSetting(setting: string): [name: string, digest: string] {
  const at = setting.lastIndexOf('=');
  return [setting.slice(0, at), setting.slice(at + 1)];
}

// Two sums of 32 bits: loading `node:crypto` for a better one takes longer than a short flow runs.
function digestText(text: string): string {
  let [first, second] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    first = Math.imul(first ^ code, 0x9e3779b1);
    second = Math.imul(second ^ code, 0x5f356495);
  }
  first = Math.imul(first ^ (first >>> 16), 0x85ebca6b) ^ Math.imul(second ^ (second >>> 13), 0xc2b2ae35);
  second = Math.imul(second ^ (second >>> 16), 0x85ebca6b) ^ Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (first >>> 0).toString(36) + (second >>> 0).toString(36);
}
