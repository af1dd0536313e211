import { cleanText } from '../output/text.ts';

export type Attributes = Readonly<Record<string, string | number | undefined>>;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
};

/** Characters of the Unicode planes' ends, which XML 1.0 forbids where a parser may check. */
const FORBIDDEN = /[\ufffe\uffff]/g;

/** Text of an element: every character that XML 1.0 cannot hold is made visible, so any input gives a valid document. */
export function escapeText(text: string): string {
  return cleanCharacters(text).replace(/[&<>]/g, replaceEntity);
}

/** Text of an attribute; line feeds and tabs survive the parser's normalisation. */
export function escapeAttribute(text: string): string {
  return cleanCharacters(text).replace(/[&<>"\t\n]/g, replaceEntity);
}

/** Writes a start tag, or with `isEmpty` a whole element; attributes that are undefined are left out. */
export function openTag(name: string, attributes: Attributes, isEmpty = false): string {
  const pairs = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const text = pairs.map(([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`).join('');
  return `<${name}${text}${isEmpty ? '/' : ''}>`;
}

/** Writes an element that holds text. */
export function textElement(name: string, attributes: Attributes, text: string): string {
  return text === '' ? openTag(name, attributes, true) : `${openTag(name, attributes)}${escapeText(text)}</${name}>`;
}

function cleanCharacters(text: string): string {
  return cleanText(text).replace(FORBIDDEN, '\ufffd');
}

function replaceEntity(character: string): string {
  return ENTITIES[character] ?? '';
}

/** A length of time as JUnit has it. */
export function toSeconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
