import { describe, expect, it } from 'vitest';
import { LazyMap } from '../../src/util/lazy-map.ts';

function watched(): { map: LazyMap<{ name: string }>; made: string[] } {
  const made: string[] = [];
  const maker = (name: string) => () => {
    made.push(name);
    return { name };
  };
  return { map: new LazyMap({ b: maker('b'), a: maker('a') }), made };
}

describe('a lazy map', () => {
  it('knows its keys and their order without making a value', () => {
    const { map, made } = watched();
    expect([map.size, [...map.keys()], map.has('a'), map.has('c'), map.get('c')]).toEqual([
      2,
      ['b', 'a'],
      true,
      false,
      undefined,
    ]);
    expect(made).toEqual([]);
  });

  it('makes a value once', () => {
    const { map, made } = watched();
    expect(map.get('a')).toBe(map.get('a'));
    expect(made).toEqual(['a']);
  });

  it.each<[string, (map: LazyMap<{ name: string }>) => unknown]>([
    ['a spread', (map) => [...map].map(([key, { name }]) => [key, name])],
    ['entries', (map) => [...map.entries()].map(([key, { name }]) => [key, name])],
    ['values', (map) => [...map.values()].map(({ name }) => [name, name])],
    [
      'forEach',
      (map) => {
        const seen: unknown[] = [];
        map.forEach(({ name }, key) => void seen.push([key, name]));
        return seen;
      },
    ],
  ])('gives all by %s', (_way, read) => {
    expect(read(watched().map)).toEqual([
      ['b', 'b'],
      ['a', 'a'],
    ]);
  });
});
