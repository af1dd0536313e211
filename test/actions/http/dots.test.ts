import { describe, expect, it } from 'vitest';
import { buildRequest } from '../../../src/actions/http/request.ts';

describe('a path with dots as parts', () => {
  const notesOf = (url: string): readonly string[] => {
    const notes: string[] = [];
    buildRequest({ url } as Parameters<typeof buildRequest>[0], undefined, { note: (text) => void notes.push(text) });
    return notes;
  };

  it.each([
    ['http://host/users/../admin', '/admin'],
    ['http://host/users/%2e%2E/admin?x=1', '/admin'],
    ['http://host/users/..', '/'],
    ['http://host/./x', '/x'],
    ['http://host\\a\\..\\b', '/b'],
  ])('%s is told to be another', (url, asked) => {
    expect(notesOf(url)).toEqual([`the path of \`url\` has \`..\` or \`.\` as a part, so \`${asked}\` is asked for`]);
  });

  it.each(['http://host/a..b/.c/d.', 'http://host/a?b=/../c', 'http://host/a#/../b', 'http://host/...'])(
    '%s is not',
    (url) => {
      expect(notesOf(url)).toEqual([]);
    },
  );
});
