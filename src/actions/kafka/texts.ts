import { ExprError, formatValue, isEqual, isList, isMap, parseJson, type Value } from '../../expr/index.ts';
import { countOf } from '../../util/count.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000e-\u001f]/;

/** What a text may hold that is not a text. */
type Reading = { readonly json: Value } | { readonly problem: string } | undefined;

/** The JSON in a text, when it begins like JSON; what is wrong with it, when it cannot be read. */
export function readJsonText(text: string): Reading {
  if (!/^\s*[[{"\-\dtfn]/.test(text)) return undefined;
  try {
    return { json: parseJson(text) };
  } catch (error) {
    return /^\s*[[{]/.test(text) && error instanceof ExprError ? { problem: error.message } : undefined;
  }
}

/** Whether a value is one that text can only hold as JSON. */
export function isStructure(value: Value): boolean {
  return isMap(value) || isList(value);
}

/** A text as it came. */
export interface TextAsCome {
  readonly actual: Value | undefined;
  readonly expected: Value;
  /** Its bytes, when they are not text and it is their base64. */
  readonly bytes?: Buffer | undefined;
}

/** In brackets, why a text is not what was expected though it looks like it, and how to write what is there; empty when nothing is known. */
export function describeText({ actual, expected, bytes }: TextAsCome): string {
  if (typeof actual !== 'string') return '';
  const raw = bytes ?? (CONTROL.test(actual) ? Buffer.from(actual) : undefined);
  const found = raw ? describeBytes(raw, expected) : describeReading(actual, expected);
  return found === undefined ? '' : ` (${found})`;
}

function describeReading(actual: string, expected: Value): string | undefined {
  const reading = readJsonText(actual);
  if (!reading) return undefined;
  if ('problem' in reading) return isStructure(expected) ? `it is not JSON: ${reading.problem}` : undefined;
  const { json } = reading;
  if (isEqual(json, expected))
    return typeof json === 'string'
      ? `it is a JSON text: write it with its quotes, '${actual.trim()}'`
      : `it is text: write ${formatValue(actual.trim())}, or \`string(…)\` of a name`;
  const inner = typeof json === 'string' ? readJsonText(json) : undefined;
  if (!inner || !('json' in inner) || !isStructure(inner.json)) return undefined;
  return 'it is JSON inside a JSON text: it was encoded twice';
}

/** What bytes are that are no text, or text with control characters. */
function describeBytes(bytes: Buffer, expected: Value): string {
  const asShown = 'they match by the text that is shown';
  if (isStructure(expected) && bytes.length > 5 && bytes[0] === 0)
    return `bytes as serializers of a schema registry write them, with schema ${bytes.readInt32BE(1)}: Avro and Protobuf are not decoded`;
  if (bytes.length === 4) return `4 bytes, ${bytes.readInt32BE()} as a whole number: ${asShown}`;
  if (bytes.length === 8) return `8 bytes, ${bytes.readBigInt64BE()} as a whole number: ${asShown}`;
  return `${countOf(bytes.length, 'byte')} that are not text: ${asShown}`;
}
