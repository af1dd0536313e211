import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const log = (text: string, env = ''): string =>
  `name: x\n${env}steps:\n  - { id: a, action: log, config: { message: ${JSON.stringify(text)} } }\n`;
const helpOf = (flow: string): string => (planText(flow).diagnostics[0]?.help ?? []).join('; ');

describe('a variable as other tools write it', () => {
  it.each([
    ['${env:HOME}', 'env', 'HOME'],
    ['a ${ENV:API_KEY} b', 'ENV', 'API_KEY'],
    ['${secrets:token}', 'secrets', 'token'],
    ['${sys:user}', 'sys', 'user'],
  ])('%s is a text here', (text, prefix, name) => {
    const written = `\${${prefix}:${name}}`;
    expect(findingsOf(planText(log(text)))).toEqual([
      `TM220 3:${47 + text.indexOf('$')} \`${written}\` is the text "${name}" where nothing is named \`${prefix}\``,
    ]);
    expect(helpOf(log(text))).toBe(`write \`\${${name}}\`, or \`\${${prefix}:-${name}}\` where the text is meant`);
  });

  it('is found in a condition and in a variable, once', () => {
    const flow = log('{{KEY}}', 'env: { KEY: "${env:KEY}" }\n').replace(
      'config',
      `when: '"\${env:ON}" == "1"', config`,
    );
    expect(findingsOf(planText(flow)).filter((text) => text.startsWith('TM220'))).toHaveLength(2);
  });

  it.each(['${env:dev}', '${HOST:localhost}', '${HOST:LOCAL}', '${env:-HOME}', '\\${env:HOME}', '${env:A b}'])(
    '%s is a fallback, or no placeholder',
    (text) => expect(findingsOf(planText(log(text)))).toEqual([]),
  );
});

