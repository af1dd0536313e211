import { describe, expect, it } from 'vitest';
import type { Address } from '../../../../src/actions/fault/kafka/address.ts';
import { Conversation } from '../../../../src/actions/fault/kafka/conversation.ts';
import { writeProduce, writeRequest, writeSample, writeVersions } from './answer-samples.ts';

const KAFKA = { id: 1, host: 'kafka', port: 9092, rack: null };
const METADATA = 3;

function facts(...nodes: readonly (typeof KAFKA)[]) {
  return { nodes, text: null, bytes: Buffer.from('rest') };
}

function converse(withheld?: string) {
  const reached: Address[] = [];
  const notes: string[] = [];
  const asked: (readonly string[])[] = [];
  const conversation = new Conversation({
    reach: async (address) => {
      reached.push(address);
      return { host: '127.0.0.1', port: 40_000 };
    },
    withholds: withheld !== undefined,
    withhold: (topics) => {
      asked.push(topics);
      return topics.includes(withheld ?? '');
    },
    noteTls: () => notes.push('tls'),
  });
  const take = async (direction: 'up' | 'down', bytes: Buffer) => (await conversation.take(direction, bytes)).bytes;
  return { conversation, take, asked, reached, notes };
}

describe('a conversation with a broker', () => {
  it('names the proxy in answers to what was asked, however they are cut', async () => {
    const { take, reached } = converse();
    const asked = [writeRequest(METADATA, 9, 1), writeRequest(11, 5, 2), writeRequest(METADATA, 1, 3)];
    const question = Buffer.concat(asked);
    expect(await take('up', question.subarray(0, 5))).toEqual(question.subarray(0, 5));
    expect(await take('up', question.subarray(5))).toEqual(question.subarray(5));
    const other = writeVersions(0, [[3, 0, 99]], 2);
    const answers = [writeSample('Metadata', 9, facts(KAFKA), 1), other, writeSample('Metadata', 1, facts(KAFKA), 3)];
    const got: Buffer[] = [];
    for (const byte of Buffer.concat(answers)) got.push(await take('down', Buffer.from([byte])));
    const moved = { ...KAFKA, host: '127.0.0.1', port: 40_000 };
    const expected = [writeSample('Metadata', 9, facts(moved), 1), other, writeSample('Metadata', 1, facts(moved), 3)];
    expect(Buffer.concat(got)).toEqual(Buffer.concat(expected));
    expect(reached).toEqual([
      { host: 'kafka', port: 9092 },
      { host: 'kafka', port: 9092 },
    ]);
  });

  it('does not wait for answers that do not come', async () => {
    const { take } = converse();
    for (let id = 0; id < 20_000; id++) await take('up', writeRequest(0, 12, id));
    const answer = writeSample('Produce', 12, facts(KAFKA), 19_999);
    expect(await take('down', answer)).not.toEqual(answer);
    const again = writeSample('Produce', 12, facts(KAFKA), 19_998);
    expect(await take('down', again)).toEqual(again);
  });

  it('ends when a client asks for what the proxy cannot read', async () => {
    const { conversation } = converse();
    await expect(conversation.take('up', writeRequest(METADATA, 14))).rejects.toThrow(
      'a client asks for Metadata in version 14, and the proxy cannot read the answer to that',
    );
  });

  it('ends when what comes is not Kafka', async () => {
    const { conversation } = converse();
    await expect(conversation.take('up', Buffer.alloc(20))).rejects.toThrow('these are not Kafka messages');
  });

  it('lets what is encrypted through as it is', async () => {
    const { take, notes } = converse();
    const hello = Buffer.from([0x16, 3, 1, 0, 4, 1, 2, 3, 4, 5, 6, 7]);
    expect(await take('up', hello)).toEqual(hello);
    expect(await take('down', Buffer.from([0x16, 3, 3]))).toEqual(Buffer.from([0x16, 3, 3]));
    expect(notes).toEqual(['tls']);
  });

  it.each([3, 8, 9, 12])(
    'ends in the place of an answer that is withheld, of Produce in version %d',
    async (version) => {
      const { conversation, asked } = converse('orders');
      const requests = [
        writeProduce(version, ['users'], { id: 1 }),
        writeProduce(version, ['orders'], { id: 2, acks: 0 }),
        writeProduce(version, ['users', 'orders'], { id: 3 }),
        writeProduce(version, ['orders'], { id: 4 }),
      ];
      const bytes = Buffer.concat(requests);
      for (const part of [bytes.subarray(0, 20), bytes.subarray(20)]) {
        expect(await conversation.take('up', part)).toEqual({ bytes: part });
      }
      expect(asked).toEqual([['users'], ['users', 'orders']]);
      const [first, third] = [1, 3].map((id) => writeSample('Produce', 12, facts(), id));
      const passage = await conversation.take('down', Buffer.concat([first ?? bytes, third ?? bytes]));
      expect(passage).toEqual({ bytes: first, isLast: true });
    },
  );
});
