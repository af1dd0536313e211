import fc from 'fast-check';
import { serialize } from 'pg-protocol';
import { expect, it } from 'vitest';
import { encodeQuery, encodeStatement } from '../../../src/drivers/postgres/postgres-messages.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 60 }).map((drawn) => drawn.replaceAll('\0', ''));

/** What the client library would send, but for the formats of the columns: one for all of them, or none, which says the same. */
function encodeByLibrary(query: string, values: readonly (string | null)[]): Buffer {
  const bind = serialize.bind({ values: [...values] });
  return Buffer.concat([
    serialize.parse({ text: query, types: [], name: '' }),
    dropFormats(bind, values.length),
    serialize.describe({ type: 'P', name: '' }),
    serialize.execute({ portal: '', rows: 0 }),
    serialize.sync(),
  ]);
}

/** Leaves out the formats of parameters and columns, which are those of texts. */
function dropFormats(bind: Buffer, count: number): Buffer {
  const names = bind.subarray(5, 7);
  const values = bind.subarray(7 + 2 + 2 * count, bind.length - 4);
  const body = Buffer.concat([names, Buffer.alloc(2), values, Buffer.alloc(2)]);
  const head = Buffer.alloc(5, 'B');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

it('encodes a simple query as the client library does', () => {
  const check = (query: string) => {
    expect(encodeQuery(query)).toEqual(serialize.query(query));
  };
  fc.assert(fc.property(text, check));
});

it('encodes a statement with its values as the client library does, and what goes along behind it', () => {
  fc.assert(
    fc.property(text, fc.array(fc.option(text), { minLength: 1, maxLength: 20 }), (query, values) => {
      const expected = encodeByLibrary(query, values);
      expect(encodeStatement(query, values)).toEqual(expected);
      const behind = encodeQuery('DISCARD ALL');
      expect(encodeStatement(query, values, behind)).toEqual(Buffer.concat([expected, behind]));
    }),
  );
});
