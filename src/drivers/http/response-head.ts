import { HttpBroken } from './http-broken.ts';

/** The head of an answer of HTTP/1.x. */
export interface ResponseHead {
  readonly status: number;
  /** Names (as sent) and values by turns. */
  readonly headers: readonly string[];
  readonly framing: Framing;
  /** Whether the server means to keep the connection. */
  readonly isKept: boolean;
  /** Whether it says in two ways how long the body is: a peer may mean either, so what follows cannot be trusted. */
  readonly isAmbiguous: boolean;
  /** How long the server keeps it, s, when it says so. */
  readonly keptSeconds: number | undefined;
}

/** How the end of a body is known. */
export type Framing = { readonly by: 'length'; readonly length: number } | { readonly by: 'chunks' | 'close' };

interface Facts {
  isKept: boolean;
  keptSeconds: number | undefined;
  length: number | undefined;
  coding: string | undefined;
}

const STATUS_LINE = /^HTTP\/1\.(\d) (\d{3})(?: |$)/;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Reads the lines of a head, without the empty one. @throws HttpBroken */
export function readHead(text: string): ResponseHead {
  const lines = text.split('\n');
  const { status, minor } = readStatusLine(withoutCr(lines[0] ?? ''));
  const headers: string[] = [];
  const facts: Facts = { isKept: minor !== '0', keptSeconds: undefined, length: undefined, coding: undefined };
  for (let at = 1; at < lines.length; at++) {
    const line = withoutCr(lines[at] ?? '');
    if (line.startsWith(' ') || line.startsWith('\t')) {
      foldLine(headers, line);
      continue;
    }
    const { name, value, lower } = known.get(line) ?? readLine(line);
    headers.push(name, value);
    takeFact(facts, lower, value);
  }
  const { isKept, keptSeconds, coding, length } = facts;
  const isAmbiguous = coding !== undefined && length !== undefined;
  return { status, headers, framing: chooseFraming(facts), isKept, isAmbiguous, keptSeconds };
}

function withoutCr(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function readStatusLine(line: string): { readonly status: number; readonly minor: string | undefined } {
  const [, minor, code] = STATUS_LINE.exec(line) ?? [];
  if (code === undefined) throw new HttpBroken('not http', `its first line is ${JSON.stringify(line.slice(0, 40))}`);
  return { status: Number(code), minor };
}

interface HeaderLine {
  readonly name: string;
  readonly value: string;
  /** The name in lower case. */
  readonly lower: string;
}

/** Lines that were read before: a server writes the same ones again and again, and under load reading them is a good part of the work. */
const known = new Map<string, HeaderLine>();
const MOST_KNOWN = 256;
const LONGEST_KNOWN = 120;

function readLine(line: string): HeaderLine {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon));
  if (!NAME.test(name) || line.includes('\0'))
    throw new HttpBroken('not http', `a line of its headers is ${JSON.stringify(line.slice(0, 40))}`);
  const read = { name, value: trimBlanks(line.slice(colon + 1)), lower: name.toLowerCase() };
  if (known.size >= MOST_KNOWN) known.clear();
  if (line.length <= LONGEST_KNOWN) known.set(line, read);
  return read;
}

/** A value may go on in the next line, as old servers write it. */
function foldLine(headers: string[], line: string): void {
  if (headers.length === 0) throw new HttpBroken('not http', 'its headers begin with a space');
  headers.push(`${headers.pop() ?? ''} ${line.trim()}`.trim());
}

function takeFact(facts: Facts, name: string, value: string): void {
  switch (name) {
    case 'connection':
      if (/\bclose\b/i.test(value)) facts.isKept = false;
      else if (/\bkeep-alive\b/i.test(value)) facts.isKept = true;
      break;
    case 'keep-alive': {
      const seconds = /\btimeout\s*=\s*(\d+)/i.exec(value)?.[1];
      if (seconds !== undefined) facts.keptSeconds = Number(seconds);
      break;
    }
    case 'content-length':
      facts.length = readLength(value, facts.length);
      break;
    case 'transfer-encoding':
      facts.coding = facts.coding === undefined ? value : `${facts.coding}, ${value}`;
      break;
    default:
  }
}

/** The same length said twice is said once; two of them are two answers. */
function readLength(value: string, before: number | undefined): number {
  const lengths = value.split(',').map((text) => (/^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN));
  const [length = Number.NaN] = lengths;
  const isOne = lengths.every((one) => one === length) && (before === undefined || before === length);
  if (isOne && !Number.isNaN(length)) return length;
  const all = before === undefined ? value : `${before}, ${value}`;
  throw new HttpBroken('not http', `its \`content-length\` is ${JSON.stringify(all)}`);
}

function chooseFraming({ coding, length }: Facts): Framing {
  if (coding !== undefined) return { by: /(?:^|,)\s*chunked\s*$/i.test(coding) ? 'chunks' : 'close' };
  return length === undefined ? { by: 'close' } : { by: 'length', length };
}

function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(unit: number): boolean {
  return unit === 32 || unit === 9;
}
