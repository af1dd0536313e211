import { compile, isMap, isNumber, type Value } from '../../expr/index.ts';
import { createFunctions } from '../../functions/registry.ts';
import { MASK } from '../../util/hidden-fields.ts';
import { isSecretName } from '../../util/secret-name.ts';

/** What holds of an answer, and what later steps may need of it. */
export interface Expectations {
  readonly assert: readonly string[];
  readonly output: Readonly<Record<string, Value>>;
}

type Result = Readonly<Record<string, Value>>;

const MOST = 30;
const DEEPEST = 3;
const LONGEST_TEXT = 80;
const LONGEST_LIST = 10;
const functions = createFunctions();

/** Assertions from what a request was answered, once or several times: what is told apart by time or chance is held by its type. */
export function expectAnswers(answers: readonly Result[]): Expectations {
  const [first = {}] = answers;
  const { status = null, content_type: type = null, body = null } = first;
  const candidates = [
    [`status == ${write(status)}`],
    ...(typeof type === 'string'
      ? [[`content_type == ${write(type)}`, `content_type startsWith ${write(type.replace(/;.*$/s, ''))}`]]
      : []),
    ...listOf('body', body, 0),
  ];
  const sure = candidates.flatMap(
    (choices) => choices.find((one) => answers.every((answer) => isTrue(one, answer))) ?? [],
  );
  return { assert: sure.slice(0, MOST), output: captureIds(body) };
}

/** For each thing what may be said of it, the sharpest first. */
function listOf(path: string, value: Value, depth: number): readonly (readonly string[])[] {
  if (Array.isArray(value)) return listOfItems(path, value);
  if (!isMap(value)) return [sayOf(path, value)];
  if (depth === DEEPEST || Object.keys(value).length === 0) return [[`is_map(${path})`]];
  return Object.entries(value).flatMap(([key, inner]) => listOf(join(path, key), inner, depth + 1));
}

function listOfItems(path: string, items: readonly Value[]): readonly (readonly string[])[] {
  const [first] = items;
  if (first === undefined) return [[`len(${path}) == 0`, `is_array(${path})`]];
  if (!isMap(first)) return [sayOfPlainItems(path, items)];
  const checks = Object.entries(first)
    .filter(([key]) => /^[A-Za-z_]\w*$/.test(key))
    .flatMap(([key, value]) => {
      const type = typeCheck(`.${key}`, value);
      return type === undefined ? [] : [[`all(${path}, ${type})`]];
    });
  return [[`len(${path}) > 0`], ...checks];
}

/** Of a short list of steady values all of them; else that there are some. */
function sayOfPlainItems(path: string, items: readonly Value[]): readonly string[] {
  const key = /[A-Za-z_]\w*(?="?\]?$)/.exec(path)?.[0] ?? '';
  // Plain numbers under `ids` were looked for; what chance made is told by its looks.
  const name = /ids$/i.test(key) ? '' : key;
  const isSteady = items.every((item) => !isMap(item) && !Array.isArray(item) && !isUnsteady(name, item));
  const whole = items.length <= LONGEST_LIST && isSteady ? [`${path} == [${items.map(write).join(', ')}]`] : [];
  return [...whole, `len(${path}) > 0`, `is_array(${path})`];
}

function sayOf(path: string, value: Value): readonly string[] {
  const key = /[A-Za-z_]\w*(?="?\]?$)/.exec(path)?.[0] ?? '';
  const type = typeCheck(path, value);
  const types = type === undefined ? [] : [type];
  return isUnsteady(key, value) ? types : [`${path} == ${write(value)}`, ...types];
}

function typeCheck(path: string, value: Value): string | undefined {
  if (typeof value === 'string') {
    for (const check of ['is_uuid', 'is_iso_date'])
      if (isTrue(`${check}(value)`, { value })) return `${check}(${path})`;
    return `is_string(${path})`;
  }
  if (typeof value === 'boolean') return `is_bool(${path})`;
  if (isNumber(value)) return isTrue('is_int(value)', { value }) ? `is_int(${path})` : `is_number(${path})`;
  if (Array.isArray(value)) return `is_array(${path})`;
  return isMap(value) ? `is_map(${path})` : undefined;
}

/** Whether time or chance made it: ids, times, tokens, and what is too long to be read. */
function isUnsteady(key: string, value: Value): boolean {
  const words = key.replaceAll(/([a-z\d])(?=[A-Z])/g, '$1_').toLowerCase();
  if (isSecretName(key) || /(?:^|_)(?:id|uuid|guid|nonce|etag|hash|cursor|version|uptime|trace)s?$/.test(words))
    return true;
  if (/(?:^|_)(?:at|on|time|timestamp|date|expires?|expiry|duration|latency|elapsed|ms|age)(?:_|$)/.test(words))
    return true;
  if (typeof value === 'number') return value > 1e9;
  if (typeof value !== 'string') return false;
  if (value.includes(MASK) || value.length > LONGEST_TEXT) return true;
  if (['is_uuid', 'is_iso_date'].some((check) => isTrue(`${check}(value)`, { value }))) return true;
  return (
    /^[0-9a-f]{16,}$/i.test(value) ||
    /^(?=\S*\d)(?=\S*[A-Za-z])[\w.~+/=-]{20,}$/.test(value) ||
    /\d{6,}|localhost:\d|127\.0\.0\.1/.test(value)
  );
}

/** The ids at the top, which later steps ask with. */
function captureIds(body: Value): Readonly<Record<string, Value>> {
  if (!isMap(body)) return {};
  const captures: Record<string, Value> = {};
  for (const [key, value] of Object.entries(body)) {
    if (!/^[A-Za-z_]\w*$/.test(key) || (typeof value !== 'string' && !isNumber(value))) continue;
    if (isSecretName(key)) captures[key] = { path: `$.body.${key}`, secret: true };
    else if (/(?:^|_)id$/i.test(key.replaceAll(/([a-z])(?=[A-Z])/g, '$1_'))) captures[key] = `$.body.${key}`;
  }
  return captures;
}

function join(path: string, key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${quote(key)}]`;
}

function write(value: Value): string {
  if (value === null) return 'nil';
  return typeof value === 'string' ? quote(value) : String(value);
}

/** With the first sign of what would be taken for a placeholder as an escape. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(
    /\{(?=\{)|\$(?=\{)|<(?=<)/g,
    (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`,
  );
}

function isTrue(text: string, names: Result): boolean {
  const host = { now: () => Date.now(), cpuMs: () => 0 };
  try {
    return (
      compile(text, { functions, names: new Set(Object.keys(names)) }).evaluate(
        new Map(Object.entries(names)),
        host,
      ) === true
    );
  } catch {
    return false;
  }
}
