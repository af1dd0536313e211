import { dirname, extname, join } from 'node:path';
import { describeType, formatValue, isList, isMap, type Value } from '../../expr/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RowPlan } from '../../model/plan.ts';
import { createSourceFile, type SourceFile, type Span } from '../../model/source-file.ts';
import { type Node, toData } from '../../source/yaml/node.ts';
import { readYaml } from '../../source/yaml/read-yaml.ts';
import { countOf } from '../../util/count.ts';
import { isPasswordName, MASK } from '../../util/hidden-fields.ts';
import { isSecretName } from '../../util/secret-name.ts';
import type { PlanContext } from '../read/context.ts';
import { describeNode } from '../read/fields.ts';
import { CODES, Findings } from '../read/findings.ts';
import type { Field } from '../read/keys.ts';
import { readNamedFile } from '../read/named-file.ts';
import { readCsv } from '../read/read-csv.ts';
import { dropEscapes, findUnfilledIn } from '../read/unfilled.ts';
import { checkVariableName } from '../read/variable-name.ts';

/** The rows of a flow's data. */
export interface PlannedRows {
  readonly rows: readonly RowPlan[];
  readonly columns: readonly string[];
  /** Whether there are columns that could not be read. */
  readonly isPartial: boolean;
}

interface RowsContext extends PlanContext {
  /** Whether the flow lists secrets: which of the data they are is not known where it cannot be read. */
  readonly namesSecrets: boolean;
}

const LONGEST_LABEL = 60;

/** Reads `data:`, a CSV, JSON or YAML file or a list; undefined when there is none. */
export function planRows(field: Field | undefined, context: RowsContext): PlannedRows | undefined {
  if (!field) return undefined;
  const { value } = field;
  const rows = value.kind === 'scalar' ? readFile(field, context) : readList(value, value.span, context.findings);
  if (!rows) return { rows: [], columns: [], isPartial: true };
  const columns = [...(rows[0]?.cells.keys() ?? [])];
  for (const column of columns) warnUnfilled(column, rows, context);
  const isSound = rows.every((row) => hasColumns(row, columns, context.findings));
  return {
    rows: rows.map(({ cells }, index) => ({ number: index + 1, values: cells, label: describeRow(cells) })),
    columns,
    isPartial: !isSound,
  };
}

/** A row with its place. */
interface PlacedRow {
  readonly cells: ReadonlyMap<string, Value>;
  /** The placeholders that stand in cells, by column. */
  readonly unfilled: ReadonlyMap<string, string>;
  readonly span: Span;
}

function readFile(field: Field, context: RowsContext): readonly PlacedRow[] | undefined {
  const { findings } = context;
  if (field.value.kind !== 'scalar') return undefined;
  const name = field.value.text;
  const kind = extname(name.text).toLowerCase();
  if (!['.csv', '.json', '.yaml', '.yml'].includes(kind)) {
    const message = `\`data\`: expected a .csv, .json or .yaml file or a list, got ${describeNode(field.value)}`;
    findings.error(CODES.wrongValue, message, field.value.span);
    return undefined;
  }
  const named = readNamedFile(name, CODES.missingFile, context);
  if (!named) return undefined;
  const shown = join(dirname(context.file.path), name.text);
  const hidesLines = context.namesSecrets || (named.text.match(/[A-Za-z_$][\w$]*/g) ?? []).some(isSecretName);
  const file = createSourceFile(shown, named.absolutePath, named.text, { hidesLines });
  const found = new Findings();
  const rows = kind === '.csv' ? readCsvRows(file, name.span, found) : readYamlRows(file, name.span, found);
  findings.add(hidesLines ? found.list.map(withoutWords) : found.list);
  return rows;
}

/** What was found in a file of data without the words of the file, any of which may be a secret. */
function withoutWords(found: Diagnostic): Diagnostic {
  if (!found.span?.file.hidesLines) return found;
  const isOfRows = found.code === CODES.badData || found.code === CODES.badId;
  const hide = (text: string): string => text.replace(/`.*`/s, '`***`');
  const isJson = found.code === 'TM004' && extname(found.span.file.path).toLowerCase() === '.json';
  const broken = isJson ? 'this is not JSON from here on' : 'a value is not YAML as it was meant';
  const message = isOfRows ? hide(found.message) : broken;
  const help = isOfRows ? (found.help ?? []).map(hide) : [`\`testmesh explain ${found.code}\` lists what to look for`];
  return { ...found, message, help: [...help, 'the line is not shown, for it may hold a secret'] };
}

function readYamlRows(file: SourceFile, place: Span, findings: Findings): readonly PlacedRow[] | undefined {
  const { documents, diagnostics } = readYaml(file);
  findings.add(diagnostics);
  const [root] = documents;
  if (root) return readList(root, place, findings);
  if (diagnostics.length === 0) reportEmpty(place, findings);
  return undefined;
}

