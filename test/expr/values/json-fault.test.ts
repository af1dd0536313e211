import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from '../../../src/expr/values/json-fault.ts';
import { findTwinKey } from '../../../src/expr/values/json-twins.ts';

describe('where a text stops being JSON', () => {
  it.each([
    ['{"a": }', 'line 1, column 7: expected a value, got `}`'],
    ['{"id": 1,\n "items": [1,2,,3]}', 'line 2, column 16: expected a value, got `,`'],
    ['{"a":1 "b":2}', 'line 1, column 8: expected `,` or `}`, got a text'],
    ["{'a':1}", "line 1, column 2: expected a key in double quotes or `}`, got `'`"],
    ['{"a":1,}', 'line 1, column 8: expected a key in double quotes, got `}`'],
    ['[1,]', 'line 1, column 4: expected a value, got `]`'],
    ['{"a":01}', 'line 1, column 6: expected a value, got `0`'],
    ['{"a" 1}', 'line 1, column 6: expected `:`, got `1`'],
    [
      '{"a":"x\ny"}',
      'line 1, column 6: expected a value, got a text that is not closed or has a character that is not allowed',
    ],
    ['{"a":1} x', 'line 1, column 9: expected nothing more, got `x`'],
    ['{"a":1', 'line 1, column 7: expected `,` or `}`, got the end'],
    ['', 'line 1, column 1: expected a value, got the end'],
  ])('%j', (text, message) => expect(findJsonFault(text)?.message).toBe(message));

  it('is nowhere in JSON, and somewhere in all else', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(findJsonFault(json)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom(...'{}[],:"1tn x'), (json, at, char) => {
        const cut = at % (json.length + 1);
        const text = json.slice(0, cut) + char + json.slice(cut);
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(findJsonFault(text) === undefined).toBe(isJson);
      }),
    );
  });
});

describe('a key that stands twice in one map', () => {
  const find = (json: string) => findTwinKey(json, JSON.parse(json));

  it.each([
    ['{"id": 1, "id": 2}', 'id'],
    ['{"a":{"b":[{"c":1,"c":1}]}}', 'c'],
    ['{\n  "a" : 1,\n  "a" : 2\n}', 'a'],
    // As long as what is left of it, written anew.
    ['{"a":1,"a":1e8}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
  ])('is found in %j', (json, key) => expect(find(json)).toBe(key));

  it.each(['[{"a":1},{"a":2}]', '{"a":{"a":{"a":1}}}', '{"a":"\\":\\":","b":"x"}', '{"a":[]}', '1'])(
    'is not seen in %j',
    (json) => expect(find(json)).toBeUndefined(),
  );

  it('is none in what is written of values', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(find(json)).toBeUndefined();
      }),
    );
  });
});
