import { expect, test } from 'vitest';
import { createUser, makeEmail, send } from '../support/stack/json-client.ts';
import { describeWithStack } from '../support/stack/stack.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describeWithStack('user-service', ({ urls }) => {
  const users = `${urls.user}/api/v1/users`;
  const auth = `${urls.user}/api/v1/auth`;

  test('is healthy', async () => {
    expect(await send('GET', `${urls.user}/health`)).toEqual({
      status: 200,
      body: { status: 'healthy', service: 'user-service', database: 'connected' },
    });
  });

  test('creates a user, finds it and lists it', async () => {
    const email = makeEmail();
    const created = await send('POST', users, { body: { email, name: 'Ada Lovelace' } });
    expect(created).toEqual({
      status: 201,
      body: {
        id: expect.stringMatching(uuid),
        email,
        name: 'Ada Lovelace',
        created_at: expect.stringMatching(rfc3339),
        updated_at: expect.stringMatching(rfc3339),
      },
    });
    expect(await send('GET', `${users}/${created.body['id']}`)).toEqual({ status: 200, body: created.body });
    const list = await send('GET', users);
    expect(list).toEqual({ status: 200, body: { users: expect.arrayContaining([created.body]) } });
  });

  test('refuses an address that is taken', async () => {
    const user = await createUser(urls.user);
    const second = await send('POST', users, { body: { email: user['email'], name: 'Another' } });
    expect(second).toEqual({ status: 409, body: { error: 'user with this email already exists' } });
  });

  test('takes one of two users that come at once with one address', async () => {
    const body = { email: makeEmail(), name: 'Twin' };
    const answers = await Promise.all([send('POST', users, { body }), send('POST', users, { body })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  test.each([
    { body: { name: 'A' }, error: '`email` is required' },
    { body: { email: 'a@example.com' }, error: '`name` is required' },
    { body: { email: 'a@example.com', name: ' ' }, error: '`name` must not be blank' },
    { body: { email: 'not an address', name: 'A' }, error: '`email` must match format "email"' },
    { body: { email: 7, name: 'A' }, error: '`email` must be string' },
    { body: { email: 'nul@example.com', name: 'a\0' }, error: 'invalid byte sequence for encoding "UTF8": 0x00' },
    { body: [], error: 'the body must be object' },
    { body: undefined, error: 'the body must be object' },
  ])('answers 400 to $body', async ({ body, error }) => {
    expect(await send('POST', users, { body })).toEqual({ status: 400, body: { error } });
  });

  test('answers 400 to a body that is no JSON', async () => {
    const { status, body } = await send('POST', users, { text: '{' });
    expect({ status, error: typeof body['error'] }).toEqual({ status: 400, error: 'string' });
  });

  test('tells an unknown user from an id that is no UUID', async () => {
    const unknown = await send('GET', `${users}/00000000-0000-4000-8000-000000000000`);
    expect(unknown).toEqual({ status: 404, body: { error: 'user not found' } });
    const malformed = await send('GET', `${users}/42`);
    expect(malformed).toEqual({ status: 400, body: { error: 'the user id must be a UUID' } });
  });

  test('answers 404 in the same shape for a route that is not there', async () => {
    expect(await send('GET', `${urls.user}/nowhere`)).toEqual({
      status: 404,
      body: { error: 'no route GET /nowhere' },
    });
  });

  test('logs a user in and verifies the token, with and without `Bearer`', async () => {
    const user = await createUser(urls.user);
    const login = await send('POST', `${auth}/login`, { body: { email: user['email'] } });
    expect(login).toEqual({ status: 200, body: { token: expect.stringMatching(/^\w{64}$/), user } });
    for (const prefix of ['', 'Bearer ']) {
      const headers = { authorization: `${prefix}${login.body['token']}` };
      const verified = await send('GET', `${auth}/verify`, { headers });
      expect(verified).toEqual({ status: 200, body: { valid: true, user_id: user['id'] } });
    }
  });

  test('refuses to log in whom it does not know, and bodies without an address', async () => {
    const unknown = await send('POST', `${auth}/login`, { body: { email: makeEmail() } });
    expect(unknown).toEqual({ status: 401, body: { error: 'user not found' } });
    const empty = await send('POST', `${auth}/login`, { body: {} });
    expect(empty).toEqual({ status: 400, body: { error: '`email` is required' } });
  });

  test('says that a wrong token is not valid, and that one is needed', async () => {
    const wrong = await send('GET', `${auth}/verify`, { headers: { authorization: 'Bearer nonsense' } });
    expect(wrong).toEqual({ status: 200, body: { valid: false } });
    const none = await send('GET', `${auth}/verify`);
    expect(none).toEqual({ status: 401, body: { error: 'the header `Authorization` is missing' } });
  });

  test('knows a session by its cookie', async () => {
    const { id, cookie } = await logIn();
    expect(await send('GET', `${auth}/session`, { headers: { cookie: `a=1; ${cookie}` } })).toEqual({
      status: 200,
      body: { user_id: id },
    });
    for (const headers of [{}, { cookie: 'session=forged' }]) {
      const refused = await send('GET', `${auth}/session`, { headers });
      expect(refused).toEqual({ status: 401, body: { error: 'log in first' } });
    }
  });

  test("takes a user's own picture, and gives it to anybody", async () => {
    const { id, cookie } = await logIn();
    const put = (form: FormData | string, headers: Record<string, string> = { cookie }) =>
      fetch(`${users}/${id}/picture`, { method: 'PUT', headers, body: form });
    const bytes = Buffer.from([0, 13, 10, 255]);
    const form = new FormData();
    form.append('picture', new Blob([bytes], { type: 'image/x-mine' }), 'ü.x');
    form.append('tag', 'a');
    form.append('tag', 'b');
    expect((await put(form, {})).status).toBe(401);
    const stranger = await logIn();
    expect((await put(form, { cookie: stranger.cookie })).status).toBe(403);
    expect((await fetch(`${users}/${id}/picture`)).status).toBe(404);

    const answer = await put(form);
    expect(await answer.json()).toMatchObject({
      filename: 'ü.x',
      media_type: 'image/x-mine',
      caption: null,
      tags: ['a', 'b'],
      size: 4,
    });
    const picture = await fetch(`${users}/${id}/picture`);
    expect(picture.headers.get('content-type')).toBe('image/x-mine');
    expect(Buffer.from(await picture.arrayBuffer()).equals(bytes)).toBe(true);

    const without = new FormData();
    without.append('picture', 'text');
    expect((await put(without)).status).toBe(400);
    const broken = { cookie, 'content-type': 'multipart/form-data; boundary=x' };
    expect((await put('no parts', broken)).status).toBe(400);
  });

  async function logIn(): Promise<{ id: string; cookie: string }> {
    const user = await createUser(urls.user);
    const body = JSON.stringify({ email: user['email'] });
    const answer = await fetch(`${auth}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return { id: String(user['id']), cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
  }

  test('takes and shows posts of whom a token names', async () => {
    const posts = `${urls.user}/api/v1/posts`;
    const user = await createUser(urls.user);
    const { token } = (await send('POST', `${auth}/login`, { body: { email: user['email'] } })).body;
    const headers = { authorization: `Bearer ${String(token)}` };
    const created = await send('POST', posts, { body: { title: 'One', body: '' }, headers });
    expect(created).toEqual({
      status: 201,
      body: {
        ...{ id: expect.stringMatching(uuid), user_id: user['id'], title: 'One', body: '' },
        created_at: expect.stringMatching(rfc3339),
      },
    });
    const own = `${posts}/${String(created.body['id'])}`;
    expect(await send('GET', own, { headers })).toEqual({ status: 200, body: created.body });
    const refused = { status: 401, body: { error: 'log in first' } };
    expect(await send('GET', own)).toEqual(refused);
    expect(await send('GET', own, { headers: { authorization: 'Bearer nonsense' } })).toEqual(refused);
    expect(await send('POST', posts, { body: { title: 'One', body: '' } })).toEqual(refused);
    const untitled = await send('POST', posts, { body: { title: ' ', body: '' }, headers });
    expect(untitled).toEqual({ status: 400, body: { error: '`title` must not be blank' } });
    const unknown = { status: 404, body: { error: 'post not found' } };
    for (const id of ['00000000-0000-4000-8000-000000000000', '42'])
      expect(await send('GET', `${posts}/${id}`, { headers })).toEqual(unknown);
  });
});
