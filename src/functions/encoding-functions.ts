import { createHash, createHmac } from 'node:crypto';
import type { FunctionDef, Value } from '../expr/index.ts';
import { ExactNumber, isMap, parseJson, stringifyJson } from '../expr/index.ts';
import { argumentError, type Call, takeChoice, takeText } from './arguments.ts';

/** Encodings and digests of text; bytes are UTF-8. */
export const encodingFunctions: readonly FunctionDef[] = [
  define('base64', [1, 1], 'the text in base64', (call) => Buffer.from(takeText(call), 'utf8').toString('base64')),
  {
    ...define('base64_decode', [1, 1], 'the text that base64 or base64url encodes', (call) =>
      decodeText(call, takeText(call)),
    ),
    derives: true,
  },
  define('sha256', [1, 2], 'SHA-256 of a text, in "hex" or "base64"', (call) =>
    createHash('sha256')
      .update(takeText(call), 'utf8')
      .digest(takeChoice(call, 1, ['hex', 'base64', 'base64url'])),
  ),
  define('hmac_sha256', [2, 3], 'HMAC-SHA-256 of a text with a key, in "hex" or "base64"', (call) =>
    createHmac('sha256', takeText(call, 1))
      .update(takeText(call), 'utf8')
      .digest(takeChoice(call, 2, ['hex', 'base64', 'base64url'])),
  ),
  define('url_encode', [1, 1], 'the text as a part of a URL', encodeForUrl),
  define('json', [1, 1], 'the value as JSON text', ({ args }) => stringifyJson(args[0] ?? null)),
  define(
    'jwt_decode',
    [1, 2],
    'the claims of a JSON Web Token, or its "header"; the signature is not checked',
    decodeJwt,
  ),
];

function define(
  name: string,
  [minArgs, maxArgs]: readonly [number, number],
  summary: string,
  run: (call: Call) => Value,
): FunctionDef {
  return { name, minArgs, maxArgs, pure: true, summary, call: (args) => run({ name, args }) };
}

function decodeText(call: Call, text: string): string {
  const compact = text.replaceAll(/\s/g, '');
  const hasOddLength = compact.replace(/=+$/, '').length % 4 === 1;
  if (hasOddLength || !/^[\w+/-]*={0,2}$/.test(compact))
    throw argumentError(`\`${call.name}\` needs base64, got ${quote(text)}`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(compact, 'base64'));
  } catch {
    throw argumentError(`\`${call.name}\`: the bytes are not UTF-8 text`);
  }
}

function encodeForUrl(call: Call): string {
  const [value = null] = call.args;
  const isScalar = typeof value === 'number' || typeof value === 'boolean' || value instanceof ExactNumber;
  const text = isScalar ? String(value) : takeText(call);
  // A half of a surrogate pair has no UTF-8 form.
  const whole = text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
  return encodeURIComponent(whole).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decodeJwt(call: Call): Value {
  const token = takeText(call).replace(/^Bearer\s+/i, '');
  const part = takeChoice(call, 1, ['payload', 'header']);
  const parts = token.split('.');
  const encoded = parts[part === 'header' ? 0 : 1];
  if (parts.length !== 3 || encoded === undefined) {
    throw argumentError(`\`jwt_decode\` needs a token of three parts with dots between them, got ${quote(token)}`);
  }
  const decoded = parsePart(call, encoded);
  if (!isMap(decoded)) throw argumentError(`\`jwt_decode\`: the ${part} of the token is not a JSON object`);
  return decoded;
}

function parsePart(call: Call, encoded: string): Value {
  const text = decodeText(call, encoded);
  try {
    return parseJson(text);
  } catch {
    throw argumentError(`\`jwt_decode\`: a part of the token is not JSON, got ${quote(text)}`);
  }
}

function quote(text: string): string {
  return text.length > 40 ? `"${text.slice(0, 40)}…"` : `"${text}"`;
}
