import { formatValue, type Value } from '../../expr/index.ts';
import type { Exchange, HttpExchange, SqlExchange } from '../../model/exchange.ts';
import type { Moment } from '../judge/course.ts';
import { type Look, readId } from './look.ts';
import { listShownIds } from './read-http.ts';

const CREATED = 201;
/** What an answer says that only promises to do it later. */
const ACCEPTED = 202;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const SAFE_SQL = /^\s*(?:select|show|explain|values|table|begin|commit|set|start|analyze|describe)\b/i;
const SAFE_REDIS =
  /^(?:get|mget|getrange|strlen|exists|ttl|pttl|type|keys|scan|hget|hmget|hgetall|hkeys|hvals|hlen|hexists|lrange|llen|lindex|smembers|sismember|scard|zrange|zscore|zcard|ping|info|dbsize|time)$/i;
const MAX_TEXT = 1_000_000;

/** What a step's exchange may have changed; undefined where it only looked. `begun` are the things that a wait saw no more of than their beginning. */
export function readMoment(exchange: Exchange, look: Look, begun: ReadonlySet<string>): Moment | undefined {
  if (exchange.protocol === 'http') return readRequest(exchange, look);
  if (exchange.protocol === 'sql') return readWrite(exchange, look);
  if (exchange.protocol === 'redis') {
    const [name = ''] = exchange.command;
    return SAFE_REDIS.test(name) ? undefined : makeTouch(look, exchange.command.join(' '));
  }
  const { sent } = exchange;
  if (!sent) return { kind: 'pause', index: look.index, begun };
  const texts = (sent.messages ?? []).map(({ key = '', value = '' }) => `${key} ${value}`);
  return makeTouch(look, texts.join('\n'));
}

function readRequest(exchange: HttpExchange, look: Look): Moment | undefined {
  const { method, url, body } = exchange.request;
  if (SAFE_METHODS.has(method)) return undefined;
  const parts = body?.kind === 'parts' ? body.parts.map(({ text = '' }) => text).join('\n') : (body?.text ?? '');
  const { status = 0 } = exchange.response ?? {};
  const shown = status === ACCEPTED ? [] : listShownIds(exchange);
  const isMaking = method === 'POST' && status === CREATED;
  return makeTouch(look, `${decode(url)}\n${parts}`, { shown, isMaking });
}

function readWrite({ statements, response }: SqlExchange, look: Look): Moment | undefined {
  const writing = statements.filter(({ text }) => !SAFE_SQL.test(text));
  if (writing.length === 0) return undefined;
  const texts = writing.map(({ text, parameters }) => [text, ...parameters.map(({ value }) => write(value))].join(' '));
  const returned = (response?.rows ?? []).flatMap((row) => readId(row['id']) ?? []);
  const isMaking = writing.every(({ text }) => /^\s*insert\b/i.test(text));
  return makeTouch(look, texts.join('\n'), { shown: returned, isMaking });
}

function makeTouch(
  { index, begunAt }: Look,
  text: string,
  { shown = [], isMaking = false }: { shown?: readonly string[]; isMaking?: boolean } = {},
): Moment {
  const sent = text.slice(0, MAX_TEXT).toLowerCase();
  return { kind: 'touch', index, begunAt, text: sent, shows: new Set(shown), isMaking };
}

function write(value: Value): string {
  return typeof value === 'string' ? value : formatValue(value, MAX_TEXT);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
