import { describe, expect, it } from 'vitest';
import type { Address } from '../../../../src/actions/fault/kafka/address.ts';
import { Conversation } from '../../../../src/actions/fault/kafka/conversation.ts';
import { writeRequest, writeSample, writeVersions } from './answer-samples.ts';

const KAFKA = { id: 1, host: 'kafka', port: 9092, rack: null };
const METADATA = 3;

function facts(...nodes: readonly (typeof KAFKA)[]) {
  return { nodes, text: null, bytes: Buffer.from('rest') };
}

function converse() {
  const reached: Address[] = [];
  const notes: string[] = [];
  const conversation = new Conversation({
    reach: async (address) => {
      reached.push(address);
      return { host: '127.0.0.1', port: 40_000 };
    },
    noteTls: () => notes.push('tls'),
  });
  return { conversation, reached, notes };
}

describe('a conversation with a broker', () => {
  it('names the proxy in answers to what was asked, however they are cut', async () => {
    const { conversation, reached } = converse();
    const asked = [writeRequest(METADATA, 9, 1), writeRequest(11, 5, 2), writeRequest(METADATA, 1, 3)];
    const question = Buffer.concat(asked);
    expect(await conversation.take('up', question.subarray(0, 5))).toEqual(question.subarray(0, 5));
    expect(await conversation.take('up', question.subarray(5))).toEqual(question.subarray(5));
    const other = writeVersions(0, [[3, 0, 99]], 2);
    const answers = [writeSample('Metadata', 9, facts(KAFKA), 1), other, writeSample('Metadata', 1, facts(KAFKA), 3)];
    const got: Buffer[] = [];
    for (const byte of Buffer.concat(answers)) got.push(await conversation.take('down', Buffer.from([byte])));
    const moved = { ...KAFKA, host: '127.0.0.1', port: 40_000 };
    const expected = [writeSample('Metadata', 9, facts(moved), 1), other, writeSample('Metadata', 1, facts(moved), 3)];
    expect(Buffer.concat(got)).toEqual(Buffer.concat(expected));
    expect(reached).toEqual([
      { host: 'kafka', port: 9092 },
      { host: 'kafka', port: 9092 },
    ]);
  });

  it('does not wait for answers that do not come', async () => {
    const { conversation } = converse();
    for (let id = 0; id < 20_000; id++) await conversation.take('up', writeRequest(0, 12, id));
    const answer = writeSample('Produce', 12, facts(KAFKA), 19_999);
    expect(await conversation.take('down', answer)).not.toEqual(answer);
    const again = writeSample('Produce', 12, facts(KAFKA), 19_998);
    expect(await conversation.take('down', again)).toEqual(again);
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
    const { conversation, notes } = converse();
    const hello = Buffer.from([0x16, 3, 1, 0, 4, 1, 2, 3, 4, 5, 6, 7]);
    expect(await conversation.take('up', hello)).toEqual(hello);
    expect(await conversation.take('down', Buffer.from([0x16, 3, 3]))).toEqual(Buffer.from([0x16, 3, 3]));
    expect(notes).toEqual(['tls']);
  });
});
