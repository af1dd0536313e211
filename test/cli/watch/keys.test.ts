import { describe, expect, it } from 'vitest';
import { leaveKeys, readWishes, type Wish } from '../../../src/cli/watch/keys.ts';
import { feed } from '../command.ts';

/** What becomes of texts that come from a terminal, or from a pipe. */
async function read(chunks: readonly string[], isTTY: boolean) {
  const heard: (Wish | string)[] = [];
  let shown = '';
  const input = Object.assign(feed(...chunks), {
    isTTY,
    setRawMode: (isRaw: boolean) => void heard.push(isRaw ? 'raw' : 'as before'),
  });
  const onInterrupt = () => void heard.push('interrupt');
  const write = (text: string): void => {
    shown += text;
  };
  await readWishes({ input, write, onWish: (wish) => void heard.push(wish), onInterrupt });
  leaveKeys(input);
  return { heard, shown };
}

describe('keys', () => {
  it.each<[what: string, chunks: readonly string[], heard: readonly (Wish | string)[], shown: string]>([
    [
      'each as it is pressed',
      ['a', 'f', '\r', 'x'],
      [{ kind: 'all' }, { kind: 'failed' }, { kind: 'again' }, { kind: 'help' }],
      '',
    ],
    [
      'a question, answered with a line',
      ['o', 'sü', 'x', '\u007f', '\r'],
      [{ kind: 'step', text: 'sü' }],
      '\n step (empty: all): süx\b \b\n',
    ],
    [
      'a question that is taken back',
      ['p', 'ab', '\u001b', 'q'],
      [{ kind: 'quit' }],
      '\n part of a path (empty: all): ab',
    ],
    ['an empty answer', ['p', '\u007f', '\r'], [{ kind: 'path', text: '' }], '\n part of a path (empty: all): \n'],
    ['arrows say nothing', ['\u001b[A', '\u001bOP'], [], ''],
    [
      'Ctrl-C in a question, and Ctrl-D',
      ['p', '\u0003', '\u0004'],
      ['interrupt', { kind: 'quit' }],
      '\n part of a path (empty: all): ',
    ],
  ])('of a terminal: %s', async (_, chunks, heard, shown) => {
    expect(await read(chunks, true)).toEqual({ heard: ['raw', ...heard, 'as before'], shown });
  });

  it('of a pipe are lines, however they come', async () => {
    const { heard, shown } = await read(['a\nf\n\no create', '_order\r\np  flows/a b \nq', '\nwhat\n'], false);
    expect(heard).toEqual([
      ...[{ kind: 'all' }, { kind: 'failed' }, { kind: 'again' }, { kind: 'step', text: 'create_order' }],
      ...[{ kind: 'path', text: 'flows/a b' }, { kind: 'quit' }, { kind: 'help' }],
    ]);
    expect(shown).toBe('');
  });
});
