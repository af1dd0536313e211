import { parseDataSize } from '../../util/data-size.ts';
import { describeNode, readMap } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { type Field, type KeyTable, readFields } from '../read/keys.ts';

/** The keys of `records`. */
export const RECORD_KEYS: KeyTable = { keep: true, max_size: true };

/** Reads how much is kept of records. */
export function readRecords(
  field: Field | undefined,
  findings: Findings,
): { readonly keep?: number | undefined; readonly maxBytes?: number | undefined } | undefined {
  const map = readMap(field, findings);
  if (!map) return undefined;
  const fields = readFields(map, { table: RECORD_KEYS, what: '`records`' }, findings);
  return { keep: readCount(fields.get('keep'), findings), maxBytes: readSize(fields.get('max_size'), findings) };
}

function readCount(field: Field | undefined, findings: Findings): number | undefined {
  if (!field) return undefined;
  const { value } = field;
  const number = value.kind === 'scalar' ? value.value : undefined;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 1) return number;
  const message = `\`records.keep\`: expected a whole number from 1, got ${describeNode(value)}`;
  findings.error(CODES.wrongValue, message, value.span, ['the last record of a flow stays in any case']);
  return undefined;
}

function readSize(field: Field | undefined, findings: Findings): number | undefined {
  if (!field) return undefined;
  const { value } = field;
  const bytes = value.kind === 'scalar' ? parseDataSize(value.text.text) : undefined;
  if (bytes !== undefined) return bytes;
  const message = `\`records.max_size\`: expected a size such as \`500MB\`, got ${describeNode(value)}`;
  findings.error(CODES.wrongValue, message, value.span);
  return undefined;
}
