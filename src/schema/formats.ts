import type { Ajv } from 'ajv';
import type { DefinedFormats, FormatName } from 'ajv-formats/dist/formats.js';

/** Texts longer than this are in no format whose pattern may take more than linear time. */
const LONGEST = 4_096;

const FORMATS: readonly FormatName[] = [
  'date',
  'time',
  'date-time',
  'iso-time',
  'iso-date-time',
  'duration',
  'uri',
  'uri-reference',
  'uri-template',
  'url',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'regex',
  'uuid',
  'json-pointer',
  'relative-json-pointer',
  'json-pointer-uri-fragment',
  'byte',
  'float',
  'double',
  'password',
  'binary',
];
/** Of whole numbers, which are judged with all their digits. */
const WHOLE = ['int32', 'int64'];
const INTERNATIONAL = ['iri', 'iri-reference', 'idn-email', 'idn-hostname'];

export const FORMAT_NAMES: readonly string[] = [...FORMATS, ...WHOLE, ...INTERNATIONAL];

/** Adds the formats of both drafts and of OpenAPI. */
export function addFormats(ajv: Ajv, library: DefinedFormats): void {
  for (const name of FORMATS) {
    const format = library[name];
    ajv.addFormat(name, format instanceof RegExp ? boundPattern(format) : format);
  }
  for (const name of WHOLE) ajv.addFormat(name, true);
  ajv.addFormat('iri', (text: string) => /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]*$/i.test(text));
  ajv.addFormat('iri-reference', (text: string) => /^[^\s<>"{}|\\^`]*$/.test(text));
  ajv.addFormat('idn-email', (text: string) => text.length <= 320 && /^[^\s@]+@[^\s@]+$/.test(text));
  ajv.addFormat(
    'idn-hostname',
    (text: string) => text.length <= 253 && /^[^\s.]{1,63}(?:\.[^\s.]{1,63})*\.?$/.test(text),
  );
}

function boundPattern(pattern: RegExp): (text: string) => boolean {
  return (text) => text.length <= LONGEST && pattern.test(text);
}
