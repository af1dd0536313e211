import type { Value } from '../../expr/index.ts';
import { readSpelledNumber } from '../../expr/values/exact.ts';

const DECIMAL = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const RADIX = /^0(?:x[\da-fA-F]+|o[0-7]+)$/;
const NON_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;
const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['', null],
  ['~', null],
  ['null', null],
  ['Null', null],
  ['NULL', null],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
]);

/** The value of a plain scalar by the YAML 1.2 core schema; numbers keep all their digits. */
export function resolvePlain(text: string): Value {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (!mayBeNumber(text)) return text;
  if (DECIMAL.test(text)) return readDecimal(text);
  if (RADIX.test(text)) return readDecimal(BigInt(text).toString());
  return text;
}

/** What a plain number loses when it is read, or undefined. */
export function describeNumberLoss(
  text: string,
): { readonly severity: 'error' | 'warning'; readonly message: string } | undefined {
  if (!mayBeNumber(text)) return undefined;
  if (NON_FINITE.test(text)) {
    return { severity: 'error', message: `\`${text}\` is a number that no JSON, SQL or HTTP value can hold` };
  }
  if (!DECIMAL.test(text)) return undefined;
  if (/^[-+]?0\d/.test(text)) {
    return {
      severity: 'error',
      message: `\`${text}\` reads as the number ${readNumber(text)}: the leading zero is lost`,
    };
  }
  if (/^\+\d{7,}$/.test(text)) {
    return { severity: 'warning', message: `\`${text}\` reads as the number ${text.slice(1)}: the plus sign is lost` };
  }
  return undefined;
}

/** Most plain texts begin with a letter. */
function mayBeNumber(text: string): boolean {
  const first = text.charCodeAt(0);
  return first <= 0x39 && first >= 0x2b;
}

/** Numbers that keep their spelling get the form that JSON has too. */
function readDecimal(text: string): Value {
  const [, sign = '', whole = '', fraction, exponent = ''] = /^([-+]?)0*(\d*)(?:\.(\d*))?(.*)$/.exec(text) ?? [];
  return readSpelledNumber(`${sign === '-' ? '-' : ''}${whole || '0'}${fraction ? `.${fraction}` : ''}${exponent}`);
}

function readNumber(text: string): string {
  return text.replace(/^([-+]?)0+(?=\d)/, '$1').replace(/^\+/, '');
}
