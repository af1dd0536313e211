import type { StepTrace } from '../../model/action/step-trace.ts';
import { chooseTraceHeaders, type GivenHeader, type TraceHeaders } from '../settings/trace-headers.ts';
import type { HttpSettings } from './http-settings.ts';
import type { WireRequest } from './request.ts';
import type { WireUrl } from './wire-url.ts';

const NONE: TraceHeaders = {};
const NOT_GIVEN = { traceparent: undefined, baggage: undefined };

/** The headers of a request as they go to its address, names and values in turn: its own, and those of the flow's trace. */
export function writeWireHeaders(
  { url, headers }: Pick<WireRequest, 'url' | 'headers'>,
  { headers: given }: Pick<HttpSettings, 'headers'>,
  trace: StepTrace,
): string[] {
  const own = given
    ? { traceparent: readGiven(given, 'traceparent'), baggage: readGiven(given, 'baggage') }
    : NOT_GIVEN;
  const isTraced = trace.reaches(url.hostname, readPort(url), url.protocol.slice(0, -1));
  const { traceparent, baggage } = isTraced ? chooseTraceHeaders(trace, own) : NONE;
  const isJoined = baggage !== undefined && own.baggage !== undefined;
  const texts: string[] = [];
  for (const [name, value] of headers) {
    if (!isJoined || name.toLowerCase() !== 'baggage') texts.push(name, value);
  }
  if (traceparent !== undefined) texts.push('traceparent', traceparent);
  if (baggage !== undefined) texts.push('baggage', baggage);
  return texts;
}

/** What the settings say of a header, in any case; several values are one, as they mean. */
function readGiven(headers: NonNullable<HttpSettings['headers']>, name: string): GivenHeader {
  const values = Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
  if (values.length === 0) return undefined;
  const texts = values.flat().filter((value) => value !== null);
  return texts.length === 0 ? null : texts.join(',');
}

function readPort({ port, protocol }: WireUrl): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
