import { expect, it } from 'vitest';
import { MESSAGE_KEYS } from '../../../src/actions/effects/attribution.ts';
import { toMessage } from '../../../src/actions/kafka/message.ts';

it('knows all that the `where` of effects can read of a message', () => {
  const message = toMessage({
    topic: 't',
    partition: 0,
    offset: 0n,
    key: null,
    value: null,
    headers: [],
    timestampMs: 0,
  });
  expect(Object.keys(MESSAGE_KEYS).sort()).toEqual(Object.keys(message).sort());
});
