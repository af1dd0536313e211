import { isUtf8 } from 'node:buffer';
import type { RedisReply } from '../../drivers/redis/redis.ts';
import { describeJsonMistake, parseJson, readJson, setKey, type Value } from '../../expr/index.ts';
import type { ActionIo } from '../../model/action/io.ts';

/** Commands that answer with a flat list of names and values. */
const GIVES_PAIRS = /^(HGETALL|CONFIG GET)$/i;

/** An answer as a value: texts as they are (base64 when they are not UTF-8), numbers exact, pairs of HGETALL as a map. */
export function readReply(reply: RedisReply, command: readonly string[]): Value {
  const value = readAny(reply);
  const isPairs = GIVES_PAIRS.test(command[0] ?? '') || GIVES_PAIRS.test(command.slice(0, 2).join(' '));
  if (!isPairs || !Array.isArray(value)) return value;
  const map: Record<string, Value> = {};
  for (let at = 0; at + 1 < value.length; at += 2) setKey(map, String(value[at]), value[at + 1] ?? null);
  return map;
}

/** What a text says as JSON; nil when it is none. A key that stands twice in a map of it is noted. */
export function readValueAsJson(value: Value, io: Pick<ActionIo, 'report'>): Value {
  if (typeof value !== 'string') return null;
  try {
    const { value: json, twin } = readJson(value);
    if (twin !== undefined)
      io.report.note(`\`${twin}\` occurs twice as a key in a map of \`json\`: the last one counts`);
    return json;
  } catch {
    return null;
  }
}

/** Why a value that is there says nothing as JSON. */
export function explainNoJson(value: Value): string {
  const text = typeof value === 'string' ? value : '';
  const mistake = /^\s*[{[]/.test(text) ? describeJsonMistake(text) : undefined;
  if (mistake !== undefined) return `the value begins like JSON, but is not JSON: ${mistake}`;
  return text.trim() === 'null' ? 'the value is the text `null`' : 'the value is not JSON: test it as a text, `value`';
}

/** A count, as Redis answers it. */
export function readCount(reply: RedisReply): number {
  return typeof reply === 'string' ? Number(reply) : 0;
}

function readAny(reply: RedisReply): Value {
  if (reply === null) return null;
  if (typeof reply === 'string') return parseJson(reply);
  if (reply instanceof Error) return reply.message;
  return Buffer.isBuffer(reply) ? readText(reply) : (reply as readonly RedisReply[]).map(readAny);
}

function readText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString() : bytes.toString('base64');
}

/** Commands that answer when a key ends, or in how long. */
const GIVES_TIME = /^(P?TTL|P?EXPIRETIME)$/i;

/** What the numbers below 0 mean that stand for a time: a key that is not there, or never ends. */
export function describeEndless(command: readonly string[], value: Value): string | undefined {
  if (!GIVES_TIME.test(command[0] ?? '')) return undefined;
  if (value === -2) return '-2: there is no such key';
  return value === -1 ? '-1: the key does not expire' : undefined;
}
