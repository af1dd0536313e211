import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

/** A line of a container's log has 8 KB and more. */
const PIECE = 7900;
const LINE = /testmesh-shard ([0-9a-f]{16}) (\S+) (\d{1,6})\/(\d{1,6}) ([0-9a-f]{16}) ([A-Za-z0-9+/=]+)/g;

/** A text as lines for a log: each tells whose it is, which of how many, and how it is known to be whole. */
export function writeChunks(segment: string, text: string): string {
  const packed = gzipSync(text).toString('base64');
  const pieces = packed.match(new RegExp(`.{1,${PIECE}}`, 'g')) ?? [];
  const whole = fingerprint(packed);
  return pieces
    .map(
      (piece, index) =>
        `testmesh-shard ${whole} ${segment} ${index + 1}/${pieces.length} ${fingerprint(piece)} ${piece}\n`,
    )
    .join('');
}

export interface ChunkedText {
  readonly segment: string;
  /** Undefined where something is missing or damaged. */
  readonly text?: string | undefined;
  /** What is wrong with it. */
  readonly problem?: string | undefined;
}

interface Pieces {
  readonly segment: string;
  readonly count: number;
  readonly byNumber: Map<number, string>;
  damaged: number;
}

/** Finds texts in a log, whatever stands between and before their lines, in whatever order they came. */
export function readChunks(log: string): readonly ChunkedText[] {
  const found = new Map<string, Pieces>();
  for (const [, whole = '', segment = '', number, count, sum, piece = ''] of log.matchAll(LINE)) {
    const key = `${whole} ${segment} ${count}`;
    const pieces = found.get(key) ?? { segment, count: Number(count), byNumber: new Map(), damaged: 0 };
    found.set(key, pieces);
    if (fingerprint(piece) === sum) pieces.byNumber.set(Number(number), piece);
    else pieces.damaged += 1;
  }
  return [...found].map(([key, pieces]) => join(key.slice(0, 16), pieces));
}

function join(whole: string, { segment, count, byNumber, damaged }: Pieces): ChunkedText {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const missing = numbers.filter((number) => !byNumber.has(number));
  if (missing.length > 0) {
    const why = damaged > 0 ? `, ${damaged} damaged` : '';
    const shown = missing.slice(0, 10).join(', ') + (missing.length > 10 ? ', …' : '');
    return { segment, problem: `of its ${count} lines ${missing.length} are missing (${shown})${why}` };
  }
  const packed = numbers.map((number) => byNumber.get(number)).join('');
  if (fingerprint(packed) !== whole) return { segment, problem: 'its lines are whole, and do not belong together' };
  return { segment, text: gunzipSync(Buffer.from(packed, 'base64')).toString('utf8') };
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
