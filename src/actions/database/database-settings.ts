import * as z from 'zod/mini';
import { anyValue, timeLimit } from '../../model/settings.ts';

/** The settings of `database_query`. */
export const databaseSettings = z.strictObject({
  connection: z.string(),
  query: z.union([z.string(), z.strictObject({ file: z.string(), template: z.optional(z.boolean()) })]),
  params: z.optional(z.union([z.array(anyValue()), z.record(z.string(), anyValue())])),
  timeout: z.optional(timeLimit()),
  max_rows: z.optional(z.int().check(z.gte(1))),
});

export type DatabaseSettings = z.output<typeof databaseSettings>;
