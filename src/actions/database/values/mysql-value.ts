import type { MysqlCell, MysqlField } from '../../../drivers/mysql/mysql.ts';
import { parseJson, readJson, type Value } from '../../../expr/index.ts';
import type { OnTwinKey } from '../database.ts';
import { readGeometry } from './geometry-text.ts';
import { readTimestamp } from './time-text.ts';

/** Numbers of the protocol's types. */
const TINY = 1;
const FLOAT = 4;
const TIMESTAMP = 7;
const BIT = 16;
const GEOMETRY = 255;
const VECTOR = 242;
const JSON_TYPE = 245;
const DATE_TIMES = new Set([12, TIMESTAMP]);
const EXACT = new Set([0, 8, 246]);

/**
 * Makes a value of a cell. TINYINT(1) and BIT(1), which is what BOOL and the object mappers make, are booleans while they hold
 * 0 or 1; longer bit fields are numbers.
 */
export function readMysqlCell(cell: MysqlCell, field: MysqlField, onTwinKey?: OnTwinKey): Value {
  if (cell === null) return null;
  if (field.type === BIT) return readBits(cell, field);
  if (field.type === GEOMETRY && Buffer.isBuffer(cell)) return readGeometry(cell);
  if (Buffer.isBuffer(cell)) return cell.toString('base64');
  if (typeof cell === 'object') return field.type === VECTOR ? cell.map(shortenFloat) : [...cell];
  if (typeof cell === 'number') return readNumber(cell, field);
  if (field.isJson || field.type === JSON_TYPE) return readJsonText(cell, field, onTwinKey);
  if (EXACT.has(field.type)) return parseJson(cell.replace(/^(-?)0+(?=\d)/, '$1'));
  if (!DATE_TIMES.has(field.type)) return cell;
  return readTimestamp(field.type === TIMESTAMP ? `${cell}+00` : cell);
}

/** MariaDB keeps the text of a JSON, where one of MySQL has each key once. */
function readJsonText(cell: string, { name }: MysqlField, onTwinKey: OnTwinKey | undefined): Value {
  if (!onTwinKey) return parseJson(cell);
  const { value, twin } = readJson(cell);
  if (twin !== undefined) onTwinKey(name, twin);
  return value;
}

function readNumber(cell: number, field: MysqlField): Value {
  if (field.type === TINY && field.length === 1 && !field.isUnsigned && (cell === 0 || cell === 1)) return cell === 1;
  return field.type === FLOAT ? shortenFloat(cell) : cell;
}

function readBits(cell: MysqlCell, field: MysqlField): Value {
  const bits = Buffer.isBuffer(cell) ? BigInt(`0x${cell.toString('hex') || '0'}`) : BigInt(String(cell));
  if (field.length === 1) return bits === 1n;
  return parseJson(String(bits));
}

/** The shortest number that a FLOAT's four bytes stand for: 0.1, not 0.10000000149011612. */
function shortenFloat(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === Math.fround(value)) return shorter;
  }
  return Number(value.toPrecision(9));
}
