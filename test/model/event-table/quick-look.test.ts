import { describe, expect, it } from 'vitest';
import { createCaselessMap, DateValue, ExactNumber, type Value } from '../../../src/expr/index.ts';
import { encodeEvent } from '../../../src/model/event-table/event-codec.ts';
import { writeEventLine } from '../../../src/model/event-table/event-line.ts';
import { eventTable } from '../../../src/model/event-table/event-table.ts';
import type { Shape } from '../../../src/model/event-table/kinds.ts';
import { lookQuickly, SMALL_EVENT } from '../../../src/model/event-table/quick-look.ts';
import type { RunEvent } from '../../../src/model/events.ts';
import { fillEvents } from './sample-events.ts';

const VALUES: readonly (readonly [string, Value, boolean])[] = [
  ['texts, numbers and nil', { a: ['x', 1.5, null, true], b: {} }, true],
  ['an exact number', new ExactNumber('9007199254740993'), false],
  ['a date', new DateValue(1_000_000_000n, 'Z'), false],
  ['negative zero', [-0], false],
  ['what is no number', { deep: [Number.NaN] }, false],
  ['infinity', Number.POSITIVE_INFINITY, false],
  ['a map of other keys than texts', new Map<Value, Value>([[1, 'x']]), false],
  ['a key that looks like a tag', { $number: '1' }, false],
  ['headers', createCaselessMap([['Content-Type', 'text/html']]), false],
];

function fillWith(value: Value): readonly RunEvent[] {
  return fillEvents({ text: () => 'text', value: () => value }) as readonly RunEvent[];
}

describe('a quick look at an event', () => {
  it.each(VALUES)('tells whether it is JSON as it stands: %s', (_what, value, isJson) => {
    const withValue = fillWith(value).filter((event) => encodeEvent(event) !== event);
    expect(withValue.length > 0).toBe(!isJson);
    for (const event of withValue) expect(lookQuickly(event).isJson, event.type).toBe(false);
    for (const event of fillWith('plain'))
      expect(lookQuickly(event), event.type).toEqual({ isSmall: true, isJson: true });
  });

  it.each(VALUES)('writes the line that the codec makes: %s', (_what, value) => {
    for (const event of fillWith(value)) {
      const { type, ...fields } = encodeEvent(event) as RunEvent;
      expect(writeEventLine(event), event.type).toBe(`${JSON.stringify({ type, ...fields })}\n`);
    }
  });

  it.each<[string, Value]>([
    ['a long text', 'x'.repeat(SMALL_EVENT)],
    ['a long list', Array.from({ length: 501 }, () => 1)],
    ['a deep list', JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`)],
    ['many keys', Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key ${index}`, 1]))],
  ])('calls nothing small that may be large: %s', (_what, value) => {
    expect(lookQuickly({ value })).toEqual({ isSmall: false, isJson: false });
  });

  it('calls nothing small that a limit of the table could cut', () => {
    expect(Math.min(...listLimits(eventTable, new Set()))).toBe(500);
    expect(Math.min(...listLimits(eventTable, new Set()).filter((limit) => limit !== 500))).toBe(10_000);
  });
});

/** Every limit in a shape: of lists in items, of others in characters. */
function listLimits(shape: Shape, seen: Set<Shape>): number[] {
  if (seen.has(shape)) return [];
  seen.add(shape);
  if (shape.is === 'list') return [shape.maxLength, ...listLimits(shape.item, seen)];
  if (shape.is === 'values') return [shape.maxSize];
  if (shape.is === 'choice') return Object.values(shape.cases).flatMap((one) => listLimits(one, seen));
  if (shape.is !== 'record') return [];
  return Object.values(shape.fields).flatMap(({ shape: one, maxSize }) => [
    ...(maxSize === undefined ? [] : [maxSize]),
    ...listLimits(one, seen),
  ]);
}
