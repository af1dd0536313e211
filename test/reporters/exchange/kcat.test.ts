import { describe, expect, it } from 'vitest';
import type { KafkaCluster, KafkaSent, KafkaStart } from '../../../src/model/exchange.ts';
import { writeKcatReader, writeKcatSender } from '../../../src/reporters/exchange/kcat.ts';

const atMs = 1_700_000_000_000;
const one: KafkaCluster = { brokers: ['a:1'] };

describe('kcat that shows what a wait could see', () => {
  it.each<{ what: string; cluster?: KafkaCluster; places: KafkaStart['places']; command: string }>([
    {
      what: 'one partition',
      cluster: { brokers: ['a:1', 'b:2'] },
      places: [{ partition: 0, offset: 12 }],
      command: 'kcat -C -b a:1,b:2 -t t -p 0 -o 12 -e',
    },
    {
      what: 'several partitions',
      places: [
        { partition: 0, offset: 12 },
        { partition: 1, offset: 3 },
      ],
      command: 'kcat -C -b a:1 -t t -o s@1700000000000 -e',
    },
    { what: 'a topic that did not exist', places: [], command: 'kcat -C -b a:1 -t t -o beginning -e' },
    {
      what: 'credentials, without giving them away',
      cluster: { brokers: ['a:1'], sasl: { mechanism: 'PLAIN', user: 'u' }, tls: {} },
      places: [{ partition: 0, offset: 0 }],
      command:
        "kcat -C -b a:1 -X security.protocol=SASL_SSL -X sasl.mechanism=PLAIN -X sasl.username=u -X 'sasl.password=…' -t t -p 0 -o 0 -e",
    },
    {
      what: 'an authority of its own',
      cluster: { brokers: ['a:1'], tls: { ca: 'ca.pem', isInsecure: true } },
      places: [{ partition: 0, offset: 0 }],
      command:
        'kcat -C -b a:1 -X security.protocol=SSL -X ssl.ca.location=ca.pem -X enable.ssl.certificate.verification=false -t t -p 0 -o 0 -e',
    },
  ])('$what', ({ cluster = one, places, command }) => {
    expect(writeKcatReader(cluster, [{ topic: 't', atMs, places }])).toBe(command);
  });

  it('names each topic', () => {
    const topics = ['t', 'u'].map((topic) => ({ topic, atMs, places: [] }));
    expect(writeKcatReader(one, topics)).toBe(
      'kcat -C -b a:1 -t t -o beginning -e && kcat -C -b a:1 -t u -o beginning -e',
    );
  });
});

describe('kcat that sends', () => {
  const sent = (messages: KafkaSent['messages']): KafkaSent => ({ topic: 't', count: 1, messages, written: [] });

  it.each<[string, KafkaSent, string | undefined]>([
    ['a value', sent([{ headers: [], value: "it's" }]), "printf %s 'it'\\''s' | kcat -P -b a:1 -t t"],
    ['a tombstone', sent([{ key: 'k', headers: [] }]), "printf %s '' | kcat -P -b a:1 -t t -k k -Z"],
    [
      'a place, a key and headers',
      sent([{ partition: 3, key: 'k', headers: [{ name: 'n', value: '1' }], value: 'v' }]),
      'printf %s v | kcat -P -b a:1 -t t -p 3 -k k -H n=1',
    ],
    ['several messages', sent([{ headers: [] }, { headers: [] }]), undefined],
    ['messages that were not kept', sent(undefined), undefined],
  ])('%s', (_what, one_, command) => {
    expect(writeKcatSender(one, one_)).toBe(command);
  });
});
