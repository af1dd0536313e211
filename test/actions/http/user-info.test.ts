import { afterEach, beforeEach, expect, it } from 'vitest';
import { httpRequest } from '../../../src/actions/http_request.ts';
import { createFakeIo, type FakeIo } from '../../support/fake-io.ts';
import { failAction, runAction } from '../../support/run-action.ts';
import { startHttpServer } from '../../support/servers/http-server.ts';

let io: FakeIo;

beforeEach(() => {
  io = createFakeIo({});
});
afterEach(() => io.close());

it.each([
  ['ada:100%25', 'ada:100%'],
  ['ada:100%', 'ada:100%'],
  ['%zz:a%40b', '%zz:a@b'],
])('sends `%s` of an address as %s', async (given, meant) => {
  const server = await startHttpServer((request, response) => response.end(request.headers.authorization));
  try {
    const { result } = await runAction(httpRequest, { url: server.url.replace('//', `//${given}@`) }, io);
    expect(result['body']).toBe(`Basic ${Buffer.from(meant).toString('base64')}`);
  } finally {
    await server.close();
  }
});

it.each([
  ['ada:s3cret@localhost:5001/x', '`url`: "localhost:5001/x" has no scheme'],
  ['ada:s3/cret@localhost/x', '`url`: "localhost/x" has no scheme'],
  ['http://ada:s3cret@localhost:port/x', '`url`: "http://localhost:port/x" is not a valid address'],
  ['http://ada:s@3/cret@localhost/x', '`url` is not a valid address: the password in it has to be percent-encoded'],
  ['http://ada:s3/cret@localhost/x', '`url` is not a valid address: the password in it has to be percent-encoded'],
  ['http://ada:s3?cr/et@localhost/x', '`url` is not a valid address: the password in it has to be percent-encoded'],
  ['localhost:5001/x?mail=a@b.test', '`url`: "localhost:5001/x?mail=a@b.test" has no scheme'],
])('keeps the password of `%s` out of what it says', async (url, message) => {
  const { problem } = await failAction(httpRequest, { url }, io);
  expect(problem.message).toBe(message);
  expect(JSON.stringify(problem)).not.toContain('cret');
});
