import * as z from 'zod/mini';
import { duration } from '../../model/settings.ts';

const count = z.int().check(z.minimum(0));
const some = z.int().check(z.minimum(1));
const number = z.number().check(z.minimum(0));
const between = z.union([duration(), z.strictObject({ min: duration(), max: duration() })]);
const stages = z
  .array(z.strictObject({ duration: duration(), target: number }))
  .check(z.minLength(1, 'expected at least one stage'));

/** What a scenario has whoever runs it. */
const common = {
  start_time: z.optional(duration()),
  graceful_stop: z.optional(duration()),
  exec: z.optional(z.string()),
  env: z.optional(z.record(z.string(), z.unknown())),
  tags: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  think: z.optional(between),
  pacing: z.optional(between),
  data_mode: z.optional(z.enum(['sequential', 'random', 'unique', 'per_vu'])),
};

/** Who runs it how often. */
const amounts = {
  executor: z.optional(z.string()),
  vus: z.optional(some),
  duration: z.optional(duration()),
  iterations: z.optional(some),
  stages: z.optional(stages),
  max_duration: z.optional(duration()),
  start_vus: z.optional(count),
  graceful_ramp_down: z.optional(duration()),
  rate: z.optional(z.union([number, z.string()])),
  start_rate: z.optional(number),
  time_unit: z.optional(duration()),
  pre_allocated_vus: z.optional(some),
  max_vus: z.optional(some),
  max_rate: z.optional(number),
  step: z.optional(number),
  hold: z.optional(duration()),
};

const threshold = z.union([
  z.string(),
  z.strictObject({
    threshold: z.string(),
    abort_on_fail: z.optional(z.boolean()),
    delay_abort_eval: z.optional(duration()),
  }),
]);

const thresholds = z.optional(z.record(z.string(), z.union([threshold, z.array(threshold)])));

/** What holds for the load as a whole. */
const whole = {
  checks: z.optional(z.enum(['auto', 'fail', 'report'])),
  thresholds,
  out: z.optional(z.union([z.string(), z.array(z.string())])),
  warm_up: z.optional(duration()),
  setup_timeout: z.optional(duration()),
  connections: z.optional(z.strictObject({ pool: z.optional(some), max_per_vu: z.optional(some) })),
  /** Planned by itself, for it has placeholders. */
  reconcile: z.optional(z.unknown()),
};

export const SCENARIO_SCHEMA = z.strictObject({ ...common, ...amounts, thresholds });
export const LOAD_SCHEMA = z.strictObject({ ...common, ...amounts, ...whole });

export type ScenarioSettings = z.output<typeof SCENARIO_SCHEMA>;
export type LoadSettings = z.output<typeof LOAD_SCHEMA>;
export type ThresholdSettings = z.output<typeof threshold>;

/** Keys that say who runs how often: they stand in the scenarios where there are any. */
export const AMOUNT_KEYS = Object.keys(amounts) as readonly (keyof typeof amounts)[];
