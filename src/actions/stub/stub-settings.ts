import * as z from 'zod/mini';
import type { ActionSettings } from '../../model/action/settings.ts';
import { anyValue, duration, expression, late } from '../../model/settings.ts';
import { checkBodyFiles } from './check-routes.ts';
import { seeRequest } from './seen-request.ts';

const METHOD = /^([A-Za-z][A-Za-z0-9-]*|\*)$/;

/** A text that a part of a request has to be, or `{absent: true}`. */
function expectedText() {
  return z.union([z.string(), z.number(), z.boolean(), z.strictObject({ absent: z.literal(true) })]);
}

const requestMatch = {
  query: z.optional(z.record(z.string(), expectedText())),
  headers: z.optional(z.record(z.string(), expectedText())),
  form: z.optional(z.record(z.string(), expectedText())),
  body: z.optional(anyValue()),
  where: z.optional(expression()),
};

const fault = z.union([
  z.enum(['reset', 'timeout', 'empty', 'garbage']),
  z.strictObject({ slow_body: z.strictObject({ over: duration() }) }),
  z.strictObject({ truncate: z.strictObject({ after: z.int().check(z.gte(0)) }) }),
]);

const delay = z.union([duration(), z.strictObject({ min: duration(), max: duration() })]);

const answer = z.strictObject({
  status: z.optional(z.int().check(z.gte(100), z.lte(599))),
  headers: z.optional(z.record(z.string(), late())),
  body: z.optional(late()),
  body_file: z.optional(z.string()),
  delay: z.optional(delay),
  fault: z.optional(fault),
});

const followUp = z.strictObject({
  after: z.optional(duration()),
  http: z.optional(
    z.strictObject({
      method: z.optional(z.string().check(z.regex(METHOD, 'a method such as `POST`'))),
      url: late(),
      headers: z.optional(z.record(z.string(), late())),
      body: z.optional(late()),
    }),
  ),
  kafka: z.optional(
    z.strictObject({
      brokers: z.union([z.string(), z.array(z.string())]),
      topic: z.string(),
      key: z.optional(late()),
      headers: z.optional(z.record(z.string(), late())),
      value: z.optional(late()),
    }),
  ),
});

const text = z.union([z.string(), z.number(), z.boolean()]);
const texts = z.record(z.string(), text);
/** A name with a list stands once for each item. */
const pairs = z.record(z.string(), z.union([text, z.array(text)]));

/** A request that the route takes, for `mock verify`. */
const example = z.strictObject({
  path: z.optional(z.string().check(z.regex(/^\//, 'a path that begins with `/`'))),
  params: z.optional(texts),
  query: z.optional(pairs),
  headers: z.optional(texts),
  form: z.optional(pairs),
  body: z.optional(anyValue()),
  body_file: z.optional(z.string()),
});

/** One route of a stub. */
const route = z.strictObject({
  method: z.optional(z.string().check(z.regex(METHOD, 'a method such as `GET`, or `*`'))),
  path: z.optional(z.string().check(z.regex(/^[/*]/, 'a path that begins with `/`'))),
  path_regex: z.optional(z.string()),
  match: z.optional(z.strictObject(requestMatch)),
  state: z.optional(z.record(z.string(), anyValue())),
  times: z.optional(z.int().check(z.gte(1))),
  response: z.optional(answer),
  responses: z.optional(z.array(answer).check(z.minLength(1))),
  delay: z.optional(delay),
  fault: z.optional(fault),
  sets: z.optional(z.record(z.string(), anyValue())),
  // biome-ignore lint/suspicious/noThenProperty: the key of the flow's file, which holds no function
  then: z.optional(z.array(followUp)),
  example: z.optional(example),
});

const fallback = z.union([
  z.strictObject({ proxy: z.string() }),
  z.strictObject({
    status: z.optional(z.int().check(z.gte(100), z.lte(599))),
    headers: z.optional(z.record(z.string(), late())),
    body: z.optional(late()),
  }),
]);

const tls = z.union([
  z.strictObject({ self_signed: z.literal(true) }),
  z.strictObject({ cert: z.string(), key: z.optional(z.string()), passphrase: z.optional(z.string()) }),
]);

/** The settings of `mock_server_start`. */
export const startSettings = z.strictObject({
  port: z.optional(z.int().check(z.gte(0), z.lte(65_535))),
  tls: z.optional(tls),
  routes: z.optional(z.array(route)),
  from: z.optional(z.string()),
  contract: z.optional(z.string()),
  fallback: z.optional(fallback),
  unmatched: z.optional(z.enum(['note', 'fail'])),
});

/** The settings of `mock_server_configure`. */
export const configureSettings = z.strictObject({
  server: z.string(),
  routes: z.array(route).check(z.minLength(1)),
  replace: z.optional(z.boolean()),
});

/** The settings of `mock_server_verify`. */
export const verifySettings = z.strictObject({
  server: z.string(),
  method: z.optional(z.string().check(z.regex(METHOD, 'a method such as `GET`, or `*`'))),
  path: z.optional(z.string().check(z.regex(/^[/*]/, 'a path that begins with `/`'))),
  path_regex: z.optional(z.string()),
  ...requestMatch,
  count: z.optional(
    z.union([
      z.int().check(z.gte(0)),
      z.strictObject({ min: z.optional(z.int().check(z.gte(0))), max: z.optional(z.int().check(z.gte(0))) }),
    ]),
  ),
  within: z.optional(duration()),
  scope: z.optional(z.enum(['flow', 'all'])),
});

export type RouteSettings = z.output<typeof route>;
export type AnswerSettings = z.output<typeof answer>;
export type FaultSettings = z.output<typeof fault>;
export type DelaySettings = z.output<typeof delay>;
export type FollowUpSettings = z.output<typeof followUp>;
export type FallbackSettings = z.output<typeof fallback>;
export type StartSettings = z.output<typeof startSettings>;
export type ConfigureSettings = z.output<typeof configureSettings>;
export type VerifySettings = z.output<typeof verifySettings>;
/** What a request has to be for a route, or to be counted. */
export type MatchSettings = Pick<
  VerifySettings,
  'method' | 'path' | 'path_regex' | 'query' | 'headers' | 'form' | 'body' | 'where'
>;

const REQUEST = ['request'];

/** How the settings of routes are read. */
export const routeReading = {
  expressions: { 'routes[].match.where': REQUEST },
  late: {
    'routes[].response.body': REQUEST,
    'routes[].response.headers.*': REQUEST,
    'routes[].responses[].body': REQUEST,
    'routes[].responses[].headers.*': REQUEST,
    'routes[].then[].http.url': REQUEST,
    'routes[].then[].http.headers.*': REQUEST,
    'routes[].then[].http.body': REQUEST,
    'routes[].then[].kafka.key': REQUEST,
    'routes[].then[].kafka.headers.*': REQUEST,
    'routes[].then[].kafka.value': REQUEST,
    'fallback.body': REQUEST,
    'fallback.headers.*': REQUEST,
  },
  files: {
    attachments: ['routes[].response.body_file', 'routes[].responses[].body_file', 'routes[].example.body_file'],
    check: checkBodyFiles,
  },
  seen: seeRequest,
} satisfies Pick<ActionSettings, 'expressions' | 'late' | 'files' | 'seen'>;
