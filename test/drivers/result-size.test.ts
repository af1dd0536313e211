import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { boundPieces, KeptRows, LARGEST_RESULT, ResultTooLarge } from '../../src/drivers/result-size.ts';

const MEGABYTE = 'x'.repeat(1024 * 1024);

it.each<[what: string, maxRows: number, cells: readonly unknown[], count: number, before: number | undefined]>([
  ['small rows are kept', 1000, ['a', null, 7], 1000, undefined],
  ['rows that come to too much are dropped', 1000, [MEGABYTE], 1000, 255],
  ['bytes count as texts do', 1000, [Buffer.alloc(1024 * 1024)], 1000, 255],
  ['so do many cells with nothing in them', 1000, Array.from({ length: 1_000_000 }, () => null), 20, 11],
  ['rows behind the last that is kept do not count', 3, [MEGABYTE], 1000, undefined],
])('%s', (_, maxRows, cells, count, before) => {
  const kept = new KeptRows(maxRows);
  const errors = Array.from({ length: count }, () => kept.add(cells)).filter((error) => error !== undefined);
  expect(errors.map(({ rows }) => rows)).toEqual(before === undefined ? [] : [before]);
  expect(kept.rows.length).toBe(before === undefined ? Math.min(count, maxRows) : 0);
  expect(kept.isCut).toBe(before !== undefined || count > maxRows);
});

it('a connection on which one piece is too long is ended, many short ones are not', () => {
  const socket = new Socket();
  let bytesRead = 0;
  Object.defineProperty(socket, 'bytesRead', { get: () => bytesRead });
  const ends: Error[] = [];
  socket.on('error', (error) => ends.push(error)).destroy = ((error: Error) => ends.push(error)) as never;
  const heard = boundPieces(socket);
  const receive = (bytes: number) => {
    bytesRead += bytes;
    socket.emit('data', Buffer.alloc(0));
  };
  for (let piece = 0; piece < 3; piece++) {
    receive(LARGEST_RESULT - 1);
    heard();
  }
  expect(ends).toEqual([]);
  receive(LARGEST_RESULT);
  receive(1);
  expect(ends).toEqual([new ResultTooLarge(0)]);
});
