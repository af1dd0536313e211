import { scanSql } from './sql-scan.ts';
import type { SqlToken } from './sql-token.ts';

const PLACEHOLDER = /\{\{.*?\}\}|\$\{[^{}]*\}|<<[^<>]*>>/gs;
/** Stands for a placeholder while the text is scanned. */
const STAND_IN = 'pasted';

/** What the name of a table, schema or the like stands behind, of a text without comments and with single blanks. */
const BEFORE_NAME =
  /(?:\b(?:FROM|JOIN|INTO|UPDATE|TABLE|TRUNCATE|REFERENCES|COPY|VACUUM|ANALYZE|ANALYSE|DESCRIBE|USE|LIKE|SCHEMA|DATABASE|VIEW|INDEX|SEQUENCE|FUNCTION|PROCEDURE|TRIGGER|TYPE|DOMAIN|ROLE|USER|EXTENSION|COLUMN|CONSTRAINT|PUBLICATION|SUBSCRIPTION|OWNER TO|RENAME TO|SET SCHEMA|SEARCH_PATH (?:TO|=))(?: ONLY| CONCURRENTLY| IF NOT EXISTS| IF EXISTS)*|\bINDEX [^;]*\bON(?: ONLY)?) $/i;
/** `FROM` and `LIKE` that a value stands behind. */
const BEFORE_VALUE = /(?:\bDISTINCT FROM|\b(?:EXTRACT|SUBSTRING|TRIM|OVERLAY) \( [^()]*\bFROM|(?<!\( )\bLIKE) $/i;
const LISTED =
  /(?:\b(?:FROM|TABLE|TRUNCATE|VIEW|SEQUENCE|SCHEMA)\b) (?:ONLY |IF EXISTS )*[\w".`]+(?: [.,] [\w"`]+)* , $/i;
const QUALIFIED = /["`A-Z_][\w"`$]* \. $/i;

/** Whether all that reads a variable in a query gives the name of a table or the like, which no parameter can. */
export function isPastedName(query: string, variable: string): boolean {
  const readers: number[] = [];
  const word = new RegExp(String.raw`(?<![\w.$])${variable.replaceAll(/\W/g, String.raw`\$&`)}(?![\w$])`);
  let shift = 0;
  const text = query.replaceAll(PLACEHOLDER, (placeholder, at: number) => {
    if (word.test(placeholder)) readers.push(at + shift);
    shift += STAND_IN.length - placeholder.length;
    return STAND_IN;
  });
  const tokens = [...scanSql(text, 'postgres')].filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  return readers.length > 0 && readers.every((at) => isNameAt(text, tokens, at));
}

function isNameAt(text: string, tokens: readonly SqlToken[], at: number): boolean {
  const place = tokens.findIndex(({ end }) => end > at);
  const token = tokens[place];
  if (token?.kind !== 'word' && token?.kind !== 'quoted_name') return false;
  const read = ({ start, end }: SqlToken): string => text.slice(start, end);
  const next = tokens[place + 1];
  // `{{SCHEMA}}.orders`
  if (next && read(next) === '.') return true;
  const before = tokens
    .slice(0, place)
    // MySQL quotes names with them.
    .filter((one) => read(one) !== '`')
    .map((one) => `${one.kind === 'literal' ? "''" : read(one)} `)
    .join('');
  if (BEFORE_VALUE.test(before)) return false;
  return BEFORE_NAME.test(before) || LISTED.test(before) || QUALIFIED.test(before);
}
