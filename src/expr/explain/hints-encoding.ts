/** How a text came to be another one, when an encoding was applied or left out. */
export function relateEncodings(actual: string, expected: string, text: string): string | undefined {
  if (Math.max(actual.length, expected.length) > maxLength) return undefined;
  return (
    relateCharacterSets(actual, expected) ??
    relateLostCharacters(actual, expected) ??
    findUndoing(actual, expected, text)
  );
}

/** Whether the text has the look of UTF-8 that was read as Latin-1, and what it would be: `MÃ¼ller` gives `Müller`. */
function undoLatin1(text: string): string | undefined {
  if (!/[\u00c2-\u00f4]/.test(text)) return undefined;
  const bytes: number[] = [];
  for (const character of text) {
    const code = windows1252.get(character) ?? character.codePointAt(0) ?? 0;
    if (code > 0xff) return undefined;
    bytes.push(code);
  }
  const decoded = Buffer.from(bytes).toString('utf8');
  return decoded.includes('\ufffd') || decoded === text ? undefined : decoded;
}

const maxLength = 100_000;

/** The characters that Windows-1252 has where Latin-1 has control characters. */
const windows1252 = new Map(
  [...'€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'].map((character, index) => [character, 0x80 + index]),
);

function relateCharacterSets(actual: string, expected: string): string | undefined {
  const once = undoLatin1(actual);
  if (once === expected) return `the value is UTF-8 that was read as Latin-1: ${describeExample(actual, expected)}`;
  if (once !== undefined && undoLatin1(once) === expected) {
    return 'the value was encoded as UTF-8 twice: its bytes were read as Latin-1 in between';
  }
  if (undoLatin1(expected) === actual) {
    return 'the expected value is UTF-8 that was read as Latin-1: the flow file or its data was saved in the wrong encoding';
  }
  return undefined;
}

function describeExample(actual: string, expected: string): string {
  let at = 0;
  while (at < expected.length && actual[at] === expected[at]) at++;
  const right = String.fromCodePoint(expected.codePointAt(at) ?? 0);
  const length = Buffer.byteLength(right);
  return `\`${actual.slice(at, at + length)}\` stands for \`${right}\``;
}

/** Characters that a side could not hold, and that became `?` or U+FFFD. */
function relateLostCharacters(actual: string, expected: string): string | undefined {
  if (isLostBehind('\ufffd', actual, expected)) {
    return 'the value has U+FFFD where bytes were no UTF-8: they were written in another encoding';
  }
  return isLostBehind('?', actual, expected)
    ? 'the value has `?` where a character set lacked the character'
    : undefined;
}

/** Whether the actual text has the mark where the expected one is beyond ASCII, and is the same otherwise. */
function isLostBehind(mark: string, actual: string, expected: string): boolean {
  let j = 0;
  let isLost = false;
  for (let i = 0; i < actual.length; ) {
    if (actual[i] === expected[j]) {
      i++;
      j++;
      continue;
    }
    const from = j;
    while (actual[i] === mark) i++;
    while (j < expected.length && expected.charCodeAt(j) > 0x7f) j++;
    if (j === from || actual[i] !== expected[j]) return false;
    isLost = true;
  }
  return isLost && j === expected.length;
}

interface Undoing {
  readonly what: string;
  readonly how?: string;
  undo(text: string): string | undefined;
}

const undoings: readonly Undoing[] = [
  { what: 'in base64', how: 'base64_decode', undo: undoBase64 },
  { what: 'encoded as a part of a URL', undo: (text) => (/%[\da-f]{2}|\+/i.test(text) ? undoUrl(text) : undefined) },
  { what: 'written with entities of HTML', undo: (text) => (text.includes('&') ? undoHtml(text) : undefined) },
  { what: 'in quotes of its own, as JSON has it: it was encoded twice', undo: undoJson },
  {
    what: 'written with escapes of JSON in place of the characters',
    undo: (text) => (text.includes('\\') ? undoJson(`"${text}"`) : undefined),
  },
];

function findUndoing(actual: string, expected: string, text: string): string | undefined {
  for (const { what, how, undo } of undoings) {
    if (undo(actual) === expected) {
      return `the value is the expected one, ${what}${how === undefined ? '' : `: compare \`${how}(${text})\``}`;
    }
    if (undo(expected) === actual) return `the expected value is this one, ${what}`;
  }
  return undefined;
}

function undoBase64(text: string): string | undefined {
  if (text.length < 4 || !/^[\w+/-]+={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64').toString('utf8');
}

function undoUrl(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

const entities: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

function undoHtml(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|(\w{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}

function undoJson(text: string): string | undefined {
  if (!text.startsWith('"') || !text.endsWith('"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
