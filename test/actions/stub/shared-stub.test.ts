import { describe, expect, it } from 'vitest';
import { SharedStub } from '../../../src/actions/stub/shared-stub.ts';
import type { StubView } from '../../../src/actions/stub/stub-view.ts';
import { FlowRegister } from '../../../src/engine/lifetimes/flow-register.ts';
import { createFakeIo } from '../../support/fake-io.ts';

const id = (digit: string): string => digit.repeat(32);

/** A stub of the run with flows that begin and end as told. */
function openStub() {
  const stub = new SharedStub('users', { config: { routes: [{ path: '/x' }] }, io: createFakeIo() });
  const register = new FlowRegister();
  const begin = (traceId: string) => {
    const others = register.enter();
    others.begin(traceId);
    const [, resource] = stub.openFlow({ traceId, others });
    const view: StubView = resource.value;
    const end = async (): Promise<void> => {
      await resource.close();
      others.end();
    };
    return { view, end, details: () => resource.listDetails?.() };
  };
  /** A request comes, with these headers. */
  const ask = (...rawHeaders: string[]): void =>
    stub.take(
      { method: 'GET', target: '/x', rawHeaders, body: Buffer.alloc(0), atMs: 0 },
      { send: () => undefined, fail: () => undefined },
    );
  return { begin, ask };
}

const counts = ({ log, strays, everything }: StubView): readonly number[] => [
  log.total,
  strays.total,
  everything.total,
];
const traceparent = (traceId: string): [string, string] => ['TraceParent', `00-${traceId}-0000000000000001-01`];
const baggage = (traceId: string): [string, string] => [
  'baggage',
  `a=1, testmesh.flow=f,testmesh.trace=${traceId};x=y`,
];

describe('routes that a flow set', () => {
  it.each([
    ['nothing is said where all requests bear a trace', [traceparent(id('a'))], []],
    [
      'what bears none while others run is told',
      [[], []],
      [
        {
          title: 'stub users: 2 requests without the trace of a flow came while other flows ran too',
          lines: [
            'answered by the routes of the stub itself, not by those that this flow set: whose it was cannot be known',
            'a service that passes on the header `traceparent` is told apart; flows with one word under `serial:` never run at the same time',
          ],
        },
      ],
    ],
  ])('%s', (_title, requests, details) => {
    const { begin, ask } = openStub();
    const [a, b] = [begin(id('a')), begin(id('b'))];
    a.view.configure([], false);
    for (const headers of requests) ask(...headers);
    expect(a.details()).toEqual(details);
    expect(b.details()).toEqual([]);
  });
});

describe('a request of a stub of the run', () => {
  it('counts for the flow whose trace it bears', () => {
    const { begin, ask } = openStub();
    const [a, b] = [begin(id('a')), begin(id('b'))];
    ask('accept', '*/*', ...traceparent(id('a')));
    ask(...baggage(id('b')));
    ask(...baggage(id('b')), ...traceparent(id('c')));
    ask(...baggage(id('a')), ...traceparent(id('b')));
    expect(counts(a.view)).toEqual([1, 0, 4]);
    expect(counts(b.view)).toEqual([3, 0, 4]);
  });

  it('counts without a trace for the only flow there is, and is a stray of each where there are several', () => {
    const { begin, ask } = openStub();
    ask();
    const a = begin(id('a'));
    ask();
    ask(...traceparent(id('c')));
    expect(counts(a.view)).toEqual([2, 0, 3]);
    const b = begin(id('b'));
    ask('x-request-id', '1');
    ask('traceparent', 'broken');
    expect(counts(a.view)).toEqual([2, 2, 5]);
    expect(counts(b.view)).toEqual([0, 2, 5]);
  });

  it('is a stray where another flow was there meanwhile, though it is over', async () => {
    const { begin, ask } = openStub();
    const [a, b] = [begin(id('a')), begin(id('b'))];
    await b.end();
    ask();
    expect(counts(a.view)).toEqual([0, 1, 1]);
  });

  it('counts for none that runs, and is no stray, where its flow is over', async () => {
    const { begin, ask } = openStub();
    await begin(id('a')).end();
    const b = begin(id('b'));
    ask(...traceparent(id('a')));
    ask(...baggage(id('a')));
    ask();
    expect(counts(b.view)).toEqual([1, 0, 3]);
    b.view.forget();
    expect(counts(b.view)).toEqual([0, 0, 3]);
  });
});
