import type { Value } from '../../expr/index.ts';
import type { ActionResult } from '../../model/action/result.ts';
import type { Bound, Foresight } from '../../model/action/traits.ts';
import { isRecord } from '../settings/authored.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Headers by which a server knows who asks. */
const SAYS_WHO = /^(?:authorization|cookie|x-.*(?:user|tenant|account|session|token|key).*)$/i;
const SENDS = new Set(['POST', 'PUT', 'PATCH']);

/** What every answer has. */
const BOUNDS: Readonly<Record<string, Bound>> = {
  status: {
    atLeast: 100,
    atMost: 599,
    why: 'the status of every answer is from 100 to 599',
    help: 'write the status that is expected, as in `status == 200`',
  },
  'len(headers)': {
    atLeast: 1,
    why: 'every answer has headers',
    help: 'name the header that is expected, as in `headers["content-type"] == "application/json"`',
  },
};

/** The key that the result has with `save_to`. */
export function describeSaved(authored: unknown): ActionResult['keys'] | undefined {
  if (!isRecord(authored)) return undefined;
  return authored['save_to'] === undefined ? {} : { saved_to: 'string' };
}

/** Whether the request only looks: it may be sent again and again. A method from a placeholder may be any. */
export function isReading(authored: unknown): boolean {
  return isRecord(authored) && (authored['method'] === undefined || READS.has(readMethod(authored) ?? ''));
}

/** Of an answer that refuses what was asked: that it is one. */
export function describeRefusal({ status }: Readonly<Record<string, Value>>): string | undefined {
  if (typeof status !== 'number' || status < 400) return undefined;
  return `a ${status} is an answer, not an error: write \`assert: [status == ${status}]\` in place of \`expect_error\``;
}

/** Whether the request makes something that was not there. */
export function isCreating(authored: unknown): boolean {
  return readMethod(authored) === 'POST';
}

/** What is sent: servers repeat its body in their answer, and may know it again by a key. */
export function foreseeRequest(authored: unknown): Foresight {
  const method = readMethod(authored);
  const found = listFoundBy(authored);
  if (!isRecord(authored) || method === undefined) return { address: 'url', bounds: BOUNDS, found };
  const sent = SENDS.has(method) ? { key: 'body', value: authored['body'] } : undefined;
  const headers = isRecord(authored['headers']) ? Object.keys(authored['headers']) : [];
  const keys = headers.filter((name) => /idempot/i.test(name)).map((name) => ['headers', name]);
  const { url, query, body, form, multipart } = authored;
  return {
    address: 'url',
    bounds: BOUNDS,
    found,
    sent,
    repeated: keys.length === 0 ? undefined : { identity: [method, url, query, body, form, multipart], keys },
  };
}

/** Settings that say what an answer is about: of the headers only those that say who asks. */
function listFoundBy(authored: unknown): unknown {
  if (!isRecord(authored)) return [];
  const { url, query, auth, cookies, body, form, headers } = authored;
  const own = isRecord(headers) ? Object.entries(headers).filter(([name]) => SAYS_WHO.test(name)) : [];
  return [url, query, auth, cookies, body, form, ...own.map(([, value]) => value)];
}

function readMethod(authored: unknown): string | undefined {
  const method = isRecord(authored) ? authored['method'] : undefined;
  return typeof method === 'string' ? method.toUpperCase() : undefined;
}
