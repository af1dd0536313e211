import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { fakeAction } from '../support/plan-builder.ts';
import { findStep } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

const look = fakeAction(() => ({ result: { body: { error: 'x', last: null } }, summary: '' }), {
  settings: { schema: z.strictObject({}) },
  result: { keys: { body: 'any' } },
});

async function notesOf(step: string): Promise<readonly string[]> {
  const { events, finish } = startText(`name: x\nsteps:\n  - { id: a, ${step} }\n`, { actions: { look } });
  await finish();
  expect(findStep(events, 'a').problems).toEqual([]);
  return findStep(events, 'a').notes ?? [];
}

describe('a comparison that holds of a key that is not there', () => {
  const DENIED = [
    ["body.state != 'pending'", "body.state != 'pending'"],
    ["body.state not in ['pending', 'new']", "body.state not in ['pending', 'new']"],
    ["not (body.state == 'pending')", "body.state == 'pending'"],
    ["not (body.state in ['pending'])", "body.state in ['pending']"],
    ["'x' not in body.state", "'x' not in body.state"],
    ["not ('x' in body.state)", "'x' in body.state"],
    ["body.error == 'x' and 5 != body.state", '5 != body.state'],
  ] as const;
  const note = (test: string) => [`\`body\` has no \`state\`: \`${test}\` was asked of nothing`];

  it.each(DENIED)('is noted where it is asserted: %s', async (condition, test) => {
    expect(await notesOf(`action: look, assert: ["${condition}"]`)).toEqual(note(test));
  });

  it.each(DENIED)('is noted where a poll ends by it: %s', async (condition, test) => {
    const poll = `action: poll, config: { until: "${condition}", interval: 1s, timeout: 3s, step: { action: look } }`;
    expect(await notesOf(poll)).toEqual(note(test));
  });

  it.each([
    ["'x' not in body.last", "'x' not in body.last"],
    ["not ('x' in body.last)", "'x' in body.last"],
  ])('is noted where it is nil and looked into: %s', async (condition, test) => {
    expect(await notesOf(`action: look, assert: ["${condition}"]`)).toEqual([
      `\`body.last\` is nil: \`${test}\` was asked of nothing`,
    ]);
  });

  it.each([
    "body.error != 'y'",
    "'x' not in body?.state",
    "'x' not in (body.state ?? [])",
    "body.last == nil or 'x' not in body.last",
    "'y' not in body",
    "body.last != 'y'",
    'body.deleted != true',
    "body?.state != 'pending'",
    "(body.state ?? 'none') != 'pending'",
    "body.state == nil or body.state != 'pending'",
    'body.state == nil',
    "body.error != 'y' or body.error == 'x'",
  ])('is not where it says so, or the key is there: %s', async (condition) => {
    expect(await notesOf(`action: look, assert: ["${condition}"]`)).toEqual([]);
  });
});

describe('a key that `fail_when` finds in no look', () => {
  const until = (failWhen: string) =>
    `action: poll, config: { until: "body.error == 'x'", fail_when: "${failWhen}", step: { action: look } }`;

  it('is noted, whatever it is called', async () => {
    expect(await notesOf(until("body.state == 'dead'"))).toEqual([
      "`fail_when`: `body` has no `state`: `body.state == 'dead'` was asked of nothing in every look",
    ]);
  });

  it.each([
    "body.last == 'dead'",
    "body?.state == 'dead'",
    'body.state != nil',
    'body.dead == true',
    "'state' in body",
  ])('is not where it is there, or may be missing: %s', async (condition) =>
    expect(await notesOf(until(condition))).toEqual([]),
  );

  it('is not where one look has it', async () => {
    let looks = 0;
    const turning = fakeAction(
      () => ({ result: { body: looks++ === 0 ? { state: 'new' } : { done: 1 } }, summary: '' }),
      {
        settings: { schema: z.strictObject({}) },
        result: { keys: { body: 'any' } },
      },
    );
    const poll = `action: poll, config: { until: body.done == 1, interval: 1ms, fail_when: "body.state == 'dead'", step: { action: turning } }`;
    const { events, finish } = startText(`name: x\nsteps:\n  - { id: a, ${poll} }\n`, { actions: { turning } });
    await finish();
    expect(findStep(events, 'a').notes ?? []).toEqual([]);
  });
});

