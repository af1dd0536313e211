import type { Span } from '../../model/source-file.ts';
import { findEntry, type Node } from '../../source/yaml/node.ts';
import type { FlowSettings } from '../read/context.ts';
import { describeNode } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { type Field, type KeyTable, readFields } from '../read/keys.ts';
import { makeScalar, writeExpression } from './synthetic.ts';
import { type Look, makeLook, reportNeeded, type WaitSource, writeComparison } from './wait-source.ts';

const CONDITION_KEYS: KeyTable = {
  type: true,
  column: true,
  value: true,
  expected_value: { aliasOf: 'value' },
  min_count: true,
};

/** `db_poll`: rows that a query gives, or a value in the first of them. */
export function lowerDatabase(source: WaitSource): Look | undefined {
  const { fields, anchor, findings, flowSettings } = source;
  const connection = fields.get('connection');
  const query = fields.get('query');
  const isGiven = connection !== undefined || hasDefaultConnection(flowSettings);
  if (!isGiven) reportNeeded(source, 'connection', 'connection: "{{DB_URL}}"');
  if (!query) reportNeeded(source, 'query', 'query: "SELECT …"');
  const [condition, rows] = ['condition', 'expected_rows'].map((key) => fields.get(key));
  const given = [condition, rows, fields.get('column') ?? fields.get('expected_value')].filter((field) => !!field);
  const [first, second] = given;
  if (first && second) {
    const message = `\`${first.key.text.text}\` and \`${second.key.text.text}\` both say what is waited for`;
    findings.error(CODES.bothSpellings, message, second.key.span, ['write one of them: `condition: row_count == 2`']);
    return undefined;
  }
  const until = rows ? expectRows(rows.value, findings) : readCondition(condition?.value, source);
  if (!isGiven || !query || !until) return undefined;
  const [params, maxRows] = ['params', 'max_rows'].map((key) => fields.get(key)?.value);
  const config = { connection: connection?.value, query: query.value, params, max_rows: maxRows };
  return { step: makeLook('database_query', config, anchor), until };
}

function hasDefaultConnection(flowSettings: FlowSettings | undefined): boolean {
  const given = flowSettings?.defaults?.get('database');
  return given !== undefined && ['connection', 'connection_string'].some((key) => findEntry(given, key) !== undefined);
}

function expectRows(node: Node, findings: Findings): Node | undefined {
  if (node.kind === 'scalar' && (typeof node.value === 'number' || /^(?:\d+|\{\{.*\}\})$/.test(node.text.text)))
    return makeScalar(`row_count == ${node.text.text}`, node.span);
  const help = ['to compare what is in them, write `condition: "rows[0].status == \'paid\'"`'];
  findings.error(CODES.wrongValue, `\`expected_rows\`: expected a number, got ${describeNode(node)}`, node.span, help);
  return undefined;
}

/** An expression, or `{type, column, value, min_count}`, of which column and value may stand beside it; absent: at least one row. */
function readCondition(node: Node | undefined, { anchor, fields, findings }: WaitSource): Node | undefined {
  if (node && node.kind !== 'map') return node;
  if (node) {
    const own = readFields(node, { table: CONDITION_KEYS, what: '`condition`' }, findings);
    return own.hasUnknown ? undefined : writeCondition(own, node.span, findings);
  }
  const hasColumn = fields.has('column') || fields.has('expected_value');
  return hasColumn ? writeCondition(renameValue(fields), anchor, findings) : makeScalar('row_count > 0', anchor);
}

function renameValue(fields: ReadonlyMap<string, Field>): ReadonlyMap<string, Field> {
  const kept = [...fields].filter(([key]) => key === 'column' || key === 'expected_value');
  return new Map(kept.map(([key, field]) => [key === 'column' ? key : 'value', field]));
}

function writeCondition(fields: ReadonlyMap<string, Field>, anchor: Span, findings: Findings): Node | undefined {
  const [type, column, value, count] = ['type', 'column', 'value', 'min_count'].map((key) => fields.get(key)?.value);
  const word = type?.kind === 'scalar' ? type.text.text : guessType(fields);
  const place = type?.span ?? anchor;
  const cell = column && `first_row[${writeExpression(column)}]`;
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

/** What is meant without a `type`. */
function guessType(fields: ReadonlyMap<string, Field>): string {
  if (fields.has('value')) return 'value_equals';
  if (fields.has('column')) return 'value_not_null';
  return fields.has('min_count') ? 'row_count' : '';
}
