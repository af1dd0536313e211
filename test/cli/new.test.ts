import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { confirm } from '../../src/cli/authoring/ask.ts';
import { readCurl } from '../../src/cli/authoring/curl-words.ts';
import { writeRequest } from '../../src/cli/authoring/request-settings.ts';
import { startHttpServer, type TestServer } from '../support/servers/http-server.ts';
import { writeFiles } from '../support/write-files.ts';
import { callCommand, feed } from './command.ts';

let server: TestServer;
let folder = '';
let asked: string[] = [];
beforeAll(async () => {
  server = await startHttpServer((request, response) => void answer(request, response));
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
  folder = mkdtempSync(join(tmpdir(), 'testmesh-new-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const { method, url = '', headers } = request;
  asked.push(
    `${method} ${url} ${headers.authorization ?? ''}${headers['x-api-key'] ?? ''}${headers.cookie ?? ''} ${text}`.trim(),
  );
  count += 1;
  if (url === '/moved') response.writeHead(302, { location: '/users/7' }).end();
  else if (url === '/page') response.setHeader('content-type', 'text/html').end('<html>hello</html>');
  else if (url === '/raw') response.setHeader('content-type', 'application/json').end(text.replace(/^raw=/, ''));
  else if (url === '/empty') response.writeHead(204).end();
  else {
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.statusCode = method === 'POST' ? 201 : 200;
    const sent = text.startsWith('{') ? JSON.parse(text) : {};
    response.end(
      JSON.stringify({
        ...{ id: randomUUID(), order_id: count, name: 'Ada', vip: true, price: 12.5, nothing: null },
        ...{ visits: count, created_at: new Date().toISOString(), token: `t${randomUUID()}`, ...sent },
        ...{
          items: [{ sku: 'A1', qty: 2 }],
          address: { city: 'London' },
          'odd key': 1,
          echo: headers.authorization ?? '',
        },
      }),
    );
  }
}

const call = (words: readonly string[], env: Record<string, string> = {}) => callCommand(words, { cwd: folder, env });
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('testmesh new', () => {
  it('writes a flow that expects what was answered, and passes at once', async () => {
    const { exitCode, output, errors } = await call(['new', '--', 'curl', '-sS', `${server.url}/users/7?a=1`]);
    expect([exitCode, errors]).toEqual([0, '']);
    expect(output).toBe(
      '✓ flows/get-users-id.yaml: 200 was answered, 17 assertions\n  next: testmesh run flows/get-users-id.yaml\n',
    );
    expect(read('flows/get-users-id.yaml')).toBe(
      `# yaml-language-server: $schema=../flow.schema.json
name: GET /users/7

env:
  BASE_URL: ${server.url}

steps:
  - id: get_users_id
    action: http_request
    config:
      method: GET
      url: "{{BASE_URL}}/users/7?a=1"
    assert:
      - status == 200
      - content_type == "application/json"
      - is_uuid(body.id)
      - is_int(body.order_id)
      - body.name == "Ada"
      - body.vip == true
      - body.price == 12.5
      - body.nothing == nil
      - is_int(body.visits)
      - is_iso_date(body.created_at)
      - is_string(body.token)
      - len(body.items) > 0
      - all(body.items, is_string(.sku))
      - all(body.items, is_int(.qty))
      - body.address.city == "London"
      - body["odd key"] == 1
      - body.echo == ""
    output:
      id: $.body.id
      order_id: $.body.order_id
      token:
        path: $.body.token
        secret: true

output:
  id: id
  order_id: order_id
  token: token
`,
    );
    expect(JSON.parse(read('flow.schema.json')).title).toBe('a flow of testmesh');
    const ran = await call(['run']);
    expect([ran.exitCode, ran.errors]).toEqual([0, '']);
    const checked = await call(['fmt', '--check']);
    expect(checked.output).toBe('✓ 1 file: laid out as it is to be\n');
  });

  it('keeps secrets out of the flow, under names that the environment gives', async () => {
    const line = [
      '-H',
      'Authorization: Bearer s3cret-token-1',
      '-H',
      'X-Api-Key: key-123456789',
      '-b',
      'session=c00kie-12345',
      '-d',
      '{"name": "Ada", "password": "hunter2-hunter2"}',
    ];
    const env = { MY_TOKEN: 's3cret-token-1' };
    const { exitCode, output } = await call(
      ['new', 'curl', `http://bob:pa55-pa55-pa55@${server.peer}/users?token=q-12345678`, ...line],
      env,
    );
    expect(exitCode).toBe(0);
    const text = read('flows/post-users.yaml');
    for (const secret of [
      's3cret-token-1',
      'key-123456789',
      'c00kie-12345',
      'hunter2-hunter2',
      'pa55-pa55',
      'q-12345678',
    ])
      expect(text + output).not.toContain(secret);
    expect(output).toContain('POST was sent once');
    const names = /^secrets:\n((?: {2}- .*\n)+)/m.exec(text)?.[1]?.match(/\w+/g) ?? [];
    expect(names).toEqual(['TOKEN', 'PASSWORD', 'X_API_KEY', 'SESSION', 'PASSWORD_2']);
    expect(asked[0]).toContain('hunter2-hunter2');
  });

  it.each<string[]>([
    ['/users', 'body', '-d', '{"name":"for s3cret-token-1"}'],
    ['/users/s3cret-token-1', 'path', '-X', 'POST'],
    ['/users', 'form', '-d', 'user=ada&note=a+s3cret-token-1&x=1&x=2'],
    ['/users', 'XML', '-H', 'content-type: text/xml', '-d', '<a><b:password x="1">s3cret-token-2</b:password></a>'],
    ['/users', 'header', '-X', 'POST', '-H', 'X-Session: s3cret-token-2'],
    ['/users', 'other header', '-X', 'POST', '-H', 'X-Note: it is s3cret-token-1.'],
  ])('writes no secret of %s, in its %s', async (path = '', _, ...line) => {
    const env = { API_TOKEN: 's3cret-token-1' };
    const { exitCode, output, errors } = await call(
      ['new', '-o', 'a.yaml', '--', 'curl', server.url + path, ...line],
      env,
    );
    expect([exitCode, errors]).toEqual([0, '']);
    expect(read('a.yaml') + output).not.toMatch(/s3cret.token/);
    expect(read('a.yaml')).toContain('secrets:');
  });

  it('takes the name that the environment has for a secret, so that the flow runs at once', async () => {
    const env = { MY_TOKEN: 's3cret-token-1' };
    const made = await call(
      ['new', '--', 'curl', `${server.url}/users/7`, '-H', 'Authorization: Bearer s3cret-token-1'],
      env,
    );
    expect(made.output).not.toContain('--secret');
    expect(read('flows/get-users-id.yaml')).toContain('bearer: "{{MY_TOKEN}}"');
    const ran = await call(['run'], env);
    expect([ran.exitCode, ran.errors]).toEqual([0, '']);
  });

  it.each([
    ['/moved', 'status == 302', 'follow_redirects: false'],
    ['/page', 'content_type == "text/html"', 'body == "<html>hello</html>"'],
    ['/empty', 'status == 204', 'body == nil'],
  ])('writes what %s is answered', async (path, ...parts) => {
    await call(['new', '-o', 'a.yaml', '--', 'curl', `${server.url}${path}`]);
    for (const part of parts) expect(read('a.yaml')).toContain(part);
    expect((await call(['run', 'a.yaml'])).exitCode).toBe(0);
  });

  it.each<string[]>([
    ...['59.90', '1.10', '1.0', '1e3', '-0.0', '1e400', '12345678901234567890', '9007199254740993'].map((digits) => [
      `{"price":${digits}}`,
      `price: ${digits}`,
      `body.price == ${digits}`,
    ]),
    ['{"list":[1.10,2]}', '- 1.10', 'body.list == [1.10, 2]'],
    ['{"ids":[1,2,3],"rows":[]}', 'rows: []', 'body.ids == [1, 2, 3]', 'len(body.rows) == 0'],
    ['{"many":[1,2,3,4,5,6,7,8,9,10,11]}', '- 11', 'len(body.many) > 0'],
    [`{"made":["${randomUUID()}"]}`, 'made:', 'len(body.made) > 0'],
    ['{"text":"{{x}} ${y} <<z>> << z >> ${y:-1}"}', '\\{{x}}', '\\u007b{x}} \\u0024{y}'],
  ])('sends, writes and expects %s as it is', async (body = '', ...parts) => {
    const made = await call(['new', '-o', 'a.yaml', '--', 'curl', `${server.url}/raw`, '-d', body]);
    expect([made.exitCode, made.errors]).toEqual([0, '']);
    expect(asked[0]?.replaceAll(/\s/g, '')).toContain(body.replaceAll(/\s/g, ''));
    for (const part of parts) expect(read('a.yaml')).toContain(part);
    const ran = await call(['run', 'a.yaml']);
    expect([ran.exitCode, ran.output]).toEqual([0, expect.any(String)]);
  });

  it('says that a file cannot be written where no folder can be made', async () => {
    const made = await call(['new', '-o', '/proc/no-such/y.yaml', '--', 'curl', `${server.url}/page`]);
    expect(made.exitCode).toBe(3);
    expect(made.errors).toContain('cannot be written');
  });

  it('overwrites nothing, unless it is told to', async () => {
    writeFiles(folder, { 'a.yaml': 'mine\n' });
    const words = ['new', '-o', 'a.yaml', '--', 'curl', `${server.url}/page`];
    const { exitCode, errors } = await call(words);
    expect([exitCode, errors, read('a.yaml'), asked]).toEqual([
      2,
      'testmesh: `a.yaml` is there already, and stays as it is\n  = write `--force`, or another file with `--output`\n',
      'mine\n',
      [],
    ]);
    expect((await call([...words.slice(0, 1), '--force', ...words.slice(1)])).exitCode).toBe(0);
    expect(read('a.yaml')).toContain('GET /page');
  });

  it.each([
    ['y\n', true],
    ['Yes\n', true],
    ['\n', false],
    ['', false],
    ['n\n', false],
  ])('asks on a terminal, where %j is %j', async (typed, isYes) => {
    const terminal = {
      cwd: folder,
      env: {},
      isTty: true,
      columns: 80,
      input: feed(typed),
      write: () => {},
      writeError: () => {},
      flush: async () => {},
    };
    expect(await confirm('overwrite it?', terminal)).toBe(isYes);
    expect(await confirm('overwrite it?', { ...terminal, isTty: false, input: feed('y\n') })).toBe(false);
  });

  it('writes nothing where the service does not answer', async () => {
    const { exitCode, errors } = await call(['new', '--', 'curl', 'http://127.0.0.1:9/users']);
    expect(exitCode).toBe(3);
    expect(errors).toContain('127.0.0.1:9');
    expect(existsSync(join(folder, 'flows'))).toBe(false);
  });

  it.each([
    [['new'], 'testmesh: the curl command is missing'],
    [['new', '--', 'wget', 'http://a'], 'testmesh: `wget` is not a curl command'],
    [['new', '--', 'curl'], 'testmesh: curl has no address'],
    [['new', '--', 'curl', 'http://a', 'http://b'], 'testmesh: curl has two addresses'],
    [['new', '--', 'curl', 'http://a', '--proto', 'https'], 'testmesh: `--proto` of curl is not understood'],
    [['new', '--', 'curl', 'http://a', '-d'], 'testmesh: `-d` of curl: its value is missing'],
    [['new', '--', 'curl', 'http://a', '-d', '@-'], 'testmesh: what curl is to send is not read from standard input'],
    [
      ['new', '--', 'curl', 'http://a', '--data-binary', `@${process.execPath}`],
      `testmesh: \`${process.execPath}\`, which curl is to send, is no text in UTF-8`,
    ],
    [
      ['new', '--', 'curl', 'http://a', '-d', '@no-such.json'],
      'testmesh: `no-such.json`, which curl is to send, cannot be read',
    ],
  ])('%j is a mistake', async (words, message) => {
    const { exitCode, errors } = await call(words);
    expect([exitCode, errors.slice(0, message.length)]).toEqual([2, message]);
  });
});

describe('the words of curl', () => {
  it.each<[words: string[], config: object]>([
    [['http://a/x'], { method: 'GET', url: '{{BASE_URL}}/x' }],
    [['a/x'], { method: 'GET', url: '{{BASE_URL}}/x' }],
    [['-XDELETE', 'http://a/x'], { method: 'DELETE' }],
    [['-I', 'http://a/'], { method: 'HEAD' }],
    [['-kL', 'http://a/'], { tls: { insecure: true }, follow_redirects: undefined }],
    [['http://a/', '-d', 'a=1', '-d', 'b=x%20y'], { method: 'POST', form: { a: '1', b: 'x y' } }],
    [['http://a/', '-d', 'a=1&a=2&b=3'], { form: { a: ['1', '2'], b: '3' } }],
    [['http://a/', '-d', 'x[]=1&x[]=2'], { form: { 'x[]': ['1', '2'] } }],
    [
      ['http://a/', '-d', 'user=ada&password=hunter2hunter2&x=1&x=2'],
      { form: { user: 'ada', password: '{{PASSWORD}}', x: ['1', '2'] } },
    ],
    [['http://a/', '-G', '-d', 'q=1'], { method: 'GET', url: '{{BASE_URL}}/?q=1' }],
    [['http://a/', '--data-urlencode', 'q=a b'], { form: { q: 'a b' } }],
    [['http://a/', '--json', '{"a": [1, "{{x}}"]}'], { body: { a: [1, '\\{{x}}'] } }],
    [
      ['http://a/', '-H', 'content-type: text/plain', '--data-raw', 'hi'],
      { body: 'hi', headers: { 'content-type': 'text/plain' } },
    ],
    [
      ['http://a/', '-F', 'f=@a.png;type=image/png', '-F', 'n=1'],
      { method: 'POST', multipart: { f: { file: 'a.png', content_type: 'image/png' }, n: '1' } },
    ],
    [['http://a/', '-u', 'bob:pw'], { auth: { basic: { username: 'bob', password: '{{PASSWORD}}' } } }],
    [['http://a/', '-H', 'X-Empty;', '-H', 'X-B: 1'], { headers: { 'X-Empty': '', 'X-B': '1' } }],
    [['http://a/', '-H', 'Accept:'], { headers: undefined }],
    [['http://a/', '-H', 'Accept-Encoding: gzip', '-H', 'accept: */*'], { headers: { accept: '*/*' } }],
  ])('%j', (words, config) => {
    const written = writeRequest(readCurl(['curl', ...words]), {});
    expect(written.config).toMatchObject(
      Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)),
    );
    for (const [key, value] of Object.entries(config))
      if (value === undefined) expect(written.config).not.toHaveProperty(key);
  });
});
