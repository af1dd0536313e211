import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '../../../../src/actions/fault/kafka/address.ts';
import { concernsBrokers, describeUnknown, rewriteAnswer } from '../../../../src/actions/fault/kafka/answers.ts';
import { SAMPLES, type SampleFacts, writeSample, writeVersions } from './answer-samples.ts';

const node = fc.record({
  id: fc.nat(1000),
  host: fc.string({ minLength: 1, maxLength: 200, unit: 'binary' }),
  port: fc.integer({ min: 1, max: 65_535 }),
  rack: fc.option(fc.string({ maxLength: 10 })),
});
const facts: fc.Arbitrary<SampleFacts> = fc.record({
  nodes: fc.array(node, { maxLength: 4 }),
  text: fc.option(fc.string({ maxLength: 200 })),
  bytes: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});
const versions = Object.entries(SAMPLES).flatMap(([name, [api, first, last]]) =>
  Array.from({ length: last - first + 1 }, (_, index) => ({ name, api, version: first + index })),
);

function move({ host, port }: Address): Address {
  return { host: host.length % 2 === 0 ? '127.0.0.1' : `${host}.${'x'.repeat(120)}`, port: (port % 65_535) + 1 };
}

describe('an answer that names brokers', () => {
  it.each(versions)('of $name in version $version has other addresses and is else as it was', (asked) => {
    const { name, version } = asked;
    expect([concernsBrokers(asked), describeUnknown(asked)]).toEqual([true, undefined]);
    fc.assert(
      fc.property(facts, (given) => {
        const moved = { ...given, nodes: given.nodes.map((one) => ({ ...one, ...move(one) })) };
        const seen: Address[] = [];
        const answer = rewriteAnswer(writeSample(name, version, given), asked, (address) => {
          seen.push(address);
          return move(address);
        });
        expect(answer.equals(writeSample(name, version, moved))).toBe(true);
        const named = name === 'FindCoordinator' && version < 4 ? given.nodes.slice(0, 1) : given.nodes;
        expect(seen).toEqual(named.map(({ host, port }) => ({ host, port })));
      }),
      { numRuns: 40 },
    );
  });

  it('is refused when it ends before its fields', () => {
    const whole = writeSample('Metadata', 12, {
      nodes: [{ id: 1, host: 'kafka', port: 9092, rack: null }],
      text: null,
      bytes: Buffer.alloc(0),
    });
    const ask = (length: number) => () => rewriteAnswer(whole.subarray(0, length), { api: 3, version: 12 }, move);
    for (let length = 9; length < 26; length++) expect(ask(length), String(length)).toThrow(RangeError);
  });

  it('leaves a coordinator that is not there as it is', () => {
    const asked = { api: 10, version: 2 };
    const answer = writeSample('FindCoordinator', 2, { nodes: [], text: 'none', bytes: Buffer.alloc(0) });
    expect(rewriteAnswer(answer, asked, move).equals(answer)).toBe(true);
  });
});

describe('what a broker can do', () => {
  it.each([0, 1, 2, 3, 4, 5])('is cut to what the proxy knows, in version %d', (version) => {
    const answer = rewriteAnswer(
      writeVersions(version, [
        [3, 0, 99],
        [0, 3, 12],
        [1, 4, 18],
        [17, 0, 1],
        [11, 0, 99],
        [60, 0, 7],
      ]),
      { api: 18, version },
      move,
    );
    const cut = [
      [3, 0, 13],
      [0, 3, 12],
      [1, 4, 18],
      [17, 1, 1],
      [11, 0, 99],
      [60, 0, 2],
    ] as const;
    expect(answer.equals(writeVersions(version, cut))).toBe(true);
  });

  it.each([
    [3, 14, 'Metadata in version 14'],
    [17, 0, 'SaslHandshake in version 0'],
    [17, 1, undefined],
    [11, 99, undefined],
    [0, 9, undefined],
  ])('is not asked for past it: request %d in version %d', (api, version, words) => {
    expect(describeUnknown({ api, version })).toBe(words);
  });
});
