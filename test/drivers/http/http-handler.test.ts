import { describe, expect, it } from 'vitest';
import { describeHttpFailure } from '../../../src/drivers/http/http-errors.ts';
import { HttpHandler, type HttpResponse, MAX_BODY_BYTES, type Spill } from '../../../src/drivers/http/http-handler.ts';
import { Stop } from '../../../src/stop/stop.ts';

const CHUNK = Buffer.alloc(16 * 1024 * 1024, 'x');

/** Takes as many chunks as an answer; resolves with it. */
function receive(count: number, spill?: Spill): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const handler = new HttpHandler(() => 0, new Stop(), { spill });
    handler.start(resolve, reject);
    handler.onSend(() => undefined, 'fresh');
    handler.onHeaders(200, []);
    for (let at = 0; at < count; at++) handler.onData(CHUNK);
    handler.onComplete();
  });
}

describe('an answer that is larger than memory is to hold', () => {
  const count = MAX_BODY_BYTES / CHUNK.length + 1;

  it('is an error that is not tried again, and says the way out', async () => {
    const error: unknown = await receive(count).catch((thrown: unknown) => thrown);
    expect(describeHttpFailure(error, { peer: 'h:80' })).toEqual({
      kind: 'budget',
      code: 'HTTP_BODY_TOO_LARGE',
      message: 'the answer from h:80 is larger than 256 MB',
      hints: ['write it to a file with `save_to`, which takes any size'],
    });
  });

  it('goes where it is to go, in order and all of it', async () => {
    const sizes: number[] = [];
    const response = await receive(count, { from: 2 * CHUNK.length, write: ({ length }) => sizes.push(length) });
    expect(response).toMatchObject({ size: count * CHUNK.length, body: { length: 0 } });
    expect(sizes).toEqual(Array.from({ length: count }, () => CHUNK.length));
  });

  it('ends with what goes wrong there', async () => {
    const full = new Error('no room');
    const write = () => {
      throw full;
    };
    await expect(receive(3, { from: 1, write })).rejects.toBe(full);
  });
});
