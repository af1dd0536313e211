import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText } from '../../src/util/read-text.ts';

const root = mkdtempSync(join(tmpdir(), 'testmesh-text-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(root, name), content);
  return join(root, name);
};

describe('the text of a file', () => {
  beforeAll(() => {
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(root, 'pipe')]);
  });

  it.each(['', 'plain', 'ümläut €\n', 'x'.repeat(200_000), '\ufeffmark'])('is read as it is (%#)', (text) => {
    expect(readText(write('text', text))).toBe(text);
  });

  it.each([
    [
      'latin 1',
      Buffer.from('one\ncaf\xe9\n', 'latin1'),
      'it is not UTF-8 text: line 2 has a byte that is not valid UTF-8',
    ],
    ['cut off', Buffer.from('€').subarray(0, 2), 'it is not UTF-8 text: line 1 has a byte that is not valid UTF-8'],
    ['UTF-16', Buffer.from('\ufeffhi', 'utf16le'), 'it is UTF-16 text; save it as UTF-8'],
    ['binary', Buffer.from('a\0b'), 'it is not a text file: it has a zero byte at offset 1'],
  ])('is refused when it is %s', (_, bytes, message) => {
    expect(() => readText(write('bytes', bytes))).toThrow(message);
  });

  it('is that of a regular file', () => {
    expect(() => readText(join(root, 'pipe'))).toThrow('it is a pipe, not a file');
    expect(() => readText('/dev/null')).toThrow('it is a device, not a file');
    expect(() => readText(root)).toThrow('EISDIR');
    expect(() => readText(join(root, 'none'))).toThrow('ENOENT');
  });

  it('may be that of a device or pipe where a person names it', () => {
    expect(readText('/dev/null', { takesPipe: true })).toBe('');
  });

  it.runIf(existsSync('/proc/self/status'))('is all of it where its size is not known', () => {
    expect(readText('/proc/self/status')).toMatch(/^Name:[\s\S]*\n$/);
  });

  it.runIf(existsSync('/dev/zero'))('has an end', () => {
    expect(() => readText('/dev/zero', { takesPipe: true })).toThrow('it has more than 64 MB');
  });
});
