import type { Arrival } from '../../actions/stub/received.ts';
import { readRequest } from '../../actions/stub/received.ts';
import type { FaultSettings } from '../../actions/stub/stub-settings.ts';
import { isMap, showInvisible, type Value } from '../../expr/index.ts';
import { COMPANION_KINDS, COMPANION_ROOTS } from '../../model/companions/companion.ts';
import type { ServicesInUse } from '../../model/companions/services-in-use.ts';
import { hideFields } from '../../util/hidden-fields.ts';
import type { Paint } from '../../util/paint.ts';

/** What a stub did with a request. */
export interface Traffic {
  readonly arrival: Arrival;
  readonly status: number;
  readonly fault: FaultSettings | undefined;
  readonly ms: number;
}

/** The addresses of what runs, under the names by which flows know them. */
export function describeAddresses({ values }: Pick<ServicesInUse, 'values'>): readonly string[] {
  const lines = COMPANION_KINDS.flatMap((kind) =>
    listEntries(values[COMPANION_ROOTS[kind]]).flatMap(([name, given]) => {
      const all = listEntries(given).filter(([key]) => kind === 'service' || key === 'url');
      const root = `${COMPANION_ROOTS[kind]}.${name}`;
      return all.length === 0 ? [[root, 'is ready']] : all.map(([key, value]) => [`${root}.${key}`, String(value)]);
    }),
  );
  const width = Math.max(0, ...lines.map(([name = '']) => name.length));
  return lines.map(([name = '', value]) => ` ${name.padEnd(width)}  ${value}`);
}

/** A line of something that runs: `orders │ listening`. */
export function describeLine(name: string, text: string, paint: Paint): string {
  return `${paint.dim(`${name} │`)} ${showInvisible(text)}`;
}

/** `GET /users/7 → 200 in 1 ms`. */
export function describeTraffic({ arrival, status, fault, ms }: Traffic): string {
  const { method, path } = readRequest(arrival);
  const what = fault === undefined ? String(status) : nameFault(fault);
  return `${method} ${hideFields(path)} → ${what} in ${Math.round(ms)} ms`;
}

function nameFault(fault: FaultSettings): string {
  return typeof fault === 'string' ? fault : (Object.keys(fault)[0] ?? 'fault');
}

function listEntries(value: Value | undefined): readonly [string, Value][] {
  return value !== undefined && isMap(value) ? Object.entries(value) : [];
}
