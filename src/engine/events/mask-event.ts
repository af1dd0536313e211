import { createCaselessMap, isKeyedMap, isList, isMap, setKey, type Value, type ValueMap } from '../../expr/index.ts';
import { isCaseless } from '../../expr/values/value.ts';
import type { Problem, RunEvent } from '../../model/events.ts';
import { SHORTEST_PART } from './secret-spellings.ts';
import type { Secrets } from './secrets.ts';

/** Fields by which consumers tell events apart or find places; their texts are never data. */
const KEPT_FIELDS = new Set([
  ...['type', 'outcome', 'phase', 'address', 'id', 'action', 'kind', 'level', 'runId', 'traceId', 'file', 'testmesh'],
  ...['interrupted', 'volatileNames', 'secretNames', 'tags', 'origin'],
]);

/** Fields that hold data: numbers and keys inside are masked too. */
const VALUE_FIELDS = new Set(['value', 'data', 'expected', 'actual']);

/** Fields that hold data by name; the names themselves are kept. */
const NAMED_VALUE_FIELDS = new Set(['variables', 'captures', 'result']);

/** Gives the event with every secret in it masked; the event itself when there is none. */
export function maskEvent(event: RunEvent, secrets: Secrets): RunEvent {
  if (secrets.isEmpty) return event;
  // A masked copy has the fields of its event; only texts (and numbers in data) are other.
  return maskFields(event, secrets) as RunEvent;
}

function maskFields(node: unknown, secrets: Secrets): unknown {
  if (typeof node === 'string') return secrets.maskText(node);
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((item) => maskFields(item, secrets));
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(node)) {
    if (KEPT_FIELDS.has(name)) copy[name] = value;
    else if (name === 'problems' && Array.isArray(value)) copy[name] = value.map((one) => maskProblem(one, secrets));
    else if (VALUE_FIELDS.has(name)) copy[name] = maskValue(value as Value | undefined, secrets);
    else if (NAMED_VALUE_FIELDS.has(name) && !Array.isArray(value)) copy[name] = maskNamed(value, secrets);
    else copy[name] = maskFields(value, secrets);
  }
  return copy;
}

/** A hint may quote a part of a value, which is a secret no mask finds: where a secret takes part, quoting hints are left out. */
function maskProblem(problem: Problem, secrets: Secrets): unknown {
  const { hints, ...rest } = problem;
  let hasSecret = false;
  const watched: Secrets = {
    ...{ isEmpty: false, add: (value) => secrets.add(value) },
    maskText(text) {
      const masked = secrets.maskText(text);
      hasSecret ||= masked !== text;
      return masked;
    },
  };
  const masked = maskFields(rest, watched) as typeof rest;
  if (hints === undefined) return masked;
  const told = hasSecret ? hints.filter((hint) => !/"|matches up to/.test(hint)) : hints;
  return { ...masked, hints: told.map((hint) => secrets.maskText(hint)) };
}

function maskNamed(values: unknown, secrets: Secrets): unknown {
  if (typeof values !== 'object' || values === null) return maskFields(values, secrets);
  if (!isPlainMap(values)) return maskValue(values as Value, secrets);
  const copy: { [name: string]: Value | undefined } = {};
  for (const [name, value] of Object.entries(values)) setKey(copy, name, maskValue(value, secrets));
  return copy;
}

/** Masks data: texts, numbers in either carrier, dates, and keys. Lists and maps without a secret stay the same objects. */
function maskValue(value: Value | undefined, secrets: Secrets): Value | undefined {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  if (typeof value !== 'object') return maskScalar(value, String(value), secrets);
  if (isList(value)) {
    const items = value.map((item) => maskValue(item, secrets) ?? null);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (isKeyedMap(value)) {
    return new Map(
      [...value].map(([key, item]) => [maskValue(key, secrets) ?? null, maskValue(item, secrets) ?? null]),
    );
  }
  return isMap(value) ? maskMap(value, secrets) : maskScalar(value, String(value), secrets);
}

function maskScalar(value: Value, text: string, secrets: Secrets): Value {
  const masked = secrets.maskText(text);
  return masked === text ? value : masked;
}

function maskMap(map: ValueMap, secrets: Secrets): ValueMap {
  const entries: [string, Value][] = [];
  let isChanged = false;
  for (const [key, value] of Object.entries(map)) {
    const masked = maskValue(value, secrets) ?? null;
    const maskedKey = key.length < SHORTEST_PART ? key : secrets.maskText(key);
    isChanged ||= masked !== value || maskedKey !== key;
    entries.push([maskedKey, masked]);
  }
  if (!isChanged) return map;
  if (isCaseless(map)) return createCaselessMap(entries);
  const copy: { [key: string]: Value } = {};
  for (const [key, value] of entries) setKey(copy, key, value);
  return copy;
}

function isPlainMap(values: object): values is { readonly [name: string]: Value } {
  return !Array.isArray(values) && !(values instanceof Map);
}
