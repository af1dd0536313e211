import { readdirSync, readFileSync } from 'node:fs';
import { type Draws, mutate } from './draws.ts';
import { makeExpression } from './expression-inputs.ts';
import { makePath } from './path-inputs.ts';
import { makeTemplate } from './template-inputs.ts';

const FOLDERS = [new URL('../flows/invalid/', import.meta.url), new URL('../../examples/', import.meta.url)];
const FLOWS: readonly string[] = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8')),
);
const WORDS = [
  ...[
    'name:',
    'steps:',
    '- ',
    '  ',
    '    ',
    'action:',
    'config:',
    'assert:',
    'output:',
    'env:',
    'when:',
    'retry:',
    'setup:',
    'teardown:',
    'until:',
  ],
  ...[
    'flow:',
    '---\n',
    '...\n',
    '&a ',
    '*a',
    '<<: *a',
    '!raw ',
    '!x ',
    '? ',
    ': ',
    '|\n',
    '>-\n',
    '{',
    '}',
    '[',
    ']',
    '{{x}}',
    '"',
    "'",
    '# ',
    '\t',
  ],
  ...[
    'http_request',
    'kafka_consumer',
    'database_query',
    'poll',
    'log',
    'set',
    'null',
    '~',
    'yes',
    '0123',
    '1_000',
    '1e999',
    '5s',
    '\\',
    '\r\n',
    '\n',
  ],
];

/** A flow file: one with changes, one that holds any texts, or pieces in any order. */
export function makeYaml(draws: Draws): string {
  switch (draws.below(4)) {
    case 0:
    case 1:
      return mutate(draws.pick(FLOWS), WORDS, draws);
    case 2:
      return fillFlow(draws);
    default:
      return Array.from({ length: 1 + draws.below(30) }, () => draws.pick(WORDS)).join(draws.pick(['', ' ', '\n']));
  }
}

function fillFlow(draws: Draws): string {
  return [
    `name: ${quote(makeTemplate(draws), draws)}`,
    `env: { A: ${quote(makeTemplate(draws), draws)} }`,
    'steps:',
    '  - id: one',
    `    when: ${quote(makeExpression(draws), draws)}`,
    '    action: http_request',
    `    config: { url: ${quote(makeTemplate(draws), draws)}, body: { x: ${quote(makeTemplate(draws), draws)} } }`,
    `    assert: [${quote(makeExpression(draws), draws)}]`,
    '    output:',
    `      x: ${quote(makePath(draws), draws)}`,
    `      y: ${quote(makeExpression(draws), draws)}`,
    '',
  ].join('\n');
}

function quote(text: string, draws: Draws): string {
  switch (draws.below(4)) {
    case 0:
      return text;
    case 1:
      return `'${text.replaceAll("'", "''")}'`;
    default:
      return JSON.stringify(text);
  }
}
