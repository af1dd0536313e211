import { expect, it } from 'vitest';
import { describeBlind } from '../../../src/actions/effects/blind-where.ts';
import { type SeenEffect, toMessageEffect } from '../../../src/actions/effects/effect.ts';
import { toMessage } from '../../../src/actions/kafka/message.ts';
import { compile } from '../../../src/expr/index.ts';
import { createSourceFile } from '../../../src/model/source-file.ts';

const file = createSourceFile('flow.yaml', '/flow.yaml', '');

function at(source: string) {
  const text = { text: source, span: { file, start: 0, end: 0 }, offsets: undefined };
  return { expression: compile(source), text } as never;
}

function see(key: string | null, value: string | null, standing: SeenEffect['standing'] = 'of_others'): SeenEffect {
  const [keyBytes, bytes] = [key, value].map((text) => (text === null ? null : Buffer.from(text)));
  const record = { topic: 'orders', partition: 0, offset: 0n, key: keyBytes ?? null, value: bytes ?? null };
  return { effect: toMessageEffect(toMessage({ ...record, headers: [], timestampMs: 0 })), standing };
}

it.each<[string, readonly SeenEffect[], readonly string[]]>([
  [
    'message.key == order_id',
    [see(null, '{}'), see(null, '{}'), see('k', '{}'), see(null, '{}', 'expected')],
    ['`where` looks at `message.key`, and 2 messages on `orders` have none: they count as caused by others'],
  ],
  [
    'record.id == order_id',
    [see('k', null), see('k', '{}')],
    ['`where` looks at `record`, and 1 message on `orders` has none: it counts as caused by others'],
  ],
  [
    'message.headers["x-user"] == user',
    [see('k', '{}')],
    ['`where` looks at `message.headers["x-user"]`, and 1 message on `orders` has none: it counts as caused by others'],
  ],
  ['record.id == order_id', [see(null, '{}')], []],
])('%s is told of what it looks at and messages do not have', (source, seen, told) => {
  expect(describeBlind(at(source), seen)).toEqual(told);
});
