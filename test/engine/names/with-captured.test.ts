import { describe, expect, it } from 'vitest';
import { withCaptured } from '../../../src/engine/names/with-captured.ts';
import { isEqual, readKey, stringifyJson } from '../../../src/expr/index.ts';

describe('a result with what its step captured', () => {
  const named = withCaptured({ status: 201 }, [
    ['user_id', 7],
    ['status', 'new'],
  ]) as Readonly<Record<string, number>>;

  it('gives the captures behind the keys of the result', () => {
    expect([readKey(named, 'user_id'), readKey(named, 'status')]).toEqual([7, 201]);
  });

  it('is written and compared as the result alone', () => {
    expect(stringifyJson(named)).toBe('{"status":201}');
    expect(Object.keys(named)).toEqual(['status']);
    expect(isEqual(named, { status: 201 })).toBe(true);
  });
});
