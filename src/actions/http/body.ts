import { isUtf8 } from 'node:buffer';
import type { Value } from '../../expr/index.ts';
import { describeJsonMistake, readJson } from '../../expr/index.ts';

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
  const kind = readKind(contentType);
  const { type, isJson } = kind;
  if (bytes.length === 0) return { body: kind.isText && !isJson ? '' : null };
  if (kind.isBinary) return { body: bytes.toString('base64') };
  const text = decodeAs(bytes, kind);
  if (text === undefined) {
    const note =
      type === ''
        ? undefined
        : `the body is not valid ${kind.charset.toUpperCase()}, though its type is \`${type}\`: given as base64`;
    return { body: bytes.toString('base64'), isMalformed: isJson, ...(note !== undefined && { note }) };
  }
  const charsetNote = kind.isKnownCharset
    ? {}
    : { note: `the charset \`${kind.charset}\` of the body is unknown: read as UTF-8` };
  const isUntypedJson = type === '' && /^\s*[[{]/.test(text);
  if (!isJson && !isUntypedJson) return { body: text, ...charsetNote };
  const maxParts = Math.floor(maxBytes / PART_BYTES);
  if (hasMoreParts(bytes, maxParts)) return { body: null, maxParts };
  const decoded = isUntypedJson ? (decodeFound(text) ?? { body: text }) : decodeJson(text, type);
  return kind.isKnownCharset ? decoded : { ...charsetNote, ...decoded };
}

/** `application/json` of `application/json; charset=utf-8`. */
export function readMediaType(contentType: string | undefined): string | undefined {
  return contentType === undefined ? undefined : readKind(contentType).type;
}

/** Bytes as the text that their content type says they are, UTF-8 without one; undefined when they are none. */
export function decodeText(bytes: Buffer, contentType: string | undefined): string | undefined {
  return decodeAs(bytes, readKind(contentType));
}

/** What a content type says of a body. */
interface Kind {
  /** In small letters, without what stands behind `;`; "" where nothing is said. */
  readonly type: string;
  readonly isJson: boolean;
  readonly isText: boolean;
  readonly isBinary: boolean;
  readonly charset: string;
  /** `charset=none` names no encoding: nearly all that is sent is UTF-8. */
  readonly isKnownCharset: boolean;
}

/** Types that were read before: a service has a few, and under load each answer says one of them. */
const known = new Map<string, Kind>();
const MOST_KNOWN = 64;

function readKind(contentType = ''): Kind {
  let kind = known.get(contentType);
  if (!kind) {
    kind = describeKind(contentType);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(contentType, kind);
  }
  return kind;
}

function describeKind(contentType: string): Kind {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const charset = readCharset(contentType);
  const isText = TEXT_TYPE.test(type);
  return {
    type,
    isJson: JSON_TYPE.test(type),
    isText,
    isBinary: BINARY_TYPE.test(type) && !isText,
    charset,
    isKnownCharset: isKnownCharset(charset),
  };
}

function decodeAs(bytes: Buffer, { charset: given, isKnownCharset: isKnown }: Kind): string | undefined {
  const charset = isKnown ? given : 'utf-8';
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

function isKnownCharset(charset: string): boolean {
  if (charset === 'utf-8') return true;
  try {
    return new TextDecoder(charset) !== undefined;
  } catch {
    return false;
  }
}

function readCharset(contentType: string): string {
  return /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
}

function decodeJson(text: string, type: string): DecodedBody {
  const decoded = decodeFound(text);
  if (decoded === undefined) {
    const mistake = describeJsonMistake(text) ?? 'a part of it is malformed';
    return {
      body: text,
      note: `the body is not valid JSON, though its type is \`${type}\`: given as text; ${mistake}`,
      isMalformed: true,
      isUnfinished: isUnfinished(text),
    };
  }
  return decoded;
}

/** What a text says as JSON; undefined when it is none. */
function decodeFound(text: string): DecodedBody | undefined {
  const read = readOr(text);
  if (read === undefined) return undefined;
  const { value: body, twin } = read;
  if (twin === undefined) return { body };
  return { body, note: `\`${twin}\` occurs twice as a key in a map of the body: the last one counts` };
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

function readOr(text: string): ReturnType<typeof readJson> | undefined {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}
