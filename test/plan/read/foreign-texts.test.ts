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
