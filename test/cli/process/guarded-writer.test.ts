import { describe, expect, it } from 'vitest';
import { GuardedWriter } from '../../../src/cli/process/guarded-writer.ts';

function failWith(code: string): () => never {
  return () => {
    throw Object.assign(new Error(`${code}: …, write`), { code });
  };
}

describe('a guarded writer', () => {
  it('stops at the first text that cannot be written, and says so once', () => {
    const written: string[] = [];
    const writer = new GuardedWriter('`r.xml`');
    writer.try(() => written.push('one'));
    writer.try(failWith('ENOSPC'));
    writer.try(() => written.push('two'));
    expect(written).toEqual(['one']);
    expect(() => writer.throwIfLost()).toThrow('`r.xml` cannot be written: no space is left on the device (ENOSPC)');
    expect(() => writer.throwIfLost()).not.toThrow();
  });

  it.each(['EPIPE', 'ECONNRESET'])('keeps quiet when the reader went away: %s', (code) => {
    const writer = new GuardedWriter('standard output');
    writer.try(failWith(code));
    writer.try(failWith('ENOSPC'));
    expect(() => writer.throwIfLost()).not.toThrow();
  });
});
