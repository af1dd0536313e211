import { describe, expect, it } from 'vitest';
import { compileEventSchema } from '../../support/event-schema.ts';
import { fillEvents } from './sample-events.ts';

const validate = compileEventSchema();
const events = fillEvents({ text: () => 'text', value: () => ({ any: ['thing'] }) });

describe('the JSON Schema of the event stream', () => {
  it('accepts every event', () => {
    for (const event of events) expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
  });

  it('accepts what a line has besides', () => {
    expect(validate({ ...(events[0] as object), omitted: ['/output/result'], cut: [] })).toBe(true);
    expect(validate({ ...(events[0] as object), omitted: true })).toBe(false);
  });

  it('names every field that there is', () => {
    for (const event of events) expect(validate({ ...(event as object), more: 1 })).toBe(false);
  });

  it('refuses what lacks a field', () => {
    for (const event of events) {
      for (const name of ['type', 'at']) {
        const { [name]: _, ...rest } = event as Readonly<Record<string, unknown>>;
        expect(validate(rest), name).toBe(false);
      }
    }
  });
});
