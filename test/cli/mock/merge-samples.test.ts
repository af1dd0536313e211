import { describe, expect, it } from 'vitest';
import { mergeSamples } from '../../../src/cli/mock/merge-samples.ts';
import type { Sample } from '../../../src/cli/mock/sample.ts';
import { readRecording, toSettings, writeStub } from '../../../src/cli/mock/stub-text.ts';
import type { Value } from '../../../src/expr/index.ts';
import { createSourceFile } from '../../../src/model/source-file.ts';
import { readYaml } from '../../../src/source/yaml/read-yaml.ts';

const [A, B] = ['0b0c7a52-6a04-4c3e-9d0e-6c9c1b8a0a01', '4f0c7a52-6a04-4c3e-9d0e-6c9c1b8a0a02'];

function sample(request: string, body: Value, more: { sent?: Value; status?: number } = {}): Sample {
  const [method = '', target = ''] = request.split(' ');
  const [path = '', search = ''] = target.split('?');
  const query = Object.fromEntries(new URLSearchParams(search));
  const { sent = null, status = 200 } = more;
  const example = { ...(search !== '' && { query }), ...(sent !== null && { body: sent }) };
  return { method, path, query, sent, example, answer: { status, headers: {}, body } };
}

/** What is written of one recording after the other. */
function write(...recordings: readonly (readonly Sample[])[]): string {
  let text = '';
  for (const samples of recordings) {
    const [root] = text === '' ? [] : readYaml(createSourceFile('r.yaml', '/r.yaml', text)).documents;
    const earlier = root ? readRecording(root, () => undefined).routes : [];
    const routes = mergeSamples(samples, earlier).map((route) => toSettings(route, () => 'a.bin'));
    text = writeStub(routes, 'http://a').replace(/^#.*\n/, '');
  }
  return text.replace(/^routes:\n/, '');
}

describe('a recording', () => {
  it.each<[string, readonly (readonly Sample[])[], string]>([
    [
      'is one route of equal exchanges',
      [[sample('GET /a', { count: 1 }), sample('GET /a', { count: 1 })]],
      '  - { method: GET, path: /a, response: { body: { count: 1 } } }\n',
    ],
    [
      'answers in turn what changed',
      [[sample('GET /a', 'x'), sample('GET /a', 'then', { status: 500 })]],
      '  - { method: GET, path: /a, responses: [{ body: x }, { status: 500, body: then }] }\n',
    ],
    [
      'has templates for ids and times that vary between two recordings',
      [
        [sample('POST /o', { id: A, at: '2026-01-01T10:00:00.123Z', day: '2026-01-01', sum: 7 }, { sent: { q: 1 } })],
        [sample('POST /o', { id: B, at: '2026-01-02T11:00:00.456Z', day: '2026-01-02', sum: 7 }, { sent: { q: 1 } })],
      ],
      `  - method: POST
    path: /o
    example: { body: { q: 1 } }
    response: { body: { id: "{{uuid()}}", at: "{{now()}}", day: '{{now().Format("2006-01-02")}}', sum: 7 } }
`,
    ],
    [
      'keeps them through a third one',
      [[sample('GET /a', { id: A })], [sample('GET /a', { id: B })], [sample('GET /a', { id: A })]],
      '  - { method: GET, path: /a, response: { body: { id: "{{uuid()}}" } } }\n',
    ],
    [
      'has numbers of epochs and ids of other kinds, too',
      [
        [sample('GET /a', { order_id: 'ord_1207', n_id: 41, exp: 1767225600, createdAt: 1767225600123 })],
        [sample('GET /a', { order_id: 'ord_3391', n_id: 42, exp: 1767225700, createdAt: 1767225700123 })],
      ],
      `  - method: GET
    path: /a
    response:
      body:
        order_id: "ord_{{random_int(1000, 9999)}}"
        n_id: "{{random_int(1, 999999)}}"
        exp: "{{now().Unix()}}"
        createdAt: "{{now().UnixMilli()}}"
`,
    ],
    [
      'repeats what the request held',
      [
        [sample('POST /o', { user: A, total: 5 }, { sent: { user_id: A } })],
        [sample('POST /o', { user: B, total: 5 }, { sent: { user_id: B } })],
      ],
      `  - method: POST
    path: /o
    example: { body: { user_id: "${B}" } }
    response: { body: { user: "{{request.body.user_id}}", total: 5 } }
`,
    ],
    [
      'makes paths that differ in an id one with a parameter',
      [[sample('GET /users/7/orders/1', { id: 1, user: '7' }), sample('GET /users/8/orders/2', { id: 2, user: '8' })]],
      `  - method: GET
    path: "/users/:user_id/orders/:id"
    example: { params: { user_id: "7", id: "1" } }
    response: { body: { id: "{{int(request.params.id)}}", user: "{{request.params.user_id}}" } }
`,
    ],
    [
      'keeps apart what differs in more',
      [[sample('GET /users/7', { name: 'Ada' }), sample('GET /users/8', { name: 'Eve' })]],
      `  - { method: GET, path: /users/7, response: { body: { name: Ada } } }
  - { method: GET, path: /users/8, response: { body: { name: Eve } } }
`,
    ],
    [
      'asks for what tells requests apart, and for nothing else; its example has all that the match does not say',
      [
        [
          sample('GET /s?q=a&page=1', [1]),
          sample('GET /s?q=b&page=1', []),
          sample('POST /s', 'one', { sent: { kind: 'a', same: 1 } }),
          sample('POST /s', 'two', { sent: { kind: 'b', same: 1 } }),
        ],
      ],
      `  - method: GET
    path: /s
    match: { query: { q: a } }
    example: { query: { page: "1" } }
    response: { body: [1] }
  - method: GET
    path: /s
    match: { query: { q: b } }
    example: { query: { page: "1" } }
    response: { body: [] }
  - method: POST
    path: /s
    match: { body: { kind: a } }
    example: { body: { kind: a, same: 1 } }
    response: { body: one }
  - method: POST
    path: /s
    match: { body: { kind: b } }
    example: { body: { kind: b, same: 1 } }
    response: { body: two }
`,
    ],
    [
      'puts a newer answer in the place of an older one that differs',
      [[sample('GET /a', { state: 'old' })], [sample('GET /a', { state: 'new' })]],
      '  - { method: GET, path: /a, response: { body: { state: new } } }\n',
    ],
    [
      'takes braces of the service as they are',
      [[sample('GET /a', { t: 'a {{b}} ${c}' })], [sample('GET /a', { t: 'a {{b}} ${c}' })]],
      '  - { method: GET, path: /a, response: { body: { t: !raw "a {{b}} ${c}" } } }\n',
    ],
    [
      'quotes what YAML would take for something else',
      [[sample('GET /a', { a: 'yes', b: '1', c: '', d: 'a: b', e: '#', f: 'null', g: 'x\ny', h: 'é' })]],
      `  - method: GET
    path: /a
    response: { body: { a: "yes", b: "1", c: "", d: "a: b", e: "#", f: "null", g: "x\\ny", h: "é" } }
`,
    ],
  ])('%s', (_title, recordings, expected) => {
    expect(write(...recordings)).toBe(expected);
  });
});
