import { ExactNumber, isMap, readKey, type Value } from '../../expr/index.ts';
import { ActionError } from '../../model/action/outcome.ts';

/** A token, and how long it holds. */
export interface Token {
  readonly text: string;
  /** ms; absent where nobody says. */
  readonly lifetimeMs?: number | undefined;
}

const LONGEST_SAID = 200;

/** Reads what a token endpoint answered. @throws ActionError of kind `auth` why there is no token in it; nothing of the body is told but what names the error */
export function readToken({ status, body }: { status: number; body: Value }, peer: string): Token {
  if (status < 200 || status > 299) throw refuse(`${peer} answered ${status}${describeError(body)}`, hintsOf(status));
  const text = isMap(body) ? readKey(body, 'access_token') : undefined;
  if (typeof text !== 'string' || text === '') {
    const got = isMap(body) ? 'a map' : 'no JSON';
    throw refuse(`${peer} answered ${status} without \`access_token\`, with ${got}${describeError(body)}`, [
      '`token_url` is the address that tokens are given at: a POST with `grant_type=client_credentials`',
    ]);
  }
  const type = isMap(body) ? readKey(body, 'token_type') : undefined;
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer')
    throw refuse(`${peer} gives a token of the type ${cut(type)}, and only \`Bearer\` can be sent`, []);
  const seconds = isMap(body) ? readSeconds(readKey(body, 'expires_in')) : undefined;
  return { text, lifetimeMs: seconds !== undefined && seconds > 0 ? seconds * 1000 : undefined };
}

/** Some write it as a text. */
function readSeconds(value: Value | undefined): number | undefined {
  if (value instanceof ExactNumber) return value.double;
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value);
  return typeof value === 'number' ? value : undefined;
}

function refuse(why: string, hints: readonly string[]): ActionError {
  return new ActionError({ kind: 'auth', message: `no token for \`auth.oauth2\`: ${why}`, hints });
}

/** `: invalid_client (Client authentication failed)` */
function describeError(body: Value): string {
  if (!isMap(body)) return '';
  const [error, more] = ['error', 'error_description'].map((key) => readKey(body, key));
  if (typeof error !== 'string') return '';
  return `: ${cut(error)}${typeof more === 'string' ? ` (${cut(more)})` : ''}`;
}

function hintsOf(status: number): readonly string[] {
  if (status === 400 || status === 401)
    return [
      'see `client_id`, `client_secret` and `scope`; a server that takes them in the body needs `client_auth: body`',
    ];
  return status === 404 || status === 405 ? ['see `token_url`'] : [];
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST_SAID ? `${line.slice(0, LONGEST_SAID)}…` : line;
}
