import { isUtf8 } from 'node:buffer';
import { ExprError, formatValue, isEqual, isList, isMap, parseJson, type Value } from '../../expr/index.ts';

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

/** In brackets, why a text is not what was expected though it looks like it, and how to write what is there; empty when nothing is known. */
export function describeText(actual: Value | undefined, expected: Value): string {
  if (typeof actual !== 'string') return '';
  const reading = readJsonText(actual);
  const found = describeBytes(actual, expected) ?? (reading && describeReading(reading, actual, expected));
  return found === undefined ? '' : ` (${found})`;
}

function describeReading(reading: NonNullable<Reading>, actual: string, expected: Value): string | undefined {
  if ('problem' in reading) return isStructure(expected) ? `it is not JSON: ${reading.problem}` : undefined;
  const { json } = reading;
  if (isEqual(json, expected))
    return typeof json === 'string'
      ? `it is a JSON text: write it with its quotes, ${`'${actual.trim()}'`}`
      : `it is text: write ${formatValue(actual.trim())}, or \`string(…)\` of a name`;
  const inner = typeof json === 'string' ? readJsonText(json) : undefined;
  return inner && 'json' in inner && isStructure(inner.json)
    ? 'it is JSON inside of a JSON text: it was encoded twice'
    : undefined;
}

/** What bytes are that are no text: those in base64, and those with control characters. */
function describeBytes(text: string, expected: Value): string | undefined {
  const bytes = readBytes(text);
  if (!bytes) return undefined;
  if (isStructure(expected) && bytes.length > 5 && bytes[0] === 0)
    return `bytes as serializers of a schema registry write them, with schema ${bytes.readInt32BE(1)}: Avro and Protobuf are not decoded`;
  if (bytes.length === 4) return `4 bytes, ${bytes.readInt32BE()} as a whole number: ${asShown}`;
  if (bytes.length === 8) return `8 bytes, ${bytes.readBigInt64BE()} as a whole number: ${asShown}`;
  return `${bytes.length} bytes that are not text: ${asShown}`;
}

const asShown = 'they match by the text that is shown';

function readBytes(text: string): Buffer | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0008\u000e-\u001f]/.test(text)) return Buffer.from(text);
  if (text.length < 4 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return isUtf8(bytes) ? undefined : bytes;
}
