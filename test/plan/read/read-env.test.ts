import { describe, expect, it } from 'vitest';
import { describeStrayLines, readEnv } from '../../../src/plan/read/read-env.ts';

const read = (text: string) =>
  Object.fromEntries(readEnv(text).variables.map(({ name, value }) => [name, value] as const));

describe('a dotenv file', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['A=1\nB=two words\n', { A: '1', B: 'two words' }],
    ['  export A = 1  \r\nB: x\r\n', { A: '1', B: 'x' }],
    ['PW=ABC#123', { PW: 'ABC#123' }],
    ['PW=#123', { PW: '#123' }],
    ['PW=a b#c # why', { PW: 'a b#c' }],
    ['PORT=5001 # why\r\nA=b#c # x\u2028y\r\nB=1', { PORT: '5001', A: 'b#c', B: '1' }],
    ['PW= # none\nX=', { PW: '', X: '' }],
    ['A=1 #2\n#B=3\n  # C=4\n', { A: '1' }],
    [`A='x # y' # z\nB="x # y"\nC=\`x # y\``, { A: 'x # y', B: 'x # y', C: 'x # y' }],
    [`KEY="-----BEGIN\r\nabc=\r\n-----END"\nA='two\nlines'`, { KEY: '-----BEGIN\nabc=\n-----END', A: 'two\nlines' }],
    ['A="x\\ny"\nB=\'x\\ny\'\nC=x\\ny', { A: 'x\ny', B: 'x\\ny', C: 'x\\ny' }],
    [`A='it\\'s'\nB=it's`, { A: "it\\'s", B: "it's" }],
    ['A="x"y', { A: '"x"y' }],
    ['URL=postgres://u:p@h/d?a=b#c', { URL: 'postgres://u:p@h/d?a=b#c' }],
    ['A=1\nA=2', { A: '2' }],
    ['\ufeffA=1', { A: '1' }],
    ['a.b-c=1', { 'a.b-c': '1' }],
    ['__proto__=1', { ['__proto__']: '1' }],
    ['', {}],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected);
    expect(readEnv(text).strayLines).toEqual([]);
  });

  it('says where names stand', () => {
    const text = '# one\n  export A=1\nBB="x\ny"\nC=2\n';
    const places = readEnv(text).variables.map(({ name, start }) => text.slice(start, start + name.length));
    expect(places).toEqual(['A', 'BB', 'C']);
    expect(readEnv(text).variables.map(({ line }) => line)).toEqual([2, 3, 5]);
  });

  it.each<[string, string | undefined]>([
    ['A=${B}/x', '${B}'],
    ['A="${B:-c}"', '${B:-c}'],
    ['A=`${B:?no B}`', '${B:?no B}'],
    ['A=x-{{ B }}', '{{ B }}'],
    ['A=<<b.c>>', '<<b.c>>'],
    ["A='${B}'", undefined],
    ['A=\\${B}', undefined],
    ['A=$B', undefined],
    ['A=${', undefined],
    ['A={{1,2},{3}}', undefined],
    ['A=a << b', undefined],
  ])('says what it does not fill in: %s', (text, unfilled) => {
    expect(readEnv(text).variables.map((variable) => variable.unfilled)).toEqual([unfilled]);
  });

  it('says which lines are none of it', () => {
    const text = 'A=1\njust words\nB="x\ny"\n=2\nexport C\nD E=3\n\n- F=4\n';
    expect(readEnv(text).strayLines).toEqual([2, 5, 6, 7, 9]);
    expect(read(text)).toEqual({ A: '1', B: 'x\ny' });
  });

  it.each(['"open', "'open", '`open', '"', ' "open # why'])('A=%s has a quote that nothing closes', (value) => {
    const text = `B="x\ny"\nA=${value}\nC=2`;
    expect(readEnv(text).strayLines).toEqual([3]);
    expect(read(text)).toEqual({ B: 'x\ny', C: '2' });
  });

  it.each([
    [[3], 'line 3 of `.env` is not an assignment, and is left out'],
    [[3, 4], 'lines 3, 4 of `.env` are not assignments, and are left out'],
    [[1, 2, 3, 4, 5, 6, 7], 'lines 1, 2, 3, 4, 5 and 2 more of `.env` are not assignments, and are left out'],
  ])('%j in words', (lines, message) => {
    expect(describeStrayLines('.env', lines).message).toBe(message);
  });

  it('of any size is read in linear time', () => {
    const text = `${'A="open\n'.repeat(20_000)}${"B='it\\'s\n".repeat(20_000)}`;
    const startedAt = performance.now();
    readEnv(text);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
