/** Texts shorter than this are masked only where they are a whole value: inside of others they would hide half the report. */
export const SHORTEST_PART = 4;

const SHORTEST_LINE = 16;

/** The ways in which a secret text may stand inside of other text; the text itself among them. */
export function listSpellings(secret: string): readonly string[] {
  const spellings = new Set<string>();
  for (const text of [secret, ...longLines(secret)]) {
    for (const spelling of spell(text)) if (spelling.length >= SHORTEST_PART) spellings.add(spelling);
  }
  return [...spellings];
}

/**
 * Stretches of base64 that any longer text with the secret in it must contain, one for each way its bytes may fall
 * (`Authorization: Basic` of `user:secret`); in the standard and the URL alphabet.
 */
export function listBase64Cores(secret: string): readonly string[] {
  const cores = new Set<string>();
  const bytes = Buffer.from(secret, 'utf8');
  for (let shift = 0; shift < 3; shift++) {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = shift === 0 ? 0 : shift + 1;
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    const core = encoded.slice(from, end);
    if (core.length < SHORTEST_PART) continue;
    cores.add(core);
    cores.add(core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...cores];
}

/** A key or certificate is shown line by line in messages. */
function longLines(secret: string): readonly string[] {
  if (!secret.includes('\n')) return [];
  return secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE);
}

function* spell(text: string): Generator<string> {
  yield text;
  const json = JSON.stringify(text).slice(1, -1);
  yield json;
  yield JSON.stringify(json).slice(1, -1);
  yield json.replaceAll('/', '\\/');
  yield json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  yield text.replaceAll("'", "'\\''");
  yield text.replaceAll("'", "''");
  const wellFormed = text.toWellFormed();
  const encoded = encodeURIComponent(wellFormed);
  const strict = encoded.replace(/[!'()*]/g, (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`);
  for (const url of [
    encoded,
    strict,
    encoded.replaceAll('%20', '+'),
    strict.replaceAll('%20', '+'),
    encodeURI(wellFormed),
  ]) {
    yield url;
    yield url.replace(/%[0-9A-F]{2}/g, (unit) => unit.toLowerCase());
  }
}
