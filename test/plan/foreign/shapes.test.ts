import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

/** What is an error in a step: `message: help`. */
function errors(step: string): readonly string[] {
  const { diagnostics } = planText(`name: x\nsteps:\n  - { id: s, ${step} }\n`);
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message, help = [] }) => `${message}: ${help.join('; ')}`);
}

const request = (settings: string): string => `action: http_request, config: { url: "http://h", ${settings} }`;

describe('a map of names that is written as a list or as text', () => {
  it.each([
    ['headers: "Authorization: Bearer s3cr3t"', 'headers: {Authorization: …}'],
    ['headers: "Accept: a\\nX-Id: s3cr3t"', 'headers: {Accept: …, X-Id: …}'],
    [
      'headers: [{ name: Authorization, value: s3cr3t }, { name: Accept, value: b }]',
      'headers: {Authorization: …, Accept: …}',
    ],
    ['headers: [{ key: A, value: s3cr3t, enabled: true }]', 'headers: {A: …}'],
    ['headers: [{ Accept: s3cr3t }]', 'headers: {Accept: …}'],
    ['headers: [[A, s3cr3t], [B, c]]', 'headers: {A: …, B: …}'],
    ['headers: ["A: s3cr3t"]', 'headers: {A: …}'],
    ['query: "a=s3cr3t&b=2"', 'query: {a: …, b: …}'],
    ['query: "?a=s3cr3t"', 'query: {a: …}'],
    ['method: POST, form: [{ key: a, value: s3cr3t }]', 'form: {a: …}'],
    ['method: POST, form: "a=s3cr3t"', 'form: {a: …}'],
    ['cookies: "sid=s3cr3t; b=2"', 'cookies: {sid: …, b: …}'],
    ['cookies: [{ name: sid, value: s3cr3t, path: / }]', 'cookies: {sid: …}'],
    ['method: POST, multipart: [{ name: file, file: a.txt }]', 'multipart: {file: …}'],
  ])('%s', (settings, written) => {
    const [said = '', ...more] = errors(request(settings));
    expect(said).toContain(`write it as a map: \`${written}\``);
    expect(more).toEqual([]);
    if (!settings.startsWith('query') && !settings.includes('form')) expect(said).not.toContain('s3cr3t');
  });

  it.each(['headers: 5', 'headers: "x"', 'headers: [1, 2]', 'headers: []', 'query: "abc"'])(
    '%s says no names',
    (settings) => {
      expect(errors(request(settings)).join()).not.toContain('write it as a map');
    },
  );
});

describe('auth as other tools write it', () => {
  const basic = 'write `auth: {basic: {username: …, password: …}}`';
  const bearer = 'write `auth: {bearer: "{{TOKEN}}"}`';
  it.each([
    ['{ type: basic, username: a, password: b }', basic],
    ['{ username: a, password: b }', basic],
    ['{ user: a, pass: b }', basic],
    ['[a, b]', basic],
    ['"ada:s3cr3t"', basic],
    ['"Basic YTpi"', basic],
    ['{ type: bearer, token: s3cr3t }', bearer],
    ['{ scheme: Bearer, value: s3cr3t }', bearer],
    ['{ token: s3cr3t }', bearer],
    ['"Bearer s3cr3t"', bearer],
    ['{ bearer: { token: s3cr3t } }', bearer],
    ['{ type: apikey, key: X-Key, value: s3cr3t, in: header }', 'write `auth: {api_key: {header: X-Key, value: …}}`'],
    ['{ type: api_key, key: key, value: s3cr3t, add_to: query }', 'write `auth: {api_key: {query: key, value: …}}`'],
    ['{ type: oauth2, client_id: a, client_secret: s3cr3t, token_url: u }', 'take the token in a step of its own'],
    ['{ digest: { username: a, password: s3cr3t } }', 'what else a service wants is a header'],
  ])('%s is one error with the shape', (auth, way) => {
    const [said = '', ...more] = errors(request(`auth: ${auth}`));
    expect(said).toContain(way);
    expect(said).not.toContain('s3cr3t');
    expect(more).toEqual([]);
  });

  it('says of a key among known ones what it is', () => {
    expect(errors(request('auth: { basic: { username: a, password: b }, realm: x }'))).toEqual([
      'unknown key `realm` in `auth` of `http_request`: it takes `bearer`, `basic` and `api_key`',
    ]);
  });
});

