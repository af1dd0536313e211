import * as z from 'zod/mini';
import type { Value } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionResult } from '../model/action/result.ts';
import { anyValue } from '../model/settings.ts';
import { describeKeys, isRecord } from './settings/authored.ts';

const settings = z.strictObject({
  data: z.optional(z.record(z.string(), anyValue())),
  assertions: z.optional(anyValue()),
});

/** Checks assertions over given data; the keys of the data are names in them, and variables afterwards. */
export const assertData: ActionDefinition<z.output<typeof settings>> = {
  name: 'assert',
  summary: 'Checks assertions over given data and variables',
  settings: {
    schema: settings,
    assertions: 'assertions',
    note: { example: '{ data: { total: 30 }, assertions: [total == 30] }' },
  },
  result: { keys: {}, keysOf: describeData, variables: (authored) => Object.keys(describeData(authored) ?? {}) },
  judges: true,
  traits: { isLocal: 'computed' },
  async run({ data = {} }) {
    const values = data as Readonly<Record<string, Value>>;
    return { result: values, summary: '', captures: values };
  },
};

function describeData(authored: unknown): ActionResult['keys'] | undefined {
  if (!isRecord(authored)) return undefined;
  const { data = {} } = authored;
  return isRecord(data) ? describeKeys(data) : undefined;
}
