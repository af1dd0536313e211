import { describe, expect, it } from 'vitest';
import { addTrace, toWire } from '../../../src/actions/kafka/to-wire.ts';
import type { Value } from '../../../src/expr/index.ts';

const OURS = { traceparent: '00-t-s-01', baggage: 'testmesh.flow=f' };

/** The headers of a message as it is sent to brokers of which some may hear of the trace. */
function send(headers: Readonly<Record<string, Value>>, brokers = 'kafka:9092'): (readonly [string, string | null])[] {
  const trace = { ...OURS, reaches: (host: string, port: number) => host === 'kafka' && port === 9092 };
  const message = toWire('t', { value: 'x', headers }, 0);
  const [sent] = addTrace([message], { brokers }, trace);
  return (sent?.headers ?? []).map(([name, value]) => [name, value === null ? null : String(value)] as const);
}

describe('the headers of a message', () => {
  const traceparent = ['traceparent', '00-t-s-01'] as const;
  const baggage = ['baggage', 'testmesh.flow=f'] as const;
  it.each<[Readonly<Record<string, Value>>, (readonly [string, string | null])[]]>([
    [{}, [traceparent, baggage]],
    [{ a: '1' }, [['a', '1'], traceparent, baggage]],
    [{ traceparent: 'mine' }, [['traceparent', 'mine'], baggage]],
    [{ TraceParent: null }, [['TraceParent', null], baggage]],
    [{ baggage: 'a=1' }, [traceparent, ['baggage', 'a=1,testmesh.flow=f']]],
    [{ baggage: ['a=1', 'b=2'] }, [traceparent, ['baggage', 'a=1,b=2,testmesh.flow=f']]],
    [{ baggage: null }, [['baggage', null], traceparent]],
  ])('%j', (headers, expected) => {
    expect(send(headers)).toEqual(expected);
  });

  it('have no trace where none of the brokers may hear of it', () => {
    expect(send({ a: '1' }, 'kafka:9093, other')).toEqual([['a', '1']]);
    expect(send({}, 'other:1, kafka')).toEqual([traceparent, baggage]);
  });
});