function readCsvRows(file: SourceFile, place: Span, findings: Findings): readonly PlacedRow[] | undefined {
  const read = readCsv(file);
  if ('message' in read) {
    findings.error(CODES.badData, read.message, read.span);
    return undefined;
  }
  const [head, ...rows] = read;
  if (!head || rows.length === 0) return reportEmpty(place, findings);
  const names = head.cells.map((cell) => cell.trim());
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined) {
    findings.error(CODES.badData, `two columns are called \`${twin}\``, head.span, ['give each a name of its own']);
    return undefined;
  }
  if (!names.every((name) => checkColumn(name, head.span, findings))) return undefined;
  const ragged = rows.find(({ cells }) => cells.length !== names.length);
  if (ragged) {
    const count = ragged.cells.length;
    const message = `the row has ${count} ${count === 1 ? 'cell' : 'cells'}, but the header has ${names.length} columns`;
    findings.error(CODES.badData, message, ragged.span, ['put a cell that holds the separator in double quotes']);
    return undefined;
  }
  return rows.map(({ cells, span }) => ({
    ...takeCells(names.map((name, index) => [name, cells[index] ?? ''])),
    span,
  }));
}

/** Cells as the flow gets them: nothing is filled in, and what is escaped loses its backslash. */
function takeCells(
  written: readonly (readonly [name: string, value: Value, isRaw?: boolean])[],
): Pick<PlacedRow, 'cells' | 'unfilled'> {
  const unfilled = new Map<string, string>();
  const cells = written.map(([name, value, isRaw]) => {
    if (isRaw) return [name, value] as const;
    const placeholder = findUnfilledIn(value);
    if (placeholder !== undefined) unfilled.set(name, placeholder);
    return [name, placeholder === undefined ? dropEscapes(value) : value] as const;
  });
  return { cells: new Map(cells), unfilled };
}

/** Warns once of a column in whose cells a placeholder stands that nothing fills in. */
function warnUnfilled(column: string, rows: readonly PlacedRow[], { findings, namesSecrets }: RowsContext): void {
  const found = rows.flatMap(({ unfilled, span }, index) => {
    const text = unfilled.get(column);
    return text === undefined ? [] : [{ text, span, number: index + 1 }];
  });
  const [first, ...others] = found;
  if (!first) return;
  const { text, span, number } = first;
  const what = namesSecrets || isSecretName(column) ? 'a placeholder' : `\`${text}\``;
  const more = others.length === 0 ? '' : `, as in ${countOf(others.length, 'more row')}`;
  const message = `row ${number}: \`${column}\` holds ${what}, which nothing fills in: a cell is taken as it stands${more}`;
  findings.warn(CODES.unfilled, message, span, [
    `write the placeholder in the flow, around the cell, as in \`"{{UUID}}-{{${column}}}"\`; \`\\{{\` in a cell is a literal \`{{\``,
  ]);
}

function checkColumn(name: string, span: Span, findings: Findings): boolean {
  const text = { text: name, span, locate: () => span };
  return checkVariableName({ kind: 'scalar', value: name, text, style: 'plain', span, isRaw: false }, findings);
}

function readList(root: Node, place: Span, findings: Findings): readonly PlacedRow[] | undefined {
  if (root.kind !== 'seq') {
    const help = ['begin each row with `- `: `- { sku: A1, quantity: 2 }`'];
    findings.error(CODES.badData, `expected a list of rows, got ${describe(root)}`, root.span, help);
    return undefined;
  }
  if (root.items.length === 0) return reportEmpty(root.span.start === root.span.end ? place : root.span, findings);
  const rows: PlacedRow[] = [];
  for (const item of root.items) {
    if (item.kind !== 'map') {
      const help = ['a row is a map of columns: `{ sku: A1, quantity: 2 }`'];
      findings.error(CODES.badData, `expected a row (a map), got ${describe(item)}`, item.span, help);
      return undefined;
    }
    const entries = item.entries.filter(({ key }) => checkVariableName(key, findings));
    if (entries.length < item.entries.length) return undefined;
    const cells = entries.map(({ key, value }) => [key.text.text, toData(value), value.isRaw] as const);
    rows.push({ ...takeCells(cells), span: item.span });
  }
  return rows;
}

function describe(node: Node): string {
  return node.kind === 'scalar' && node.span.file.hidesLines ? 'a single value' : describeNode(node);
}

/** Each row gives each name: one that is missing would be unknown in the middle of the run. */
function hasColumns({ cells, span }: PlacedRow, columns: readonly string[], findings: Findings): boolean {
  const missing = columns.find((name) => !cells.has(name));
  const extra = [...cells.keys()].find((name) => !columns.includes(name));
  if (missing === undefined && extra === undefined) return true;
  const message =
    missing === undefined
      ? `the row has \`${extra}\`, which the first row does not have`
      : `the row has no \`${missing}\`, which the first row has`;
  findings.error(CODES.badData, message, span, ['each row has the same columns; `null` stands for no value']);
  return false;
}

function reportEmpty(span: Span, findings: Findings): undefined {
  findings.error(CODES.badData, '`data` has no rows: nothing would run', span, ['give it at least one row']);
}

/** `sku=A1, quantity=2`; it is a part of the flow's name, in which nobody would look for a password. */
function describeRow(cells: ReadonlyMap<string, Value>): string {
  const parts = [...cells].map(([name, value]) => `${name}=${describeCell(name, value)}`);
  const label = parts.join(', ').replaceAll(/\s+/g, ' ');
  return label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL)}…` : label;
}

function describeCell(name: string, value: Value): string {
  if (typeof value === 'string') return isSecretName(name) ? MASK : value;
  if (typeof value === 'number' && isPasswordName(name)) return MASK;
  return isList(value) || isMap(value) ? describeType(value) : formatValue(value);
}