describe('a comparison that holds of a key that what is decoded does not have', () => {
  const decoded = fakeAction(
    () => ({
      result: { body: { token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.', note: '{"a": {"b": null}}' } },
      summary: '',
    }),
    { settings: { schema: z.strictObject({}) }, result: { keys: { body: 'any' } } },
  );
  const notesOfDecoded = async (condition: string): Promise<readonly string[]> => {
    const { events, finish } = startText(`name: x\nsteps:\n  - { id: a, action: d, assert: ["${condition}"] }\n`, {
      actions: { d: decoded },
    });
    await finish();
    expect(findStep(events, 'a').problems).toEqual([]);
    return findStep(events, 'a').notes ?? [];
  };

  it.each([
    ["jwt_decode(body.token).role != 'admin'", 'jwt_decode(body.token)', 'role'],
    ["let t = jwt_decode(body.token); t.role != 'admin'", 'jwt_decode(body.token)', 'role'],
    ["fromJSON(body.note).a.c not in ['x']", 'fromJSON(body.note).a', 'c'],
    ["not (fromJSON(body.note).c == 'x')", 'fromJSON(body.note)', 'c'],
  ])('is noted: %s', async (condition, object, key) => {
    const [note, ...others] = await notesOfDecoded(condition);
    expect(others).toEqual([]);
    expect(note).toContain(`\`${object}\` has no \`${key}\`: \``);
    expect(note).toContain('was asked of nothing');
  });

  it.each([
    "jwt_decode(body.token).sub != 'admin'",
    "fromJSON(body.note).a.b != 'x'",
    "jwt_decode(body.token).role == nil or jwt_decode(body.token).role != 'admin'",
    'jwt_decode(body.token).isAdmin != true',
  ])('is not where it is there, or may be missing: %s', async (condition) => {
    expect(await notesOfDecoded(condition)).toEqual([]);
  });
});

describe('what an action says of a key that is denied', () => {
  const exists = fakeAction(
    () => ({ result: { exists: false, count: 1 }, summary: '', denied: { exists: () => '1 of 2 keys is there' } }),
    { settings: { schema: z.strictObject({}) }, result: { keys: { exists: 'bool', count: 'number' } } },
  );
  const notesOfExists = async (condition: string): Promise<readonly string[]> => {
    const { events, finish } = startText(`name: x\nsteps:\n  - { id: a, action: exists, assert: ["${condition}"] }\n`, {
      actions: { exists },
    });
    await finish();
    return findStep(events, 'a').notes ?? [];
  };

  it.each(['not exists', '!exists', 'exists == false', 'exists != true', 'count < 2 and not exists'])(
    'is noted where it holds: %s',
    async (condition) => expect(await notesOfExists(condition)).toEqual(['1 of 2 keys is there']),
  );

  it.each(['not exists', ['count == 1', '!exists']])('is noted where a poll ends by it: %s', async (until) => {
    const poll = `action: poll, config: { step: { action: exists }, until: ${JSON.stringify(until)} }`;
    const { events, finish } = startText(`name: x\nsteps:\n  - { id: a, ${poll} }\n`, { actions: { exists } });
    await finish();
    expect(findStep(events, 'a').notes).toEqual(['1 of 2 keys is there']);
  });

  it.each(['count == 1', 'exists or count == 1', 'exists', 'not exists and count == 0'])(
    'is not otherwise: %s',
    async (condition) => expect(await notesOfExists(condition)).toEqual([]),
  );
});

describe('what an action says of a number below 0 that stands for a time', () => {
  const ttl = fakeAction(
    () => ({ result: { value: -2 }, summary: '', denied: { value: () => '-2: there is no such key' } }),
    { settings: { schema: z.strictObject({}) }, result: { keys: { value: 'any' } } },
  );
  const notesOfTtl = async (condition: string): Promise<readonly string[]> => {
    const { events, finish } = startText(`name: x\nsteps:\n  - { id: a, action: ttl, assert: ["${condition}"] }\n`, {
      actions: { ttl },
    });
    await finish();
    return findStep(events, 'a').notes ?? [];
  };

  it.each(['value <= 3600', 'value < 3600', '3600 >= value', 'not (value > 3600)'])(
    'is noted where it is to be below another: %s',
    async (condition) => expect(await notesOfTtl(condition)).toEqual(['-2: there is no such key']),
  );

  it.each(['value == -2', 'value < 0', 'value <= -1', 'value != 5'])(
    'is not where it is meant: %s',
    async (condition) => expect(await notesOfTtl(condition)).toEqual([]),
  );
});
