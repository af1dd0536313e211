import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeReadError, loadSourceFile, shortenPath } from '../../../src/source/yaml/load-source-file.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'source-file-'));
  mkdirSync(join(folder, 'flows'));
  writeFileSync(join(folder, 'flows', 'a.yaml'), 'a: 1\nb: é\n');
  writeFileSync(join(folder, 'bom.yaml'), '\ufeffa: 1\n');
  writeFileSync(join(folder, 'empty.yaml'), '');
  writeFileSync(join(folder, 'binary'), Buffer.from([0x7f, 0x45, 0x00, 0x01]));
  writeFileSync(join(folder, 'latin1.yaml'), Buffer.concat([Buffer.from('a: 1\nb: caf'), Buffer.from([0xe9, 0x0a])]));
  writeFileSync(join(folder, 'utf16.yaml'), Buffer.from('\ufeffa: 1\n', 'utf16le'));
  writeFileSync(join(folder, 'large.yaml'), '#'.repeat(10 * 1024 * 1024 + 1));
  symlinkSync('loop', join(folder, 'loop'));
});

afterAll(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

describe('loadSourceFile', () => {
  it('reads a text, with the path as people know it', () => {
    const loaded = loadSourceFile('flows/a.yaml', folder);
    expect(loaded).toMatchObject({
      file: { path: join('flows', 'a.yaml'), absolutePath: join(folder, 'flows', 'a.yaml'), text: 'a: 1\nb: é\n' },
    });
  });

  it.each([
    ['bom.yaml', 'a: 1\n'],
    ['empty.yaml', ''],
  ])('reads %s', (path, text) => {
    expect(loadSourceFile(path, folder)).toMatchObject({ file: { text } });
  });

  it.each([
    ['missing.yaml', 'TM001', '`missing.yaml` does not exist'],
    ['bom.yaml/x.yaml', 'TM001', '`bom.yaml/x.yaml` does not exist: a part of its path is a file'],
    ['flows', 'TM001', '`flows` is a folder, not a file'],
    ['/dev/zero', 'TM001', '`/dev/zero` is a device, not a file'],
    ['loop', 'TM001', '`loop` cannot be read: too many symbolic links encountered'],
    ['binary', 'TM002', '`binary` is not a text file: it has a zero byte at offset 2'],
    ['latin1.yaml', 'TM002', '`latin1.yaml` is not UTF-8 text: line 2 has a byte that is not valid UTF-8'],
    ['utf16.yaml', 'TM002', '`utf16.yaml` is UTF-16 text'],
    ['large.yaml', 'TM002', '`large.yaml` is too large: 10.0 MB, at most 10 MB are read'],
  ])('says why %s cannot be read', (path, code, message) => {
    const loaded = loadSourceFile(path, folder);
    expect(loaded).toMatchObject({
      diagnostics: [{ severity: 'error', code, message, path, help: [expect.any(String)] }],
    });
  });

  it('says that permission is missing', () => {
    const error = Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES' });
    expect(describeReadError(error).reason).toBe('may not be read: permission denied');
  });
});

describe('shortenPath', () => {
  it.each([
    ['/a/b/c.yaml', '/a', 'b/c.yaml'],
    ['/a/..b/c.yaml', '/a', '..b/c.yaml'],
    ['/x/c.yaml', '/a', '/x/c.yaml'],
    ['/a', '/a', '/a'],
  ])('%s from %s is %s', (path, cwd, shown) => {
    expect(shortenPath(path, cwd)).toBe(shown);
  });
});
