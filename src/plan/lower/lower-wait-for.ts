import type { Node } from '../../source/yaml/node.ts';
import { CODES } from '../read/findings.ts';
import { makeScalar } from './synthetic.ts';
import { type Look, makeLook, reportNeeded, type WaitSource, writeComparison } from './wait-source.ts';

/** A path of keys and positions alone: `$.a.b[0]['c']`. */
const PLAIN_PATH = /^\$(?:\.[A-Za-z_]\w*|\[\d+\]|\['[^']*'\]|\["[^"]*"\])*$/;

/** `wait_for` a status, and a value in the body, of an HTTP answer. */
export function lowerHttp(source: WaitSource): Look | undefined {
  const { fields, anchor } = source;
  const url = fields.get('url');
  if (!url) return reportNeeded(source, 'url', 'url: "http://localhost:5003/health"');
  const [method, headers, status] = ['method', 'headers', 'status_code'].map((key) => fields.get(key)?.value);
  const conditions: Node[] = [
    status
      ? makeScalar(writeComparison('status', status), status.span)
      : makeScalar('status >= 200 and status < 300', anchor),
  ];
  if (fields.has('json_path') || fields.has('json_value')) {
    const value = compareBody(source);
    if (!value) return undefined;
    conditions.push(value);
  }
  const step = makeLook('http_request', { url: url.value, method, headers }, anchor);
  return { step, until: { kind: 'seq', items: conditions, span: anchor, isRaw: false } };
}

/** `wait_for` a port that accepts connections. */
export function lowerTcp(source: WaitSource): Look | undefined {
  const { fields, anchor } = source;
  const host = fields.get('host');
  const port = fields.get('port');
  if (!host) reportNeeded(source, 'host', 'host: localhost');
  if (!port) reportNeeded(source, 'port', 'port: 5432');
  if (!host || !port) return undefined;
  const config = { host: host.value, port: port.value, timeout: makeScalar('5s', anchor) };
  return { step: makeLook('tcp_connect', config, anchor), until: makeScalar('connected', anchor) };
}

function compareBody(source: WaitSource): Node | undefined {
  const { fields, findings } = source;
  const path = fields.get('json_path')?.value;
  const value = fields.get('json_value')?.value;
  if (path?.kind !== 'scalar') return reportNeeded(source, 'json_path', 'json_path: $.status');
  const authored = path.text.text.trim();
  const text = /^[A-Za-z_]/.test(authored) ? `$.${authored}` : authored;
  if (!PLAIN_PATH.test(text)) {
    const help = ['write a `poll` whose `until:` looks for it, for example `any(body.items, .id == 7)`'];
    const message = `\`json_path\`: expected keys and positions such as \`$.items[0].id\`, got \`${authored}\``;
    findings.error(CODES.path, message, path.span, help);
    return undefined;
  }
  const actual = `body${text.slice(1)}`;
  return value ? makeScalar(writeComparison(actual, value), value.span) : makeScalar(`${actual} != nil`, path.span);
}
