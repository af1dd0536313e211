import { describe, expect, it } from 'vitest';
import { httpSettings } from '../../../src/actions/http/http-settings.ts';
import { parseJson, type Value } from '../../../src/expr/index.ts';
import { createFunctions } from '../../../src/functions/registry.ts';
import { createSourceFile } from '../../../src/model/source-file.ts';
import { compileRenderable } from '../../../src/plan/compile/renderable.ts';
import { Findings } from '../../../src/plan/read/findings.ts';
import { readYaml } from '../../../src/source/yaml/read-yaml.ts';
import { sample } from '../../support/sample.ts';

const VALUES = [
  '"text"',
  '"GET"',
  '"not a method"',
  '"5s"',
  '7',
  '1.50',
  'true',
  'null',
  '[1, "a"]',
  '[{}]',
  '{}',
  '{"a": 1}',
  '{"bearer": "b"}',
];

const SETTINGS = [
  'url: "http://a/{{v}}"',
  'url: "{{v}}"',
  'url: a\nheaders: { x: "{{v}}", y: 1 }\ntimeout: 5s',
  'url: a\nquery: { list: [1, "{{v}}"] }\nmethod: post',
  'url: a\nquery: "{{v}}"',
  'url: a\nbody: { deep: { v: "{{v}}", w: [1] } }\nmax_redirects: 3',
  'url: a\nauth: { bearer: "{{v}}" }',
  'url: a\nauth: "{{v}}"',
  'url: a\nmethod: "{{v}}"',
  'url: a\ntimeout: "{{v}}"\nbody: [1]',
  'url: a\nfollow_redirects: "{{v}}"\nmax_body: 1MB',
  'url: a\ncookies: { c: "{{v}}" }',
  'url: a\nmultipart: { part: { value: "{{v}}" } }',
];

describe('settings that were good once', () => {
  it.each(sample('settings that were good once', SETTINGS, { count: 1 }))(
    'are what they are when they are checked in full: %s',
    (text) => {
      for (const first of VALUES) {
        for (const second of VALUES) {
          const again = compile(text);
          render(again, first);
          render(again, first);
          expect([first, second, render(again, second)]).toEqual([first, second, render(compile(text), second)]);
        }
      }
    },
  );

  it('are not checked anew where they are texts', () => {
    const renderable = compile('url: "http://a/{{v}}"\nheaders: { x: 1 }');
    const read = (v: Value) => renderable.render(new Map([['v', v]]), { now: () => 0 }) as { headers: object };
    read('first');
    expect(read('second').headers).toBe(read('third').headers);
  });
});

type Renderable = ReturnType<typeof compileRenderable>['renderable'];

function compile(text: string): Renderable {
  const findings = new Findings();
  const [node] = readYaml(createSourceFile('f.yaml', '/f.yaml', text)).documents;
  if (!node) throw new Error('the text holds no document');
  const options = { what: 'http_request', isConfig: true, schema: httpSettings, where: 'config' } as const;
  return compileRenderable(node, options, { functions: createFunctions(), findings }).renderable;
}

/** The settings, or what is wrong with them. */
function render(renderable: Renderable, json: string): unknown {
  try {
    return renderable.render(new Map([['v', parseJson(json)]]), { now: () => 0 });
  } catch (error) {
    return String(error);
  }
}