describe('one where several are wanted, a number where a map is', () => {
  const stub = (route: string): string => `action: mock_server_start, config: { routes: ${route} }`;
  it.each([
    [
      stub('[{ path: /x, then: { after: 1s, http: { method: POST, url: "http://h/{{request.body.id}}" } } }]'),
      'write a list: `then: [{after: …, http: …}]`',
    ],
    [
      stub('{ path: /x, response: { status: 200, body: "{{request.path}}" } }'),
      'write a list: `routes: [{path: …, response: …}]`',
    ],
    [stub('{ /x: { status: 200 } }'), 'write a list: `routes: [{path: /x, …}]`'],
    [`${request('method: GET')}, retry: 3`, 'write `retry: {max_attempts: 3}`'],
  ])('%s', (step, way) => {
    expect(errors(step)).toEqual([expect.stringContaining(`: ${way}`)]);
  });
});

describe('an assertion as other tools write it', () => {
  it.each([
    ['eq: [status, 200]', 'status == 200'],
    ['equals: [$.name, Ada]', 'body.name == "Ada"'],
    ['ne: [body.id, null]', 'body.id != nil'],
    ['contains: [body.name, A]', 'body.name contains "A"'],
    ['len_eq: [body.items, 3]', 'len(body.items) == 3'],
    ['lt: [duration_ms, 100]', 'duration_ms < 100'],
    ['in: [status, [200, 201]]', 'status in [200, 201]'],
    ['status: { eq: 200 }', 'status == 200'],
    ['status_code: { in: [200, 204] }', 'status in [200, 204]'],
    ['path: $.id, equals: 3', 'body.id == 3'],
    ['jsonpath: $.id, operator: gte, value: 3', 'body.id >= 3'],
    ['path: $.id, exists: true', 'body.id != nil'],
    ['property: body.tags, comparison: contains, expected: a', 'body.tags contains "a"'],
    ['status: 200', 'status == 200'],
  ])('{ %s }', (assertion, written) => {
    expect(errors(`${request('method: GET')}, assert: [{ ${assertion} }]`)).toEqual([
      `expected an assertion in \`assert\` (an expression), got a map: write it as an expression: \`- ${written}\``,
    ]);
  });

  it('is left to its keys where it is unclear', () => {
    expect(errors(`${request('method: GET')}, assert: [{ expresion: status == 200 }]`)).toEqual([
      'unknown key `expresion` in an assertion: did you mean `expression`?',
    ]);
  });
});

describe('a wait whose kind is its key', () => {
  it.each([
    ['tcp: "h:1"', 'write `type: tcp, host: h, port: 1`'],
    ['tcp: 5432', 'write `type: tcp, host: localhost, port: 5432`'],
    ['tcp: "tcp://127.0.0.1:1"', 'write `type: tcp, host: "127.0.0.1", port: 1`'],
    ['tcp: { host: h, port: 1 }', 'write `type: tcp, host: h, port: 1`'],
    ['http: "http://h:1/x"', 'write `type: http` and `url: "http://h:1/x"`'],
    ['http: { url: "http://h:1/x" }', 'write `type: http` and `url: "http://h:1/x"`'],
  ])('%s', (kind, way) => {
    expect(errors(`action: wait_for, config: { ${kind}, timeout: 1s }`)).toEqual([
      expect.stringMatching(/^unknown key `(?:tcp|http)` in `wait_for`: /),
    ]);
    expect(errors(`action: wait_for, config: { ${kind}, timeout: 1s }`)[0]).toContain(way);
  });
});
