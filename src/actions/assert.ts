import * as z from 'zod/mini';
import type { Value } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action.ts';
import { anyValue } from '../model/settings.ts';
import { isRecord } from './settings/authored.ts';

const settings = z.strictObject({
  data: z.optional(z.record(z.string(), anyValue())),
  assertions: z.optional(anyValue()),
});

/** Checks assertions over given data; the keys of the data are names in them, and variables afterwards. */
export const assertData: ActionDefinition<z.output<typeof settings>> = {
  name: 'assert',
  summary: 'Checks assertions over given data and variables',
  config: settings,
  assertions: 'assertions',
  result: [],
  resultOf: listDataKeys,
  provides: listDataKeys,
  judges: true,
  isLocal: true,
  async run({ data = {} }) {
    const values = data as Readonly<Record<string, Value>>;
    return { result: values, summary: '', captures: values };
  },
};

function listDataKeys(authored: unknown): readonly string[] {
  const data = isRecord(authored) ? authored['data'] : undefined;
  return isRecord(data) ? Object.keys(data) : [];
}
