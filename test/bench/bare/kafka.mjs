// Follows one partition from its end with the client alone: broker, topic, how many messages. Tells `ready`, then their lags in ms.
import { Consumer, stringDeserializers } from '@platformatic/kafka';

const [broker, topic, count] = process.argv.slice(2);
const consumer = new Consumer({
  groupId: 'bench',
  clientId: 'bench',
  bootstrapBrokers: [broker],
  deserializers: stringDeserializers,
  retries: 0,
});
const metadata = await consumer.metadata({ topics: [topic], forceUpdate: true });
const { id: topicId, partitions } = metadata.topics.get(topic);
const offsets = await consumer.listOffsets({ topics: [topic] });
let fetchOffset = offsets.get(topic)[0];
const fetchOnce = () =>
  consumer.fetch({
    node: partitions[0].leader,
    maxWaitTime: 250,
    minBytes: 1,
    topics: [
      {
        topicId,
        partitions: [
          { partition: 0, fetchOffset, partitionMaxBytes: 1_048_576, currentLeaderEpoch: -1, lastFetchedEpoch: -1 },
        ],
      },
    ],
  });
process.stdout.write('ready\n');
const lags = [];
while (lags.length < Number(count)) {
  const { responses } = await fetchOnce();
  for (const { partitions: parts } of responses) {
    for (const batch of [parts[0].records ?? []].flat()) {
      for (const record of batch.records) {
        const offset = batch.firstOffset + BigInt(record.offsetDelta);
        if (offset < fetchOffset) continue;
        fetchOffset = offset + 1n;
        lags.push(Date.now() - Number(batch.firstTimestamp + record.timestampDelta));
      }
    }
  }
}
process.stdout.write(`${JSON.stringify(lags)}\n`);
process.exit(0);
