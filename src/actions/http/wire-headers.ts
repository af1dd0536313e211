import type { StepTrace } from '../../model/action/step-trace.ts';
import { chooseTraceHeaders, type GivenHeader, type TraceHeaders } from '../settings/trace-headers.ts';
import type { HttpSettings } from './http-settings.ts';
import type { WireRequest } from './request.ts';

/** Gives the headers of a request as they go to its address, names and values in turn: its own, and those of the flow's trace. */
export function planWireHeaders(
  { headers: given }: Pick<HttpSettings, 'headers'>,
  trace: StepTrace,
): (request: Pick<WireRequest, 'url' | 'headers'>) => string[] {
  const own = { traceparent: readGiven(given, 'traceparent'), baggage: readGiven(given, 'baggage') };
  return ({ url, headers }) => {
    const isTraced = trace.reaches(url.hostname, readPort(url), url.protocol.slice(0, -1));
    const { traceparent, baggage }: TraceHeaders = isTraced ? chooseTraceHeaders(trace, own) : {};
    const isJoined = baggage !== undefined && own.baggage !== undefined;
    const texts: string[] = [];
    for (const [name, value] of headers) {
      if (!isJoined || name.toLowerCase() !== 'baggage') texts.push(name, value);
    }
    if (traceparent !== undefined) texts.push('traceparent', traceparent);
    if (baggage !== undefined) texts.push('baggage', baggage);
    return texts;
  };
}

/** What the settings say of a header, in any case; several values are one, as they mean. */
function readGiven(headers: HttpSettings['headers'], name: string): GivenHeader {
  if (!headers) return undefined;
  const values = Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
  if (values.length === 0) return undefined;
  const texts = values.flat().filter((value) => value !== null);
  return texts.length === 0 ? null : texts.join(',');
}

function readPort({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
