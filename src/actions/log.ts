import * as z from 'zod/mini';
import type { Value } from '../expr/index.ts';
import { printJson } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ConfigFinding } from '../model/action/settings.ts';
import { anyValue } from '../model/settings.ts';
import { isRecord } from './settings/authored.ts';

const settings = z.strictObject({
  message: z.optional(anyValue()),
  level: z.optional(z.enum(['debug', 'info', 'warn', 'error'])),
  data: z.optional(anyValue()),
});

/** Writes a line into the run's output. */
export const log: ActionDefinition<z.output<typeof settings>> = {
  name: 'log',
  summary: "Writes a line into the run's output",
  settings: { schema: settings, check: checkSomethingIsSaid },
  result: { keys: { message: 'string', level: 'string', data: 'any' } },
  judges: true,
  traits: { isLocal: 'computed' },
  async run({ message, level = 'info', data }, io) {
    const text = describeMessage(message as Value | undefined);
    const shown = data as Value | undefined;
    io.report.log(level, text, shown);
    return { result: { message: text, level, data: shown ?? null }, summary: '' };
  },
};

function checkSomethingIsSaid(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored) || 'message' in authored || 'data' in authored) return [];
  return [{ severity: 'error', code: 'TM341', path: [], message: '`log` needs `message` or `data`', help: [] }];
}

function describeMessage(message: Value | undefined): string {
  if (message === undefined) return '';
  return typeof message === 'string' ? message : printJson(message);
}
