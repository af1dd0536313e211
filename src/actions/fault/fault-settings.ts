import * as z from 'zod/mini';
import type { Location } from '../../model/events.ts';
import { duration } from '../../model/settings.ts';

const ADDRESS = /^((https?:\/\/)?[^\s/]+(,\s*[^\s/]+)*\/?|(?!https?:)[a-z][\w+.-]*:\/\/[^\s/]+([/?]\S*)?)$/i;
/** Whether a text looks like an address, be it one that a proxy can lead to or not. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

const SIZE = /^\s*(\d+(?:\.\d+)?)\s*(b|kb|mb)?\s*$/i;
const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 * 1024 };

/** A number of bytes, or a text such as `64KB`; bytes after checking. */
function size() {
  return z.pipe(
    z.unknown().check((context) => {
      if (readSize(context.value) !== undefined) return;
      const message = 'expected a number of bytes, or a text such as `64KB` or `1MB`';
      context.issues.push({ code: 'custom', message, input: context.value });
    }),
    z.transform((value) => readSize(value) ?? 0),
  );
}

function readSize(value: unknown): number | undefined {
  if (typeof value === 'number') return value > 0 ? value : undefined;
  const [, number, unit = 'b'] = SIZE.exec(typeof value === 'string' ? value : '') ?? [];
  const bytes = Number(number ?? 0) * (UNITS[unit.toLowerCase()] ?? 1);
  return bytes > 0 ? bytes : undefined;
}

const flag = () => z.optional(z.literal(true));

const faults = z.strictObject({
  latency: z.optional(duration()),
  jitter: z.optional(duration()),
  bandwidth: z.optional(size()),
  timeout: flag(),
  reset: z.optional(z.union([z.literal(true), z.strictObject({ after: size() })])),
  slow_close: z.optional(duration()),
  slice: z.optional(z.strictObject({ size: size(), delay: z.optional(duration()) })),
  limit: z.optional(size()),
  down: flag(),
  status: z.optional(
    z.strictObject({
      code: z.int().check(z.gte(200), z.lte(599)),
      body: z.optional(z.unknown()),
      rate: z.optional(z.number().check(z.gte(0), z.lte(1))),
    }),
  ),
  withhold_acks: z.optional(
    z.strictObject({ topic: z.string(), rate: z.optional(z.number().check(z.gte(0), z.lte(1))) }),
  ),
  delay: z.optional(duration()),
  header: z.optional(z.record(z.string(), z.union([z.string(), z.null()]))),
});

/** The settings of `fault_proxy_start`. */
export const proxySettings = z.strictObject({
  upstream: z.string().check(z.regex(ADDRESS, 'an address such as `localhost:5432` or `http://localhost:5001`')),
  protocol: z.optional(z.enum(['tcp', 'http', 'kafka'])),
  listen: z.optional(z.int().check(z.gte(0), z.lte(65_535))),
  preserve_host: z.optional(z.boolean()),
});

/** The settings of `fault_set`. */
export const faultSettings = z.strictObject({
  proxy: z.string(),
  faults,
  direction: z.optional(z.enum(['both', 'up', 'down'])),
  share: z.optional(z.number().check(z.gt(0), z.lte(1))),
  match: z.optional(z.strictObject({ method: z.optional(z.string()), path: z.optional(z.string()) })),
  for: z.optional(duration()),
});

export type ProxySettings = z.output<typeof proxySettings>;
export type FaultSettings = z.output<typeof faultSettings>;
export type Faults = FaultSettings['faults'];
/** With the place where they are written. */
export type PlacedFaults = FaultSettings & { readonly location?: Location | undefined };

/** What only a proxy of one protocol has. */
export const PROTOCOL_OF = {
  status: 'http',
  delay: 'http',
  header: 'http',
  match: 'http',
  withhold_acks: 'kafka',
} as const;
