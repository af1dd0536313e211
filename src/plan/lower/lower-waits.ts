import { findEntry, type MapNode } from '../../source/yaml/node.ts';
import type { PlanContext } from '../read/context.ts';
import { describeNode } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { type Field, type KeyTable, readFields } from '../read/keys.ts';
import { lowerDatabase } from './lower-db-poll.ts';
import { lowerHttp, lowerTcp } from './lower-wait-for.ts';
import { makeMap, makeScalar, replaceEntry } from './synthetic.ts';
import { type Look, makeLook, reportNeeded, type WaitSource } from './wait-source.ts';

/** Settings of a poll that its other spellings have too. */
const POLL_KEYS: KeyTable = {
  timeout: true,
  max_duration: { aliasOf: 'timeout' },
  interval: true,
  poll_interval: { aliasOf: 'interval' },
  max_interval: true,
  backoff: true,
  max_attempts: true,
  fail_when: true,
};

/** Settings that only the other spellings have. */
const WAIT_KEYS: KeyTable = { ...POLL_KEYS, on_timeout: true };

/** Their keys, by their words. */
export const WAIT_TABLES: Readonly<Record<string, KeyTable>> = {
  db_poll: {
    ...WAIT_KEYS,
    connection: true,
    connection_string: { aliasOf: 'connection' },
    query: 'needed',
    params: true,
    max_rows: true,
    condition: true,
    expected_rows: true,
    column: true,
    expected_value: true,
  },
  wait_for: {
    ...WAIT_KEYS,
    type: true,
    url: true,
    method: true,
    headers: true,
    host: true,
    port: true,
    status_code: true,
    expected_status: { aliasOf: 'status_code' },
    json_path: true,
    json_value: true,
    expected_value: { aliasOf: 'json_value' },
  },
  wait_until: { ...WAIT_KEYS, condition: 'needed', steps: 'needed' },
};

/** A wait in other words, as the poll that it means. */
export interface LoweredWait {
  readonly node: MapNode;
  /** Whether its settings do not say what it means (the findings are reported). */
  readonly isBroken: boolean;
}

/** Rewrites `db_poll`, `wait_for` and `wait_until` as `poll`; what was authored keeps its place. Other steps stay as they are. */
export function lowerWait(node: MapNode, { findings, flowSettings }: PlanContext): LoweredWait {
  const action = findEntry(node, 'action')?.value;
  const name = action?.kind === 'scalar' ? action.text.text : '';
  const table = Object.hasOwn(WAIT_TABLES, name) ? WAIT_TABLES[name] : undefined;
  if (!action || !table) return { node, isBroken: false };
  const config = findEntry(node, 'config')?.value;
  if (config && config.kind !== 'map' && !(config.kind === 'scalar' && config.value === null)) {
    findings.error(CODES.wrongValue, `\`config\`: expected a map, got ${describeNode(config)}`, config.span);
    return { node, isBroken: true };
  }
  const settings = config?.kind === 'map' ? config : makeMap({}, action.span);
  const kind = name === 'wait_for' ? findKindKey(settings) : undefined;
  if (kind) {
    const message = `unknown key \`${kind.key.text.text}\` in \`wait_for\``;
    findings.error(CODES.unknownKey, message, kind.key.span, [suggestKind(kind)]);
    return { node, isBroken: true };
  }
  const fields = readFields(settings, { table, what: `\`${name}\`` }, findings);
  const look = lower({ name, fields, anchor: action.span, findings, flowSettings });
  if (!look) return { node, isBroken: true };
  const kept = Object.fromEntries(Object.keys(POLL_KEYS).map((key) => [key, fields.get(key)?.value]));
  const poll = makeMap({ ...look, ...kept }, settings.span);
  const lowered = replaceEntry(replaceEntry(node, 'action', makeScalar('poll', action.span)), 'config', poll);
  return { node: readOnTimeout(lowered, fields.get('on_timeout'), findings), isBroken: false };
}

type Entry = MapNode['entries'][number];

/** `{tcp: "localhost:5432"}`: the kind of a `wait_for` as a key, where nothing else says what is waited for. */
function findKindKey({ entries }: MapNode): Entry | undefined {
  const names = entries.map(({ key }) => key.text.text);
  if (['type', 'url', 'host', 'port'].some((key) => names.includes(key))) return undefined;
  return entries.find(({ key }) => /^(?:tcp|https?|port_open|socket)$/.test(key.text.text));
}

/** How it is written, with what stands behind the key. */
function suggestKind({ key, value }: Entry): string {
  const textOf = (name: string): string | undefined => {
    const inner = findEntry(value, name)?.value;
    return inner?.kind === 'scalar' ? inner.text.text : undefined;
  };
  const text = value.kind === 'scalar' ? value.text.text : '';
  if (/^http/.test(key.text.text)) return `write \`type: http\` and \`url: ${quoteText(textOf('url') ?? text)}\``;
  const [, host = '', port] = /^(?:\w+:\/\/)?(?:\[?([^\]/]*?)\]?:)?(\d+)\/?$/.exec(text) ?? [];
  const written = { host: textOf('host') ?? (host || 'localhost'), port: textOf('port') ?? port ?? '5432' };
  return `write \`type: tcp, host: ${quoteText(written.host)}, port: ${written.port}\``;
}

function quoteText(text: string): string {
  return /^[A-Za-z][\w.-]*$/.test(text) ? text : JSON.stringify(text);
}

/** `on_timeout`: what `on_error` of the step says. */
function readOnTimeout(node: MapNode, field: Field | undefined, findings: Findings): MapNode {
  if (!field) return node;
  const { key, value } = field;
  const word = value.kind === 'scalar' ? value.text.text : '';
  const meant = { fail: 'fail', error: 'fail', abort: 'fail', continue: 'continue' }[word];
  const own = findEntry(node, 'on_error');
  if (meant === undefined)
    findings.error(
      CODES.wrongValue,
      `\`on_timeout\`: expected \`fail\` or \`continue\`, got ${describeNode(value)}`,
      value.span,
    );
  else if (own) {
    const message = '`on_error` and `on_timeout` mean the same: write one of them';
    findings.error(CODES.bothSpellings, message, key.span, ['keep `on_error`']);
  } else return replaceEntry(node, 'on_error', makeScalar(meant, value.span));
  return node;
}

function lower(source: WaitSource): Look | undefined {
  if (source.name === 'db_poll') return lowerDatabase(source);
  if (source.name === 'wait_until') return lowerSteps(source);
  const { fields } = source;
  const type = fields.get('type')?.value;
  const word = type?.kind === 'scalar' ? type.text.text : undefined;
  const kind = word ?? (fields.has('host') || fields.has('port') ? 'tcp' : 'http');
  if (kind === 'http') return lowerHttp(source);
  if (kind === 'tcp') return lowerTcp(source);
  const got = type ? describeNode(type) : 'nothing';
  source.findings.error(
    CODES.wrongValue,
    `\`type\`: expected \`http\` or \`tcp\`, got ${got}`,
    type?.span ?? source.anchor,
  );
  return undefined;
}

function lowerSteps(source: WaitSource): Look | undefined {
  const steps = source.fields.get('steps');
  const condition = source.fields.get('condition');
  if (!steps) return reportNeeded(source, 'steps', 'steps: [{action: …, config: …}]');
  if (!condition) return reportNeeded(source, 'condition', "condition: status == 'paid'");
  return { step: makeLook('steps', { steps: steps.value }, steps.key.span), until: condition.value };
}
