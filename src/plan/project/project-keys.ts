import * as z from 'zod/mini';
import { STOP_SIGNALS } from '../../model/companions/service-plan.ts';
import { duration } from '../../model/settings.ts';
import type { KeyTable } from '../read/keys.ts';

const LATER = { later: 'it comes with a later one' };

/** The keys of testmesh.yaml. */
export const PROJECT_KEYS: KeyTable = {
  services: true,
  trace: true,
  stubs: true,
  proxies: true,
  flows: true,
  environments: true,
  default_environment: true,
  workers: true,
  reporters: true,
  records: true,
  defaults: true,
  before_all: true,
  after_all: true,
  mocks: true,
  logs: LATER,
  registry: LATER,
  contract: LATER,
  agree: true,
  spans: LATER,
  flow_settings: true,
  findings: true,
};

/** The keys of an environment. */
export const ENVIRONMENT_KEYS: KeyTable = {
  env: true,
  env_file: true,
  secrets: true,
  connections: true,
  contract: LATER,
  protected: true,
};

/** The keys of a flow below `flow_settings`. */
export const FLOW_SETTINGS_KEYS: KeyTable = { agree: true, contract: LATER, spans: LATER };

/** The keys of a service. */
export const SERVICE_KEYS: KeyTable = {
  command: true,
  compose: true,
  cwd: true,
  env: true,
  env_file: true,
  needs: true,
  prepare: true,
  url: true,
  ready: 'needed',
  stop: true,
  reuse: true,
};

const command = z.union([z.string().check(z.minLength(1)), z.array(z.string()).check(z.minLength(1))]);
const address = z.string().check(z.regex(/^(?!.*:\/\/)\S*:\d{1,5}$/, 'expected `host:port`'));
const httpAddress = z
  .string()
  .check(z.regex(/^https?:\/\/[^\s/]+/, 'expected an address with `http://` or `https://`'));

/** What a service is started with; `needs` and `env_file` are read apart. */
export const SERVICE_SETTINGS = z.strictObject({
  command: z.optional(command),
  compose: z.optional(z.strictObject({ file: z.string(), service: z.string() })),
  cwd: z.optional(z.string()),
  env: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  prepare: z.optional(command),
  url: z.optional(z.string()),
  reuse: z.optional(z.boolean()),
  ready: z
    .strictObject({
      log: z.optional(z.string()),
      http: z.optional(httpAddress),
      status: z.optional(z.int()),
      tcp: z.optional(address),
      timeout: z.optional(duration()),
    })
    .check((context) => {
      const { log, http, tcp } = context.value;
      if ([log, http, tcp].filter((one) => one !== undefined).length === 1) return;
      const message = 'expected one of `log`, `http` and `tcp`';
      context.issues.push({ code: 'custom', message, input: context.value });
    }),
  stop: z.optional(z.strictObject({ signal: z.optional(z.enum(STOP_SIGNALS)), timeout: z.optional(duration()) })),
});
