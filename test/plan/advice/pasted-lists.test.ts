import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

function find(capture: string, url: string, config = ''): readonly string[] {
  const { diagnostics } = planText(`name: n
env: { HOST: "http://localhost", other: x }
steps:
  - { action: http_request, config: { url: "{{HOST}}/a" }, output: { last: ${/^[{"]/.test(capture) ? capture : JSON.stringify(capture)} } }
  - { action: http_request, config: { url: ${JSON.stringify(url)}${config} }, assert: [status == 200, last != nil] }
`);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return diagnostics
    .filter(({ code }) => code === 'TM224')
    .map(({ message, span, help = [] }) => [message, span?.file.text.slice(span.start, span.end), ...help].join(' | '));
}

describe('a captured list in an address', () => {
  it.each([
    ['$.body.items[-1:].id', 'http://localhost/orders/{{last}}', 'capture one value: `$.body.items[-1].id`'],
    ['$.body.items[0:1].id', '{{HOST}}/orders?id=${ last }&a=b', 'capture one value: `$.body.items[0].id`'],
    ['$.body.items[*].id', 'http://localhost/<<last>>', 'take one of it: `{{last[0]}}`'],
    ['"$.body.items[?@.vip].id"', 'http://localhost/{{last}}', 'take one of it: `{{last[0]}}`'],
    ['$..id', 'http://localhost/{{last}}', 'take one of it: `{{last[0]}}`'],
    [
      '{ path: "$.body.items[-1:].id", secret: true }',
      'http://localhost/{{last}}',
      'capture one value: `$.body.items[-1].id`',
    ],
  ])('%s in %s', (capture, url, help) => {
    const path = /\$[^"]*(?="|$)/.exec(capture)?.[0];
    const message = `\`last\` is a list, since \`${path}\` may lead to several values: as JSON, \`[…]\`, it becomes a part of the address`;
    expect(find(capture, url)).toEqual([`${message} | last | ${help}`]);
  });

  it.each([
    ['$.body.items[-1].id', 'http://localhost/{{last}}'],
    ['$.body.items[-1:].id', 'http://localhost/{{last[0]}}'],
    ['$.body.items[-1:].id', 'http://localhost/{{join(last, ",")}}'],
    ['$.body.items[-1:].id', 'http://localhost/{{other}}'],
    ['{ path: "$.body.items[-1:].id", default: 5 }', 'http://localhost/{{last}}'],
    ['first(body.items).id', 'http://localhost/{{last}}'],
    ['{ regex: "[a-z]+" }', 'http://localhost/{{last}}'],
  ])('is none: %s in %s', (capture, url) => expect(find(capture, url)).toEqual([]));

  it('is none in a body', () => {
    expect(find('$.body.items[*].id', 'http://localhost/', ', method: POST, body: "ids {{last}}"')).toEqual([]);
  });
});