describe('a name of the flow as other tools fill it in', () => {
  const send = (config: string): string =>
    `name: x\nenv: { ID: "7", id: "8", BASE: "http://h" }\nsteps:\n  - action: http_request\n    config: ${config}\n    assert: [status == 200, ID == "7", id == "8", BASE != "x"]\n`;
  const warned = (config: string) =>
    findingsOf(planText(send(config)))
      .filter((text) => text.startsWith('TM220'))
      .map((text) => /`[^`]*`/.exec(text)?.[0].replaceAll('`', ''));

  it.each(['{ID}', '$ID', '#{ID}', '#(ID)', '%{ID}', '@{ID}', '$(ID)', '%(ID)s', '%ID%', '[[ID]]', '{% ID %}'])(
    '%s is sent as it stands',
    (written) => {
      expect(warned(`{ url: "http://h/a?b=${written}" }`)).toEqual([written]);
      expect(warned(`{ url: "http://h", headers: { x: "a ${written}" }, query: { b: "${written}" } }`)).toEqual([
        written,
        written,
      ]);
    },
  );

  it('in an address is one in small letters, too', () => {
    expect(warned('{ url: "http://h/{id}/:id/$id" }')).toEqual(['{id}', ':id', '$id']);
    expect(planText(send('{ url: "http://h/{id}" }')).diagnostics[0]?.help).toEqual([
      'write `{{id}}`; where the text is meant, put `!raw` before the value',
    ]);
  });

  it.each([
    ['http://h/{other}', ['{other}']],
    ['http://h/users/:other/orders/{order-id}?a={b}', [':other', '{order-id}']],
    ['{{BASE}}/{other}/', ['{other}']],
    ['${BASE}/:other#x', [':other']],
    ['http://h/{{ID}}/:idd', [':idd']],
  ])('as a whole part of an address is one that the flow has not, too: %s', (url, written) => {
    expect(warned(`{ url: "${url}" }`)).toEqual(written);
  });

  it('as a part of an address is told with the nearest one', () => {
    const { diagnostics } = planText(send('{ url: "http://h/:BASS" }'));
    expect(diagnostics[0]?.message).toBe('`:BASS` is sent as it stands: no variable of the flow is named `BASS`');
    expect(diagnostics[0]?.help).toEqual(['did you mean `{{BASE}}`?', 'where the text is meant, write `%3ABASS`']);
    expect(planText(send('{ url: "http://h/{other}" }')).diagnostics[0]?.help).toEqual([
      'write the value, or `{{name}}` of a variable',
      'where the text is meant, write `%7Bother%7D`',
    ]);
  });

  it('in a block is told of the block', () => {
    expect(warned('{ url: "http://h", body: "a {% if ID %}b{% endif %}" }')).toEqual(['{% if ID %}']);
    expect(warned('{ url: "http://h", body: !raw "a {% if ID %}b{% endif %}" }')).toEqual([]);
  });

  it('is found in the value of a variable', () => {
    const flow = log(
      '{{URL}} {{WORD}}',
      'env: { BASE: "http://h", URL: "$BASE/users", WORD: "a$BASE", SELF: "$SELF" }\n',
    );
    expect(findingsOf(planText(flow)).map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
      'TM220 2:26 `$BASE`',
    ]);
  });

  it('at the beginning of an address is told as a mistake of it', () => {
    expect(findingsOf(planText(send('{ url: "$BASE/users" }')))).toEqual([
      'TM301 5:20 `url`: "$BASE/users" begins with `$BASE`, which is a text here',
    ]);
    expect(planText(send('{ url: "{BASE}/users" }')).diagnostics[0]?.help).toEqual(['write `{{BASE}}/users`']);
  });

  it.each([
    '{ url: "http://h/a{other}/$OTHER" }',
    '{ url: "http://h:8080/v1/things:batch" }',
    '{ url: "http://h/a:b/12:30/:8080/{}/{1}" }',
    '{ url: "http://h/%7Bother%7D/%3Aother" }',
    '{ url: \'http://h/a?filter={"a":1}&to=/{other}/&re=/:other/#/{other}\' }',
    '{ url: "http://h/{{BASE == 1 ? 2 : 3}}/{{ID ?? \'/:x/\'}}" }',
    '{ url: "http://h", query: { path: "/a/{other}/:other" }, body: "http://h/{other}" }',
    '{ url: !raw "http://h/{other}" }',
    '{ url: "http://h/{{ID}}/${ID}/<<ID>>" }',
    '{ url: "http://h", body: { query: "query q($id: ID!) { user(id: $id) {id} }", variables: { id: "{{ID}}" } } }',
    '{ url: "http://h", body: !raw "$ID {ID}" }',
    '{ url: "http://h", body: "US$ID a$IDs %ID <ID>7</ID> 10%" }',
    '{ url: "http://h", body: "\\\\{{ID}} \\\\${ID}" }',
  ])('is none in %s', (config) => expect(warned(config)).toEqual([]));
});

describe('a layout as other languages write it', () => {
  const rule = 'a layout writes the date 2 January 2006, 15:04:05: `2006-01-02`, `15:04:05`';

  it.each([
    ['YYYY-MM-DD', 'write `2006-01-02`; '],
    ['%Y-%m-%d %H:%M:%S', 'write `2006-01-02 15:04:05`; '],
    ['yyyy-MM-ddTHH:mm:ss', 'write `2006-01-02T15:04:05`; '],
    ['YYYY-01-02', 'write `2006-01-02`; '],
    ['HH:mm', 'write `15:04`; '],
    ['%j', ''],
    ['iso', ''],
  ])('%s comes out as it is', (layout, help) => {
    const flow = log(`{{now().Format('${layout}')}}`);
    expect(findingsOf(planText(flow))).toEqual([
      `TM220 3:54 \`${layout}\` is not a layout of a date: its letters come out as they are`,
    ]);
    expect(helpOf(flow)).toBe(help + rule);
  });

  it.each(['2006-01-02', 'Jan', '15h04', "''", '02.01.06'])('%s is one', (layout) => {
    expect(findingsOf(planText(log(`{{now().Format('${layout.replaceAll("'", '')}')}}`)))).toEqual([]);
  });
});
