import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../../../demo-services/stack/ports.ts';
import { actions } from '../../../src/actions/registry.ts';
import type { ActionDefinition } from '../../../src/model/action/definition.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { StopError } from '../../../src/stop/stop-error.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { startTcpServer } from '../../support/servers/http-server.ts';
import { describeWithPrograms, makeCertificates, type OwnServer, startRedis } from '../../support/servers/programs.ts';

let io: FakeIo;
beforeEach(() => {
  io = createFakeIo();
});
afterEach(async () => {
  expect(await io.close()).toEqual([]);
});

function find(name: string): ActionDefinition {
  const action = actions.get(`redis.${name}`);
  if (!action) throw new Error(`no action redis.${name}`);
  return action;
}

async function fail(name: string, settings: Record<string, unknown>) {
  const error = await failAction(find(name), settings, io);
  expect(
    JSON.stringify([error.problem, error.details, error.data, io.describeExchange(), io.takeExchange()]),
  ).not.toContain('secret');
  return error;
}

describe('a Redis server that is not there', () => {
  it('refuses', async () => {
    const port = await findFreePort();
    const { problem, data } = await fail('get', { url: `redis://:secret@127.0.0.1:${port}/2`, key: 'k' });
    const message = `nothing listens at 127.0.0.1:${port} (connection refused)`;
    expect(problem).toMatchObject({ outcome: 'errored', kind: 'connection', code: 'ECONNREFUSED', message });
    expect(data).toEqual({ peer: `127.0.0.1:${port}`, host: '127.0.0.1', port, db: 2 });
  });

  it('accepts and never answers', async () => {
    const peer = await startTcpServer();
    const startedAt = performance.now();
    const { problem } = await fail('set', {
      url: `redis://:secret@${peer.peer}`,
      key: 'k',
      value: 1,
      timeout: '1s',
    });
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await peer.close();
    const message = `${peer.peer} accepted the connection but did not answer within 1 s`;
    expect(problem).toMatchObject({ kind: 'timeout', message });
  });

  it('closes at once', async () => {
    const peer = await startTcpServer((socket) => socket.end());
    const { problem } = await fail('get', { url: `redis://:secret@${peer.peer}`, key: 'k' });
    await peer.close();
    expect(problem).toMatchObject({
      kind: 'connection',
      message: `${peer.peer} closed the connection before it answered`,
    });
  });

  it('speaks something else', async () => {
    const peer = await startTcpServer((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const { problem } = await fail('get', { url: `redis://:secret@${peer.peer}`, key: 'k', timeout: '30s' });
    await peer.close();
    const message = `what answers at ${peer.peer} is not a Redis server`;
    expect(problem).toMatchObject({ kind: 'connection', message });
  });
});

describeWithPrograms('redis.*', ['redis-server', 'redis-cli', 'openssl'], () => {
  let server: OwnServer;
  let closed: OwnServer;
  let tlsPort: number;

  beforeAll(async () => {
    tlsPort = await findFreePort();
    server = await startRedis();
    closed = await startRedis({
      args: async (folder) => {
        await makeCertificates(folder);
        const files = ['--tls-cert-file', `${folder}/server.pem`, '--tls-key-file', `${folder}/server.key`];
        const tls = ['--tls-port', String(tlsPort), ...files, '--tls-ca-cert-file', `${folder}/ca.pem`];
        return ['--requirepass', 'secret', ...tls, '--tls-auth-clients', 'no'];
      },
    });
  });
  afterAll(async () => {
    await server.stop();
    await closed.stop();
  });

  const run = (name: string, settings: Record<string, unknown>) =>
    runAction(find(name), { host: '127.0.0.1', port: String(server.port), ...settings }, io);
  const failing = (name: string, settings: Record<string, unknown>) =>
    fail(name, { host: '127.0.0.1', port: server.port, ...settings });

  it('writes, reads and removes a key', async () => {
    const value = { id: 1, names: ['ü'] };
    expect(await run('set', { key: 'a b', value })).toEqual({ result: { ok: true }, summary: 'OK' });
    expect(await run('get', { key: 'a b' })).toEqual({
      result: { value: '{"id":1,"names":["ü"]}', json: value, exists: true },
      summary: 'found',
      asides: {},
    });
    expect((await run('exists', { key: 'a b' })).result).toEqual({ exists: true, count: 1 });
    expect((await run('exists', { key: ['a b', 'none'] })).result).toEqual({ exists: false, count: 1 });
    expect((await run('del', { key: ['a b', 'none'] })).result).toEqual({ deleted: 1, ok: true });
    expect(await run('get', { key: 'a b' })).toEqual({
      result: { value: null, json: null, exists: false },
      summary: 'no such key',
      asides: {},
    });
    await run('set', { key: 'text', value: 'hello' });
    expect((await run('get', { key: 'text' })).asides?.['json']?.()).toContain('the value is not JSON');
  });

  it.each([
    ['text', 'text', null],
    ['', '', null],
    ['00123', '00123', null],
    [7, '7', 7],
    [true, 'true', true],
    [[1, null], '[1,null]', [1, null]],
  ])('keeps %j', async (value, text, json) => {
    await run('set', { key: 'k', value });
    expect((await run('get', { key: 'k' })).result).toEqual({ value: text, json, exists: true });
  });

  it('has no nil', async () => {
    const error = await failing('set', { key: 'k', value: null });
    expect(error.problem).toMatchObject({ kind: 'authoring', message: '`value`: expected a value, got nil' });
  });

  it('lets keys expire', async () => {
    expect(await run('set', { key: 'short', value: 1, ttl: '60ms' })).toMatchObject({
      summary: 'OK, expires in 60 ms',
    });
    await expect.poll(async () => (await run('exists', { key: 'short' })).result['exists']).toBe(false);
    await run('set', { key: 'long', value: 1, ttl: '1h' });
    const left = (await run('command', { command: 'TTL long' })).result['value'];
    expect(left).toBeGreaterThan(3500);
    expect((await run('command', { command: 'PTTL none' })).summary).toBe('-2: there is no such key');
    await run('set', { key: 'ever', value: 1 });
    const ever = await run('command', { command: ['ttl', 'ever'] });
    expect(ever.summary).toBe('-1: the key does not expire');
    expect(ever.denied?.['value']?.()).toBe('`value` is -1: the key does not expire');
  });

  it('gives bytes that are no text as base64', async () => {
    await run('command', { command: ['EVAL', "return redis.call('SET', KEYS[1], '\\255\\0')", 1, 'bytes'] });
    expect((await run('get', { key: 'bytes' })).result['value']).toBe('/wA=');
  });

  it.each([
    [['HSET', 'h', 'f', 1, 'g', '{"a":1}'], 2, '2'],
    ['HGETALL h', { f: '1', g: '{"a":1}' }, '2 fields'],
    [['HGET', 'h', 'none'], null, 'nil'],
    ['RPUSH l "a b" c', 2, '2'],
    ['LRANGE l 0 -1', ['a b', 'c'], '2 items'],
    ['PING', 'PONG', '4 characters'],
    ['EVAL "return {1,{false,\'x\'}}" 0', [1, [null, 'x']], '2 items'],
  ])('does %j', async (command, value, summary) => {
    expect(await run('command', { command })).toMatchObject({ result: { value, ok: true }, summary });
  });

  it('takes the words behind a name as they are', async () => {
    await run('command', { command: 'SET', args: ['two words', { a: 1 }] });
    expect((await run('get', { key: 'two words' })).result['json']).toEqual({ a: 1 });
  });

  it('has a database of its own for each number', async () => {
    await run('set', { key: 'here', value: 1, db: 3 });
    expect((await run('exists', { key: 'here' })).result['exists']).toBe(false);
    const url = `redis://127.0.0.1:${server.port}/3`;
    const { result } = await runAction(find('exists'), { url, key: 'here' }, io);
    expect(result['exists']).toBe(true);
  });

  it.each([
    ["return {1, redis.error_reply('boom')}", /: item 1 of the answer is an error: (ERR )?boom$/],
    ["return {1, {2, redis.error_reply('NOPE boom')}}", /: item 1 of item 1 of the answer is an error: NOPE boom$/],
  ])('an error in an answer is one: %s', async (script, message) => {
    const { problem } = await failing('command', { command: ['EVAL', script, '0'] });
    expect(problem).toMatchObject({ outcome: 'errored', kind: 'redis', message: expect.stringMatching(message) });
    expect((await run('command', { command: 'PING' })).result['value']).toBe('PONG');
  });

  it('an error that a script words freely is the answer of the server, not of the connection', async () => {
    const { problem } = await failing('command', { command: ['EVAL', "return redis.error_reply('not enough')", '0'] });
    expect(problem).toMatchObject({ kind: 'redis', message: expect.stringMatching(/: (?:ERR )?not enough$/) });
    expect(problem?.hints ?? []).toEqual([]);
  });

  it.each(['CLIENT SETNAME tm_left', 'CLIENT NO-EVICT ON', 'AUTH default nothing'])(
    'leaves no state of a connection to another flow: %s',
    async (command) => {
      const place = { host: '127.0.0.1', port: server.port };
      await runAction(find('set'), { ...place, key: 'here', value: 'x' }, io);
      const dirty = { ...place, command, timeout: '500ms' };
      await runAction(find('command'), dirty, io).catch(() => undefined);
      const other = createFakeIo({ run: io.resources });
      expect((await runAction(find('get'), { ...place, key: 'here' }, other)).result['value']).toBe('x');
      const info = await runAction(find('command'), { ...place, command: 'CLIENT LIST' }, other);
      expect(info.result['value']).not.toContain('tm_left');
      await other.close();
    },
  );

  it('keeps one connection for all flows of a run, and replaces it when the server ended it', async () => {
    const place = { host: '127.0.0.1', port: server.port };
    const countConnections = async () => {
      const { result } = await run('command', { command: 'INFO stats' });
      return Number(/total_connections_received:(\d+)/.exec(String(result['value']))?.[1]);
    };
    const before = await countConnections();
    for (let flow = 0; flow < 20; flow++) {
      const other = createFakeIo({ run: io.resources });
      await runAction(find('get'), { ...place, key: 'here' }, other);
      await other.close();
    }
    expect(await countConnections()).toBe(before);
    await run('get', { key: 'here', db: 3 });
    expect(await countConnections()).toBe(before + 1);
    const alone = createFakeIo();
    const command = (line: string) => runAction(find('command'), { ...place, command: line }, alone);
    await command('CLIENT KILL TYPE normal');
    await expect.poll(async () => String((await command('CLIENT LIST')).result['value']).split('\n').length).toBe(2);
    expect((await run('exists', { key: 'here' })).result['count']).toBe(1);
    await alone.close();
  });

  it('is found under a name of this machine', async () => {
    expect((await run('command', { command: 'PING', host: 'cache.localhost' })).result['value']).toBe('PONG');
  });

  it('tells what the server refuses', async () => {
    await run('command', { command: 'SADD set a' });
    expect((await failing('get', { key: 'set' })).problem).toMatchObject({ kind: 'redis', code: 'WRONGTYPE' });
    const unknown = await failing('command', { command: 'NOPE x' });
    expect(unknown.problem).toMatchObject({ kind: 'redis', code: 'ERR', message: expect.stringContaining("'NOPE'") });
    const far = await failing('get', { key: 'k', db: 99 });
    expect(far.problem).toMatchObject({ kind: 'connection', hints: ['check the number of the database'] });
  });

  it('ends in time, and at once when aborted, while others go on', async () => {
    const blocked = await failing('command', { command: ['BLPOP', 'never', 0], timeout: '1s' });
    expect(blocked.problem).toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('did not finish within 1 s'),
    });
    const stop = new Stop();
    const waiting = createFakeIo({ stop });
    const settings = { host: '127.0.0.1', port: server.port, command: 'BLPOP never 0' };
    const running = runAction(find('command'), settings, waiting);
    await expect
      .poll(async () => (await run('command', { command: 'CLIENT LIST' })).result['value'])
      .toContain('cmd=blpop');
    stop.end(new StopError('interrupted', 'interrupted'));
    await expect(running).rejects.toMatchObject({ problem: { kind: 'stopped' } });
    await waiting.close();
  });

  it('wants the right password', async () => {
    const place = { host: '127.0.0.1', port: closed.port, key: 'k' };
    expect((await fail('get', place)).problem).toMatchObject({ kind: 'connection', code: 'NOAUTH' });
    expect((await fail('get', { ...place, password: 'secret-no' })).problem).toMatchObject({
      kind: 'connection',
      code: 'WRONGPASS',
    });
    await runAction(find('set'), { ...place, password: 'secret', value: 1 }, io);
    const url = `redis://:secret@127.0.0.1:${closed.port}`;
    expect((await runAction(find('get'), { url, key: 'k' }, io)).result['value']).toBe('1');
    expect(io.describeExchange()?.byHand).toBe(`redis-cli -h 127.0.0.1 -p ${closed.port} --askpass GET k`);
  });

  it('speaks TLS, and trusts no certificate of nobody', async () => {
    const { problem } = await fail('get', { url: `rediss://:secret@localhost:${tlsPort}`, key: 'k' });
    expect(problem).toMatchObject({ kind: 'connection', message: expect.stringContaining('is not trusted') });
  });

  it('gives a redis-cli line that does the same', async () => {
    await run('set', { key: "it's", value: '$HOME "x"', ttl: '1m' });
    const line = io.describeExchange()?.byHand ?? '';
    await run('del', { key: "it's" });
    await promisify(execFile)('sh', ['-c', line]);
    expect((await run('get', { key: "it's" })).result['value']).toBe('$HOME "x"');
  });
});
