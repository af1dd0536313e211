import { findEntry, type MapNode, type Node } from '../../source/yaml/node.ts';
import type { PlanContext } from '../read/context.ts';
import { describeNode } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { type KeyTable, readFields } from '../read/keys.ts';
import { lowerHttp, lowerTcp } from './lower-wait-for.ts';
import { makeMap, makeScalar, replaceEntry, writeExpression } from './synthetic.ts';
import { type Look, makeLook, reportNeeded, type WaitSource, writeComparison } from './wait-source.ts';

/** Settings of a poll that its other spellings have too. */
const POLL_KEYS: KeyTable = {
  timeout: true,
  interval: true,
  poll_interval: { aliasOf: 'interval' },
  max_interval: true,
  backoff: true,
  max_attempts: true,
  fail_when: true,
};

const TABLES: Readonly<Record<string, KeyTable>> = {
  db_poll: {
    ...POLL_KEYS,
    connection: 'needed',
    connection_string: { aliasOf: 'connection' },
    query: 'needed',
    params: true,
    max_rows: true,
    condition: true,
    expected_rows: true,
  },
  wait_for: {
    ...POLL_KEYS,
    type: true,
    url: true,
    method: true,
    headers: true,
    host: true,
    port: true,
    status_code: true,
    json_path: true,
    json_value: true,
  },
  wait_until: { ...POLL_KEYS, condition: 'needed', steps: 'needed' },
};

/** A wait in other words, as the poll that it means. */
export interface LoweredWait {
  readonly node: MapNode;
  /** Whether its settings do not say what it means (the findings are reported). */
  readonly isBroken: boolean;
}

/** Rewrites `db_poll`, `wait_for` and `wait_until` as `poll`; what was authored keeps its place. Other steps stay as they are. */
export function lowerWait(node: MapNode, { findings }: PlanContext): LoweredWait {
  const action = findEntry(node, 'action')?.value;
  const name = action?.kind === 'scalar' ? action.text.text : '';
  const table = Object.hasOwn(TABLES, name) ? TABLES[name] : undefined;
  if (!action || !table) return { node, isBroken: false };
  const config = findEntry(node, 'config')?.value;
  if (config && config.kind !== 'map' && !(config.kind === 'scalar' && config.value === null)) {
    findings.error(CODES.wrongValue, `\`config\`: expected a map, got ${describeNode(config)}`, config.span);
    return { node, isBroken: true };
  }
  const settings = config?.kind === 'map' ? config : makeMap({}, action.span);
  const fields = readFields(settings, { table, what: `\`${name}\`` }, findings);
  const look = lower({ name, fields, anchor: action.span, findings });
  if (!look) return { node, isBroken: true };
  const kept = Object.fromEntries(Object.keys(POLL_KEYS).map((key) => [key, fields.get(key)?.value]));
  const poll = makeMap({ ...look, ...kept }, settings.span);
  return {
    node: replaceEntry(replaceEntry(node, 'action', makeScalar('poll', action.span)), 'config', poll),
    isBroken: false,
  };
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

function lowerDatabase(source: WaitSource): Look | undefined {
  const { fields, anchor, findings } = source;
  const connection = fields.get('connection');
  const query = fields.get('query');
  if (!connection) reportNeeded(source, 'connection', 'connection: "{{DB_URL}}"');
  if (!query) reportNeeded(source, 'query', 'query: "SELECT …"');
  const condition = fields.get('condition');
  const rows = fields.get('expected_rows');
  if (condition && rows) {
    findings.error(CODES.bothSpellings, '`condition` and `expected_rows` both say what is waited for', rows.key.span, [
      'write one of them: `condition: row_count == 2`',
    ]);
    return undefined;
  }
  const until = rows ? expectRows(rows.value, findings) : readCondition(condition?.value, source);
  if (!connection || !query || !until) return undefined;
  const [params, maxRows] = ['params', 'max_rows'].map((key) => fields.get(key)?.value);
  const config = { connection: connection.value, query: query.value, params, max_rows: maxRows };
  return { step: makeLook('database_query', config, anchor), until };
}

function expectRows(node: Node, findings: Findings): Node | undefined {
  if (node.kind === 'scalar' && (typeof node.value === 'number' || /^(?:\d+|\{\{.*\}\})$/.test(node.text.text)))
    return makeScalar(`row_count == ${node.text.text}`, node.span);
  const help = ['to compare what is in them, write `condition: "rows[0].status == \'paid\'"`'];
  findings.error(CODES.wrongValue, `\`expected_rows\`: expected a number, got ${describeNode(node)}`, node.span, help);
  return undefined;
}

/** An expression, or `{type, column, value, min_count}`; absent: at least one row. */
function readCondition(node: Node | undefined, { anchor, findings }: WaitSource): Node | undefined {
  if (!node) return makeScalar('row_count > 0', anchor);
  if (node.kind !== 'map') return node;
  const table: KeyTable = { type: 'needed', column: true, value: true, min_count: true };
  const fields = readFields(node, { table, what: '`condition`' }, findings);
  const type = fields.get('type')?.value;
  const word = type?.kind === 'scalar' ? type.text.text : '';
  const place = type?.span ?? node.span;
  const column = fields.get('column')?.value;
  const cell = column && `first_row[${writeExpression(column)}]`;
  const value = fields.get('value')?.value;
  const count = fields.get('min_count')?.value;
  if (word === 'row_exists') return makeScalar('row_count > 0', place);
  if (word === 'row_count')
    return makeScalar(`row_count >= ${count ? writeExpression(count) : '1'}`, count?.span ?? place);
  if (word === 'value_not_null' && cell) return makeScalar(`first_row != nil and ${cell} != nil`, column.span);
  if (word === 'value_equals' && cell && value)
    return makeScalar(`first_row != nil and ${writeComparison(cell, value)}`, value.span);
  const needs = { value_not_null: '`column`', value_equals: '`column` and `value`' }[word];
  const message = needs
    ? `\`condition\` of type \`${word}\` needs ${needs}`
    : `\`type\`: expected row_exists, row_count, value_equals or value_not_null, got ${type ? describeNode(type) : 'nothing'}`;
  findings.error(CODES.wrongValue, message, place, ['or write it as an expression: `condition: row_count > 0`']);
  return undefined;
}
