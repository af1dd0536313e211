import * as z from 'zod/mini';

/** How a token is had for one's own account: the client credentials of OAuth 2 (RFC 6749, 4.4). */
export function oauth2() {
  return z.strictObject({
    token_url: z.string().check(z.regex(/^https?:\/\/[^\s/]+/, 'expected an address with `http://` or `https://`')),
    client_id: z.string(),
    client_secret: z.string(),
    scope: z.optional(z.string()),
    params: z.optional(z.record(z.string(), z.string())),
    client_auth: z.optional(z.enum(['basic', 'body'])),
  });
}

export type Oauth2Settings = z.output<ReturnType<typeof oauth2>>;
