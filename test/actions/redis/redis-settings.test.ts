import { describe, expect, it } from 'vitest';
import { checkCommand, isLooking, readCommand } from '../../../src/actions/redis/command-line.ts';
import { checkRedisPlace } from '../../../src/actions/redis/redis-settings.ts';
import { explainNoJson, readReply, readValueAsJson } from '../../../src/actions/redis/reply.ts';
import { ExactNumber, type Value } from '../../../src/expr/index.ts';
import { createFakeIo } from '../../support/fake-io.ts';

describe('readCommand', () => {
  it.each<[string | readonly Value[], readonly Value[], readonly string[]]>([
    ['GET  k ', [], ['GET', 'k']],
    ['SET "a b" \'c "d"\'', [], ['SET', 'a b', 'c "d"']],
    ['SET k "q\\"\\\\"', [], ['SET', 'k', 'q"\\']],
    [['HSET', 'k', 'f', 1, { a: 1 }], [], ['HSET', 'k', 'f', '1', '{"a":1}']],
    ['SET', ['a b', true], ['SET', 'a b', 'true']],
    [['SET', 'k'], [1.5], ['SET', 'k', '1.5']],
  ])('%j with %j', (command, args, words) => {
    expect(readCommand(command, args)).toEqual(words);
  });

  it.each<[string | readonly Value[], string]>([
    ['GET "k', '`command` has a quote that is not closed'],
    [' ', '`command` is empty'],
    [['GET', null], '`command`: expected a value, got nil'],
  ])('%j is a mistake', (command, message) => {
    expect(() => readCommand(command, [])).toThrow(message);
  });
});

describe('checks before the run', () => {
  it.each<[unknown, readonly string[]]>([
    [{ command: 'GET {{key}}' }, ['`command`: a value with a space in it would become two words']],
    [{ command: '{{command}}' }, []],
    [{ command: ['GET', '{{key}}'] }, []],
    [{ command: 'GET k' }, []],
    [{ command: 'CLIENT LIST' }, []],
    [{}, []],
  ])('checkCommand %j', (authored, messages) => {
    expect(checkCommand(authored).map(({ message }) => message)).toEqual(messages);
  });

  it.each<[unknown, string]>([
    [{ command: ['HELLO', '3'] }, '`HELLO` cannot be a step: it changes the protocol'],
    [{ command: 'reset' }, '`RESET` cannot be a step'],
    [{ command: 'SUBSCRIBE', args: ['c'] }, '`SUBSCRIBE` cannot be a step: it turns the connection into a stream'],
    [{ command: ['MONITOR'] }, '`MONITOR` cannot be a step'],
    [{ command: 'SELECT 3' }, '`SELECT` cannot be a step: what it changes ends with the step'],
    [{ command: 'MULTI' }, '`MULTI` cannot be a step'],
    [{ command: 'CLIENT', args: ['reply', 'OFF'] }, '`CLIENT REPLY` cannot be a step'],
  ])('%j cannot be a step, known before the run or in it', (settings, message) => {
    const { command, args = [] } = settings as { command: string | string[]; args?: string[] };
    expect(checkCommand(settings)[0]).toMatchObject({ severity: 'error', code: 'TM364' });
    expect(checkCommand(settings)[0]?.message).toContain(message);
    expect(() => readCommand(command, args)).toThrow(message);
  });

  it.each<[unknown, readonly string[]]>([
    [{ url: 'redis://h' }, []],
    [{ host: 'h', port: '{{PORT}}' }, []],
    [{ key: 'k' }, ['a Redis action needs `url` or `host`']],
    [{ url: 'redis://h', host: 'h' }, ['`url` already holds the host: write one of `url` and `host`']],
    [{ host: 'h', port: 'x' }, ['`port`: expected a number from 0 to 65535, got `x`']],
    [{ url: '{{REDIS_URL}}' }, []],
  ])('checkRedisPlace %j', (authored, messages) => {
    expect(checkRedisPlace(authored).map(({ message }) => message)).toEqual(messages);
  });

  it.each<[unknown, boolean]>([
    [{ command: 'get k' }, true],
    [{ command: ['HGETALL', 'k'] }, true],
    [{ command: 'DEL k' }, false],
    [{}, false],
  ])('isLooking %j', (authored, looks) => {
    expect(isLooking(authored)).toBe(looks);
  });
});

describe('readValueAsJson', () => {
  it.each<[Value, Value, readonly string[]]>([
    ['{"n": 1, "n": 2}', { n: 2 }, ['`n` occurs twice as a key in a map of `json`: the last one counts']],
    ['{"a": {"n": 1}, "n": 2}', { a: { n: 1 }, n: 2 }, []],
    ['no JSON', null, []],
    [null, null, []],
  ])('of %j', (value, json, notes) => {
    const io = createFakeIo();
    expect(readValueAsJson(value, io)).toEqual(json);
    expect(io.notes).toEqual(notes);
  });
});

describe('explainNoJson', () => {
  it.each([
    ['hello', 'the value is not JSON: test it as a text, `value`'],
    ['{name: x}', /^the value begins like JSON, but is not JSON: ./],
    [
      '{"a": 1',
      'the value begins like JSON, but is not JSON: it ends before the `{` at character 1 is closed: was it cut off?',
    ],
    ['null', 'the value is the text `null`'],
  ])('%j', (value, said) => {
    expect(explainNoJson(value)).toEqual(typeof said === 'string' ? said : expect.stringMatching(said));
  });
});

describe('readReply', () => {
  it.each([
    ['9007199254740993', ['INCR', 'k'], new ExactNumber('9007199254740993')],
    ['5', ['INCR', 'k'], 5],
    [Buffer.from('5'), ['GET', 'k'], '5'],
    [Buffer.from([0xff]), ['GET', 'k'], '/w=='],
    [[Buffer.from('a'), Buffer.from('1')], ['hgetall', 'k'], { a: '1' }],
    [
      [Buffer.from('a'), null],
      ['MGET', 'a', 'b'],
      ['a', null],
    ],
    [null, ['GET', 'k'], null],
  ])('case %#', (reply, command, value) => {
    expect(readReply(reply, command)).toEqual(value);
  });
});
