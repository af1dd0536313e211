import { isUtf8 } from 'node:buffer';
import type { Value } from '../../expr/index.ts';
import { describeJsonMistake, findTwinKey, parseJson } from '../../expr/index.ts';

export interface DecodedBody {
  readonly body: Value;
  /** What was unexpected about it. */
  readonly note?: string;
  /** Whether it is text that should have been JSON, and ends in the middle of it. */
  readonly isUnfinished?: boolean;
  /** Whether its type says that it is JSON, and it is none. */
  readonly isMalformed?: boolean;
  /** How many lists and maps may be made of its JSON, which has more: it was not read. */
  readonly maxParts?: number;
}

/** What a list or map takes in memory at least, however short it is written. */
const PART_BYTES = 32;
const OPEN_LIST = 0x5b;
const OPEN_MAP = 0x7b;

const JSON_TYPE = /^(application|text)\/json$|\+json$/;
const TEXT_TYPE =
  /^text\/|^application\/(javascript|ecmascript|xml|x-www-form-urlencoded|yaml|graphql|toml|x-ndjson)$|\+(xml|yaml|text)$/;
const BINARY_TYPE =
  /^(image|audio|video|font)\/|^application\/(octet-stream|pdf|zip|gzip|x-tar|x-7z-compressed|x-protobuf|protobuf|msgpack|x-msgpack|cbor|avro|wasm|vnd\.(ms-|openxmlformats).*)$/;

/**
 * Reads a body by its content type: JSON as its value, text as it is, other bytes as base64. Without a type, JSON objects and
 * arrays are read too, unless they would take far more than `maxBytes`. An empty body is nil, or "" when the type says text.
 */
export function decodeBody(
  bytes: Buffer,
  contentType: string | undefined,
  maxBytes = Number.POSITIVE_INFINITY,
): DecodedBody {
  const type = readMediaType(contentType) ?? '';
  if (bytes.length === 0) return { body: TEXT_TYPE.test(type) && !JSON_TYPE.test(type) ? '' : null };
  if (BINARY_TYPE.test(type) && !TEXT_TYPE.test(type)) return { body: bytes.toString('base64') };
  const text = decodeText(bytes, contentType);
  if (text === undefined) {
    const charset = readCharset(contentType).toUpperCase();
    const note =
      type === '' ? undefined : `the body is not valid ${charset}, though its type is \`${type}\`: given as base64`;
    return { body: bytes.toString('base64'), isMalformed: JSON_TYPE.test(type), ...(note !== undefined && { note }) };
  }
  const charsetNote = describeUnknownCharset(contentType);
  const isUntypedJson = type === '' && /^\s*[[{]/.test(text);
  if (!JSON_TYPE.test(type) && !isUntypedJson) return { body: text, ...charsetNote };
  const maxParts = Math.floor(maxBytes / PART_BYTES);
  if (hasMoreParts(bytes, maxParts)) return { body: null, maxParts };
  const decoded = isUntypedJson ? { body: parseOr(text, text) } : decodeJson(text, type);
  return charsetNote.note === undefined ? decoded : { ...charsetNote, ...decoded };
}

/** `application/json` of `application/json; charset=utf-8`. */
export function readMediaType(contentType: string | undefined): string | undefined {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase();
}

/** Bytes as the text that their content type says they are, UTF-8 without one; undefined when they are none. */
export function decodeText(bytes: Buffer, contentType: string | undefined): string | undefined {
  const charset = isKnownCharset(contentType) ? readCharset(contentType) : 'utf-8';
  if (charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii') {
    if (!isUtf8(bytes)) return undefined;
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return bytes.toString('utf8', hasMark ? 3 : 0);
  }
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** `charset=none` names no encoding: nearly all that is sent is UTF-8. */
function describeUnknownCharset(contentType: string | undefined): { readonly note?: string } {
  if (isKnownCharset(contentType)) return {};
  return { note: `the charset \`${readCharset(contentType)}\` of the body is unknown: read as UTF-8` };
}

function isKnownCharset(contentType: string | undefined): boolean {
  const charset = readCharset(contentType);
  if (charset === 'utf-8') return true;
  try {
    return new TextDecoder(charset) !== undefined;
  } catch {
    return false;
  }
}

function readCharset(contentType: string | undefined): string {
  return /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
}

function decodeJson(text: string, type: string): DecodedBody {
  const parsed = parseOr(text, undefined);
  if (parsed === undefined) {
    const mistake = describeJsonMistake(text) ?? 'a part of it is malformed';
    return {
      body: text,
      note: `the body is not valid JSON, though its type is \`${type}\`: given as text; ${mistake}`,
      isMalformed: true,
      isUnfinished: isUnfinished(text),
    };
  }
  const twin = findTwinKey(text, parsed);
  if (twin === undefined) return { body: parsed };
  return { body: parsed, note: `\`${twin}\` occurs twice as a key in a map of the body: the last one counts` };
}

/** Whether a text of JSON ends within quotes or brackets. */
function isUnfinished(json: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (isQuoted && char === '\\') at++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === '{' || char === '[')) depth++;
    else if (!isQuoted && (char === '}' || char === ']')) depth--;
  }
  return isQuoted || depth > 0;
}

/** Whether JSON may have more lists and maps than that. */
function hasMoreParts(json: Buffer, maxParts: number): boolean {
  let count = 0;
  if (json.length <= maxParts) return false;
  for (let at = 0; at < json.length && count <= maxParts; at++)
    if (json[at] === OPEN_LIST || json[at] === OPEN_MAP) count++;
  return count > maxParts;
}

function parseOr<T>(text: string, fallback: T): Value | T {
  try {
    return parseJson(text);
  } catch {
    return fallback;
  }
}
