import { describe, expect, it } from 'vitest';
import { draw } from './sample.ts';

const all = Array.from({ length: 100 }, (_, index) => ({ index, kind: index < 97 ? 'usual' : `rare ${index}` }));
const kindOf = ({ kind }: { kind: string }): string => kind;

describe('a sample', () => {
  it('is the same each time, in the order of the table', () => {
    const taken = draw(all, { count: 10 });
    expect(taken).toHaveLength(10);
    expect(draw(all, { count: 10 })).toEqual(taken);
    expect(taken.map(({ index }) => index)).toEqual(taken.map(({ index }) => index).sort((a, b) => a - b));
  });

  it('has the first of each kind, also when there are more kinds than wanted', () => {
    const firsts = [0, 97, 98, 99];
    expect(draw(all, { count: 10, kindOf }).map(({ index }) => index)).toEqual(expect.arrayContaining(firsts));
    expect(draw(all, { count: 2, kindOf }).map(({ index }) => index)).toEqual(firsts);
  });

  it('is empty where none are wanted, of whatever kinds', () => {
    expect(draw(all, { count: 0, kindOf })).toEqual([]);
  });

  it('of a short table is all of it', () => {
    expect(draw(all.slice(0, 3), { count: 10 })).toEqual(all.slice(0, 3));
  });
});
