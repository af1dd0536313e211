import * as z from 'zod/mini';
import { MAX_BODY_BYTES } from '../../drivers/http/http-handler.ts';
import { DateValue, DurationValue, ExactNumber } from '../../expr/index.ts';
import { anyValue, dataSize, timeLimit } from '../../model/settings.ts';
import { oauth2 } from '../oauth2/oauth2-settings.ts';
import { tlsSettings } from '../settings/tls.ts';

export type Scalar = null | boolean | number | string | ExactNumber | DateValue | DurationValue;
export type Parameter = Scalar | readonly Scalar[];

/** One part of `multipart`: a value as it is, or a file or value with what is said of it. */
export type MultipartPart =
  | Scalar
  | {
      readonly file?: string | undefined;
      readonly value?: unknown;
      readonly filename?: string | undefined;
      readonly content_type?: string | undefined;
    };
export type MultipartSettings = Readonly<Record<string, MultipartPart | readonly MultipartPart[]>>;

/** The settings of `http_request`. */
export const httpSettings = z.strictObject({
  method: z.optional(z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'a method such as `GET` or `POST`'))),
  url: z.string(),
  query: z.optional(z.record(z.string(), parameter())),
  headers: z.optional(z.record(z.string(), parameter())),
  body: z.optional(anyValue()),
  form: z.optional(z.record(z.string(), parameter())),
  multipart: z.optional(z.record(z.string(), multipartParts())),
  auth: z.optional(
    z.strictObject({
      bearer: z.optional(z.string()),
      basic: z.optional(z.strictObject({ username: z.string(), password: z.string() })),
      api_key: z.optional(
        z.strictObject({ header: z.optional(z.string()), query: z.optional(z.string()), value: z.string() }),
      ),
      oauth2: z.optional(oauth2()),
    }),
  ),
  timeout: z.optional(timeLimit()),
  follow_redirects: z.optional(z.boolean()),
  max_redirects: z.optional(z.int().check(z.gte(0))),
  tls: z.optional(tlsSettings()),
  proxy: z.optional(z.union([z.string(), z.literal(false)])),
  http2: z.optional(z.boolean()),
  cookies: z.optional(z.union([z.boolean(), z.record(z.string(), scalar())])),
  max_body: z.optional(dataSize(MAX_BODY_BYTES)),
  save_to: z.optional(z.string()),
});

export type HttpSettings = z.output<typeof httpSettings>;

/** Whether a value is one text, number, bool or date, or nil. */
export function isScalar(value: unknown): value is Scalar {
  if (typeof value !== 'object') return ['string', 'number', 'boolean'].includes(typeof value);
  return value === null || value instanceof ExactNumber || value instanceof DateValue || value instanceof DurationValue;
}

function scalar() {
  return z.custom<Scalar>(isScalar, 'expected text, a number or a bool');
}

function multipartParts() {
  const described = z.strictObject({
    file: z.optional(z.string()),
    value: z.optional(anyValue()),
    filename: z.optional(z.string()),
    content_type: z.optional(z.string()),
  });
  const plain = z.custom<Scalar>(isScalar, 'expected a plain value (text, number, bool)');
  return z.union([plain, described, z.array(z.union([plain, described]))]);
}

function parameter() {
  return z.custom<Parameter>(
    (value) => isScalar(value) || (Array.isArray(value) && value.every(isScalar)),
    'expected text, a number, a bool, or a list of these',
  );
}
