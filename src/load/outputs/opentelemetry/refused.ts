interface Refused {
  readonly points: number;
  readonly why: string;
}

/** What an answer that is no error says it did not take (`partial_success`); undefined when it took all. */
export function readRefused(body: Buffer, encoding: 'protobuf' | 'json'): Refused | undefined {
  try {
    const { points, why } = encoding === 'json' ? readJson(body) : readPartialSuccess(findField(body, 1));
    return points > 0 ? { points, why: why === '' ? 'the collector does not say why' : why } : undefined;
  } catch {
    return undefined;
  }
}

function readJson(body: Buffer): Refused {
  const { partialSuccess } = JSON.parse(body.toString() || '{}');
  return { points: Number(partialSuccess?.rejectedDataPoints ?? 0), why: String(partialSuccess?.errorMessage ?? '') };
}

function readPartialSuccess(found: number | Buffer | undefined): Refused {
  if (!Buffer.isBuffer(found)) return { points: 0, why: '' };
  const points = findField(found, 1);
  const why = findField(found, 2);
  return { points: typeof points === 'number' ? points : 0, why: Buffer.isBuffer(why) ? why.toString() : '' };
}

/** A field of a protobuf message of numbers and of what has a length. */
function findField(body: Buffer, wanted: number): number | Buffer | undefined {
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let scale = 1; at < body.length; scale *= 128) {
      const byte = body[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < body.length) {
    const key = readVarint();
    const value = readVarint();
    const isLong = (key & 7) === 2;
    if (isLong) at += value;
    if (key >> 3 === wanted) return isLong ? body.subarray(at - value, at) : value;
  }
  return undefined;
}
