import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { Received } from '../http/exchange.ts';
import type { HttpSettings } from '../http/http-settings.ts';
import { digestOf, openShared } from '../settings/open-shared.ts';
import type { Oauth2Settings } from './oauth2-settings.ts';
import { readToken, type Token } from './read-token.ts';
import { TokenStore } from './token-store.ts';

/** Sends a request and reads its answer. */
export type Send = (settings: HttpSettings, io: ActionIo) => Promise<Received>;

/** Gives settings with the token of their account in the place of how it is had; `refused` is one that was not taken. @throws ActionError why there is none */
export async function withBearer(
  settings: HttpSettings,
  oauth2: Oauth2Settings,
  { io, send, refused }: { readonly io: ActionIo; readonly send: Send; readonly refused?: string | undefined },
): Promise<HttpSettings & { readonly auth: { readonly bearer: string } }> {
  const { token_url: url, client_id: id, client_secret: secret, scope, params, client_auth: way } = oauth2;
  // Known before anything can be said of it.
  io.report.hide(secret);
  const key = `oauth2 ${digestOf([url, id, secret, scope ?? null, params ?? null, way ?? null])}`;
  const create = () => new TokenStore(io.clock);
  const store = await openShared(io, { key, name: `the token of ${hostOf(url)}`, create });
  const token = await store.take(() => askToken(settings, oauth2, { io, send }), refused);
  io.report.hide(token);
  return { ...settings, auth: { bearer: token } };
}

async function askToken(
  settings: HttpSettings,
  oauth2: Oauth2Settings,
  { io, send }: { readonly io: ActionIo; readonly send: Send },
): Promise<Token> {
  const peer = `\`${hostOf(oauth2.token_url)}\``;
  try {
    const { response, answer } = await send(describeTokenRequest(oauth2, settings), besideStep(io));
    return readToken({ status: response.status, body: answer.result['body'] ?? null }, peer);
  } catch (error) {
    if (!(error instanceof ActionError) || error.problem.kind === 'auth') throw error;
    const message = `no token for \`auth.oauth2\`: ${error.problem.message}`;
    throw new ActionError({ ...error.problem, message }, { cause: error });
  }
}

/** The request for a token, on the way that the request that needs it goes. */
function describeTokenRequest(
  { token_url: url, client_id: id, client_secret: secret, scope, params, client_auth: way = 'basic' }: Oauth2Settings,
  { tls, proxy, timeout }: Pick<HttpSettings, 'tls' | 'proxy' | 'timeout'>,
): HttpSettings {
  const inBody = way === 'body';
  return {
    ...{ method: 'POST', url, tls, proxy, timeout, cookies: false },
    headers: { accept: 'application/json' },
    form: {
      grant_type: 'client_credentials',
      ...(scope !== undefined && { scope }),
      ...params,
      ...(inBody && { client_id: id, client_secret: secret }),
    },
    ...(!inBody && { auth: { basic: { username: encodePart(id), password: encodePart(secret) } } }),
  };
}

/** As a form encodes it, before the two are joined (RFC 6749, 2.3.1). */
function encodePart(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** What is said and measured of a step is about its own request. */
function besideStep(io: ActionIo): ActionIo {
  const { runId, flowId, flowName, traceId, others, directory, services } = io.facts;
  const { step, clock, stop, resources, memory, expressions, children } = io;
  const { hide } = io.report;
  const nothing = (): void => undefined;
  return {
    ...{ step, clock, stop, resources, memory, expressions, children },
    facts: { runId, flowId, flowName, traceId, others, directory, services },
    report: { hide, exchange: nothing, rejected: nothing, note: nothing, progress: nothing, log: nothing },
    mask: (text) => io.mask(text),
  };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'token_url';
}
