import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readChunks, writeChunks } from '../../../src/load/merge/chunks.ts';

/** A text that cannot be made much shorter. */
function noise(length: number, seed: number): string {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, index) =>
    createHash('sha512').update(`${seed} ${index}`).digest('base64'),
  );
  return blocks.join('').slice(0, length);
}

const [one, two] = [noise(40_000, 1), noise(30_000, 2)];

describe('chunks of a log', () => {
  it('are lines of 8 KB at most', () => {
    const lines = writeChunks('0:1/2', one).split('\n');
    expect(lines.length).toBeGreaterThan(4);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(8192);
  });

  it('are read in any order, among other lines, twice, and with what a log puts before each', () => {
    const lines = [...writeChunks('0:1/2', one).split('\n'), ...writeChunks('1/2:1', two).split('\n')];
    const log = ['10s  3/3 VUs', ...lines.reverse(), ...lines.slice(0, 3), '✓ done'];
    const prefixed = log.map((line) => `[pod/x-1/load] 2026-01-31T10:00:00Z ${line}\r`).join('\n');
    const found = readChunks(prefixed);
    expect(new Map(found.map(({ segment, text }) => [segment, text]))).toEqual(
      new Map([
        ['0:1/2', one],
        ['1/2:1', two],
      ]),
    );
  });

  it('tell which lines are missing, and that one is damaged', () => {
    const lines = writeChunks('0:1/2', one).trim().split('\n');
    const rest = lines.filter((_, index) => index !== 1);
    expect(readChunks(rest.join('\n'))).toEqual([
      { segment: '0:1/2', problem: `of its ${lines.length} lines 1 are missing (2)` },
    ]);
    const damaged = lines.map((line, index) => (index === 0 ? `${line.slice(0, -9)}AAAAAAAAA` : line));
    expect(readChunks(damaged.join('\n'))[0]?.problem).toBe(
      `of its ${lines.length} lines 1 are missing (1), 1 damaged`,
    );
  });

  it('do not mix what two processes of one segment wrote', () => {
    const found = readChunks(writeChunks('0:1/2', one) + writeChunks('0:1/2', two));
    expect(found.map(({ text }) => text)).toEqual([one, two]);
  });
});
