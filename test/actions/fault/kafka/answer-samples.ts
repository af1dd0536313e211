import type { Address } from '../../../../src/actions/fault/kafka/address.ts';

/** What stands in a sample beside what every version has. */
export interface SampleFacts {
  readonly nodes: readonly (Address & { readonly id: number; readonly rack: string | null })[];
  readonly text: string | null;
  readonly bytes: Buffer;
}

/** Writes answers field by field, as the protocol's description has them. */
class Sample {
  readonly #parts: Buffer[] = [];
  readonly #isFlexible: boolean;

  constructor(isFlexible: boolean) {
    this.#isFlexible = isFlexible;
  }

  int(size: 1 | 2 | 4 | 8, value: number): this {
    const bytes = Buffer.alloc(size);
    if (size === 8) bytes.writeBigInt64BE(BigInt(value));
    else bytes.writeIntBE(value, 0, size);
    return this.raw(bytes);
  }

  raw(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }

  text(value: string | null): this {
    const bytes = Buffer.from(value ?? '');
    const length = value === null ? -1 : bytes.length;
    return (this.#isFlexible ? this.varint(length + 1) : this.int(2, length)).raw(bytes);
  }

  varint(value: number): this {
    return this.raw(value < 128 ? Buffer.from([value]) : Buffer.from([(value % 128) | 128, value >> 7]));
  }

  list<T>(values: readonly T[], write: (value: T) => void): this {
    if (this.#isFlexible) this.varint(values.length + 1);
    else this.int(4, values.length);
    for (const value of values) write(value);
    return this;
  }

  /** Tagged fields, by their tags in order. */
  tags(fields: Readonly<Record<number, Buffer>> = {}): this {
    if (!this.#isFlexible) return this;
    this.varint(Object.keys(fields).length);
    for (const [tag, bytes] of Object.entries(fields)) this.varint(Number(tag)).varint(bytes.length).raw(bytes);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

type Write = (sample: Sample, version: number, facts: SampleFacts) => void;

/** The answers that name brokers: the number of the request, all versions that have addresses, since when it is flexible. */
export const SAMPLES: Readonly<Record<string, [api: number, first: number, last: number, flexible: number, Write]>> = {
  Metadata: [
    3,
    0,
    13,
    9,
    (sample, version, { nodes, text, bytes }) => {
      if (version >= 3) sample.int(4, 1);
      sample.list(nodes, ({ id, host, port, rack }) => {
        sample.int(4, id).text(host).int(4, port);
        if (version >= 1) sample.text(rack);
        sample.tags({ 3: bytes });
      });
      sample.text(text).raw(bytes);
    },
  ],
  FindCoordinator: [
    10,
    0,
    6,
    3,
    (sample, version, { nodes, text }) => {
      if (version >= 1) sample.int(4, 1);
      if (version >= 4) {
        sample.list(nodes, ({ id, host, port, rack }) =>
          sample
            .text(rack ?? '')
            .int(4, id)
            .text(host)
            .int(4, port)
            .int(2, 0)
            .text(text)
            .tags(),
        );
        sample.tags();
        return;
      }
      const [node] = nodes;
      sample.int(2, 0);
      if (version >= 1) sample.text(text);
      sample
        .int(4, node?.id ?? -1)
        .text(node?.host ?? '')
        .int(4, node?.port ?? -1)
        .tags();
    },
  ],
  DescribeCluster: [
    60,
    0,
    2,
    0,
    (sample, version, { nodes, text }) => {
      sample.int(4, 0).int(2, 0).text(text);
      if (version >= 1) sample.int(1, 1);
      sample.text('cluster').int(4, 3);
      sample.list(nodes, ({ id, host, port, rack }) => {
        sample.int(4, id).text(host).int(4, port).text(rack);
        if (version >= 2) sample.int(1, 0);
        sample.tags();
      });
      sample.int(4, 7).tags();
    },
  ],
  Produce: [
    0,
    10,
    12,
    9,
    (sample, _version, facts) => {
      sample.list([0, 1], () => {
        sample.text('topic');
        sample.list([6], (code) => {
          sample.int(4, 0).int(2, code).int(8, 1).int(8, -1).int(8, 0);
          sample.list([1, 2], (index) => sample.int(4, index).text(facts.text).tags());
          sample.text(facts.text).tags({ 0: leader() });
        });
        sample.tags();
      });
      sample.int(4, 0).tags({ 0: endpoints(facts), 9: facts.bytes });
    },
  ],
  Fetch: [
    1,
    16,
    18,
    12,
    (sample, _version, facts) => {
      sample.int(4, 0).int(2, 0).int(4, 5);
      sample.list([0, 1], () => {
        sample.raw(Buffer.alloc(16, 9)).list([0, 6], (code) => {
          sample.int(4, 0).int(2, code).int(8, 1).int(8, 1).int(8, 0);
          if (code === 0) sample.varint(0);
          else sample.list([1], () => sample.int(8, 1).int(8, 2).tags());
          sample.int(4, -1);
          sample.varint(code === 0 ? facts.bytes.length + 1 : 0);
          if (code === 0) sample.raw(facts.bytes);
          sample.tags({ 1: leader() });
        });
        sample.tags();
      });
      sample.tags({ 0: endpoints(facts) });
    },
  ],
  ShareFetch: [
    78,
    1,
    2,
    0,
    (sample, _version, facts) => {
      sample.int(4, 0).int(2, 0).text(facts.text).int(4, 30_000);
      sample.list([0], () => {
        sample.raw(Buffer.alloc(16, 9)).list([0, 6], (code) => {
          sample.int(4, 0).int(2, code).text(facts.text).int(2, 0).text(null).raw(leader());
          sample.varint(facts.bytes.length + 1).raw(facts.bytes);
          sample.list([1], () => sample.int(8, 1).int(8, 2).int(2, 1).tags()).tags();
        });
        sample.tags();
      });
      sample.raw(endpoints(facts)).tags();
    },
  ],
  ShareAcknowledge: [
    79,
    1,
    2,
    0,
    (sample, version, facts) => {
      sample.int(4, 0).int(2, 0).text(facts.text);
      if (version >= 2) sample.int(4, 30_000);
      sample.list([0], () => {
        sample.raw(Buffer.alloc(16, 9));
        sample.list([6], (code) => sample.int(4, 0).int(2, code).text(facts.text).raw(leader()).tags()).tags();
      });
      sample.raw(endpoints(facts)).tags();
    },
  ],
  DescribeQuorum: [
    55,
    2,
    2,
    0,
    (sample, _version, { nodes, text }) => {
      const writeReplica = (id: number) =>
        sample.int(4, id).raw(Buffer.alloc(16, 9)).int(8, 1).int(8, 2).int(8, 3).tags();
      sample
        .int(2, 0)
        .text(text)
        .list(['topic'], (topic) => {
          sample.text(topic).list([0], (partition) => {
            sample.int(4, partition).int(2, 0).text(text).int(4, 1).int(4, 1).int(8, 1);
            sample.list([1, 2], writeReplica).list([], writeReplica).tags();
          });
          sample.tags();
        });
      sample.list(nodes, ({ id, host, port }) => {
        sample.int(4, id);
        sample.list(['CONTROLLER'], (name) =>
          sample
            .text(name)
            .text(host)
            .raw(Buffer.from([port >> 8, port % 256]))
            .tags(),
        );
        sample.tags();
      });
      sample.tags();
    },
  ],
};

/** An answer as it comes from the broker, its length and header with it. */
export function writeSample(name: string, version: number, facts: SampleFacts, id = 7): Buffer {
  const [, , , flexibleFrom, write] = SAMPLES[name] ?? [0, 0, 0, 0, () => undefined];
  const sample = new Sample(version >= flexibleFrom).int(4, id).tags();
  write(sample, version, facts);
  return frame(sample.bytes());
}

/** The versions that a broker has of requests: `[api, first, last]`. */
export function writeVersions(version: number, ranges: readonly (readonly [number, number, number])[], id = 7): Buffer {
  const sample = new Sample(version >= 3).int(2, 0);
  sample.list(ranges, ([api, first, last]) => sample.int(2, api).int(2, first).int(2, last).tags());
  if (version >= 1) sample.int(4, 0);
  return frame(Buffer.concat([new Sample(false).int(4, id).bytes(), sample.tags().bytes()]));
}

/** A request to write a record to each topic. */
export function writeProduce(version: number, topics: readonly string[], { id = 7, acks = -1 } = {}): Buffer {
  const head = new Sample(false).int(2, 0).int(2, version).int(4, id).text('client').bytes();
  const sample = new Sample(version >= 9).tags();
  if (version >= 3) sample.text(null);
  sample.int(2, acks).int(4, 1000);
  sample.list(topics, (topic) => {
    sample.text(topic).list([0, 1], (partition) => {
      sample.int(4, partition);
      if (version >= 9) sample.varint(4);
      else sample.int(4, 3);
      sample.raw(Buffer.from('abc')).tags();
    });
    sample.tags();
  });
  return frame(Buffer.concat([head, sample.tags().bytes()]));
}

/** A request of which nothing but its beginning matters. */
export function writeRequest(api: number, version: number, id = 7, more = Buffer.from([0, 1, 65])): Buffer {
  return frame(new Sample(false).int(2, api).int(2, version).int(4, id).raw(more).bytes());
}

function frame(bytes: Buffer): Buffer {
  return new Sample(false).int(4, bytes.length).raw(bytes).bytes();
}

function leader(): Buffer {
  return new Sample(true).int(4, 1).int(4, 2).tags().bytes();
}

function endpoints({ nodes }: SampleFacts): Buffer {
  const write = new Sample(true);
  return write
    .list(nodes, ({ id, host, port, rack }) => write.int(4, id).text(host).int(4, port).text(rack).tags())
    .bytes();
}
