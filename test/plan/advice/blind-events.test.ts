import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const wait = (match: string, rest = ''): string =>
  `  - { id: got, action: kafka_consumer, config: { brokers: "localhost:9092", topic: t, match: ${match} }${rest} }\n`;

function find(steps: string): readonly string[] {
  return findingsOf(planText(`name: n\nsteps:\n${steps}`)).filter((line) => line.startsWith('TM215'));
}

describe('an event whose content is never checked', () => {
  it.each([
    ['{ key: a }', '', 'its key'],
    ['{ headers: { a: b } }', '', 'its headers'],
    ['{ key: a, trace: current }', '', 'its key and its trace'],
    [
      '{ key: a }',
      ', assert: [count == 1, message.key == "a", "messages[0].offset >= 0", "message.headers.a == \'b\'"]',
      'its key',
    ],
    ['{ key: a }', ', assert: ["message != nil", "all(messages, .topic == \'t\')"]', 'its key'],
    ['{ key: a }', ', output: { at: $.message.timestamp }', 'its key'],
  ])('is told: %s%s', (match, rest, by) => {
    expect(find(wait(match, rest))).toEqual([
      `TM215 3:11 the content of the message of \`got\` is never checked: it is found only by ${by}`,
    ]);
  });

  it.each([
    ['{ value: { a: 1 } }', ''],
    ['{ key: a, where: "value.a == 1" }', ''],
    ['{ key: a, path: { $.a: 1 } }', ''],
    ['{ key: a }, count: 0', ''],
    ['{ key: a }', ', assert: [message.value.total == 1]'],
    ['{ key: a }', ', assert: ["messages[0].json != nil"]'],
    ['{ key: a }', ', assert: ["all(messages, .value.total == 1)"]'],
    ['{ key: a }', ', assert: ["matches_partial(message, {})"]'],
    ['{ key: a }', ', assert: [message.value == nil]'],
    ['{ key: a }', ', output: { order: $.message.value.id }'],
    ['{ key: a }', ', output: { all: messages }'],
    ['{ key: a }', ', expect_error: true'],
    ['{ kye: a }', ''],
  ])('is not told: %s%s', (match, rest) => {
    expect(find(wait(match, rest))).toEqual([]);
  });

  it('may be looked at by a later step', () => {
    const later = (text: string) => `${wait('{ key: a }')}  - { action: log, config: { message: "{{${text}}}" } }\n`;
    expect(find(later('got.message.value.total'))).toEqual([]);
    expect(find(later('got.message.offset'))).toHaveLength(1);
  });
});
