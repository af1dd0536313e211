import type { MysqlParameter } from '../../../drivers/mysql/mysql.ts';
import { ExactNumber, isKeyedMap, isList, isMap, stringifyJson, type Value } from '../../../expr/index.ts';

const INT64_MAX = 9_223_372_036_854_775_807n;
const INT64_MIN = -9_223_372_036_854_775_808n;
const UINT64_MAX = 18_446_744_073_709_551_615n;
/** What a DECIMAL can hold. */
const MAX_DIGITS = 65;
const MAX_SCALE = 30;

/**
 * A value as it is sent to MySQL: numbers as SQL would read them when written out (whole ones as integers, others as
 * decimals), lists and maps as JSON; undefined for what MySQL does not have (NaN, Infinity).
 */
export function chooseMysqlParameter(value: Value): MysqlParameter | undefined {
  if (value === null) return null;
  if (typeof value === 'boolean') return { kind: 'bool', value };
  if (typeof value === 'number') return Number.isFinite(value) ? chooseNumber(String(value)) : undefined;
  if (value instanceof ExactNumber) return chooseNumber(value.decimal.toFixed());
  const isJson = isList(value) || isMap(value) || isKeyedMap(value);
  return { kind: 'text', text: isJson ? stringifyJson(value) : String(value) };
}

/** The parameter as a literal of SQL. */
export function writeMysqlLiteral(parameter: MysqlParameter): string {
  if (parameter === null) return 'NULL';
  switch (parameter.kind) {
    case 'bool':
      return parameter.value ? 'TRUE' : 'FALSE';
    case 'double':
      return parameter.value.toExponential();
    case 'text':
      return `'${parameter.text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
    default:
      return parameter.text;
  }
}

function chooseNumber(text: string): MysqlParameter {
  if (/^-?\d+$/.test(text)) return chooseInteger(text);
  if (/^-?\d+\.\d+$/.test(text)) {
    const [whole = '', fraction = ''] = text.replace('-', '').split('.');
    const fits = fraction.length <= MAX_SCALE && whole.length + fraction.length <= MAX_DIGITS;
    return fits ? { kind: 'decimal', text } : { kind: 'text', text };
  }
  return { kind: 'double', value: Number(text) };
}

function chooseInteger(text: string): MysqlParameter {
  const number = BigInt(text);
  if (number >= INT64_MIN && number <= INT64_MAX) return { kind: 'int', text };
  if (number >= 0 && number <= UINT64_MAX) return { kind: 'uint', text };
  return { kind: text.replace('-', '').length <= MAX_DIGITS ? 'decimal' : 'text', text };
}
