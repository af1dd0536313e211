import { describe, expect, it } from 'vitest';
import { maskEvent } from '../../../src/engine/events/mask-event.ts';
import { createSecrets } from '../../../src/engine/events/secrets.ts';
import { ExactNumber } from '../../../src/expr/index.ts';
import { decodeEvent, encodeEvent } from '../../../src/model/event-table/event-codec.ts';
import { eventTable } from '../../../src/model/event-table/event-table.ts';
import { integer, optional, record, text, value, word } from '../../../src/model/event-table/kinds.ts';
import type { RunEvent } from '../../../src/model/events.ts';
import { fillEvents, listPlainTexts } from './sample-events.ts';

const SECRET = 'hunter2-hunter2';

function fillWith(words: string): readonly RunEvent[] {
  const filling = { text: () => `said ${words}`, value: () => ({ [`key ${words}`]: [words, `${words} too`] }) };
  return fillEvents(filling) as readonly RunEvent[];
}

describe('the table of events', () => {
  it('has every type of event', () => {
    const types = eventTable.is === 'choice' ? Object.keys(eventTable.cases) : [];
    expect(new Set(fillWith('').map(({ type }) => type))).toEqual(new Set(types));
    expect(types).toHaveLength(11);
  });

  it('masks a secret in every field that holds text or data', () => {
    const secrets = createSecrets();
    secrets.add(SECRET);
    const events = fillWith(SECRET);
    expect(JSON.stringify(events).split(SECRET).length).toBeGreaterThan(100);
    for (const event of events) {
      expect(JSON.stringify(maskEvent(event, secrets)), event.type).not.toContain(SECRET);
    }
  });

  it('leaves these texts unmasked, by which readers find and tell things apart', () => {
    expect(listPlainTexts()).toEqual([
      'done.settings',
      ...['flow_about.file', 'flow_about.id', 'flow_about.tags', 'flow_about.traceId'],
      ...['flow_output.secretNames', 'flow_values.volatileNames', 'location.file', 'part.type', 'problem.kind'],
      ...['request_measure.error', 'request_measure.method', 'request_measure.protocol'],
      ...['run_finished.runId', 'run_started.runId', 'run_started.testmesh'],
      ...['sent_trace.traceId', 'service_printed.service', 'since_step.id', 'sql_database.tls'],
      ...[
        'step.action',
        'step.address',
        'step.branch',
        'step.id',
        'step.parent',
        'step_position.address',
        'step_position.branch',
        'step_position.parent',
        'value_measure.name',
      ],
    ]);
  });

  it('leaves an event without a secret the same object', () => {
    const secrets = createSecrets();
    secrets.add(SECRET);
    for (const event of fillWith('nothing')) expect(maskEvent(event, secrets)).toBe(event);
  });

  it('leaves out what may quote a part of a value where a secret stood beside it', () => {
    const secrets = createSecrets();
    secrets.add(SECRET);
    const masked = fillWith(SECRET).map((event) => maskEvent(event, secrets));
    expect(JSON.stringify(fillWith(SECRET))).toContain('"clues":[{');
    expect(JSON.stringify(masked)).toContain('"clues":[]');
    expect(JSON.stringify(masked)).not.toContain('"clues":[{');
  });

  it('brings every event back from JSON, exact numbers and all', () => {
    const exact = new ExactNumber('9007199254740993');
    const events = fillEvents({ text: (way) => way, value: () => ({ exact, odd: [Number.NaN, -0] }) });
    for (const event of events) {
      expect(decodeEvent(JSON.parse(JSON.stringify(encodeEvent(event as RunEvent))))).toEqual(event);
    }
  });

  it('knows no event in what lacks a field or has another thing in it', () => {
    for (const event of fillEvents({ text: () => 'text', value: () => 1 })) {
      const fields = event as Readonly<Record<string, unknown>>;
      expect(decodeEvent({ ...fields, at: 'now' })).toBeUndefined();
      expect(decodeEvent({ ...fields, type: 'unheard_of' })).toBeUndefined();
      for (const [name, { isOptional }] of listFields(String(fields['type']))) {
        const { [name]: _, ...rest } = fields;
        if (!isOptional) expect(decodeEvent(rest), name).toBeUndefined();
      }
    }
  });
});

describe('a table', () => {
  interface Told {
    readonly said: string;
    readonly much?: number | undefined;
    readonly mood: 'good' | 'bad';
  }

  it('takes a kind for each field and no other', () => {
    const fields = { said: text(), much: optional(integer()), mood: word({ good: true, bad: true }) };
    expect(record<Told>('told', fields).is).toBe('record');
    // @ts-expect-error a field is forgotten
    record<Told>('told', { said: text(), much: optional(integer()) });
    // @ts-expect-error a value may be more than text, and is masked and encoded otherwise
    record<{ readonly data: ReturnType<typeof encodeEvent> | null }>('told', { data: text() });
    // @ts-expect-error a word is forgotten
    record<Told>('told', { ...fields, mood: word({ good: true }) });
    // @ts-expect-error it may be absent
    record<Told>('told', { ...fields, much: integer() });
    // @ts-expect-error text is no value
    record<Told>('told', { ...fields, said: value() });
  });
});

function listFields(type: string) {
  const shape = eventTable.is === 'choice' ? eventTable.cases[type] : undefined;
  return shape?.is === 'record' ? Object.entries(shape.fields) : [];
}
