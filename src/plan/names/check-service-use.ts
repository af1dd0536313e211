import type { NameRef } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { KnownServices } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { placeOfKey } from './check-result-key.ts';

/** Checks `services.orders.url`; gives the service, undefined where it is not known before the run or not there. */
export function checkServiceName(ref: NameRef, known: KnownServices, findings: Findings): string | undefined {
  const [service, key] = ref.path;
  if (typeof service !== 'string') return undefined;
  const place = placeOfKey(ref.span, service);
  if (!isKnownService(service, place, { known, findings })) return undefined;
  const gives = known.get(service) ?? [];
  if (typeof key !== 'string' || gives.includes(key)) return service;
  const nearest = findNearest(key, gives);
  const help =
    gives.length === 0
      ? 'names that it gives are `url:`, and the groups of `ready: {log: "(?P<name>…)"}`'
      : nearest
        ? `did you mean \`services.${service}.${nearest}\`?`
        : `it gives ${listNames(gives)}`;
  findings.error(CODES.unknownName, `service \`${service}\` gives no \`${key}\``, placeOfKey(place, key), [help]);
  return service;
}

/** Whether testmesh.yaml has a service of this name; reported where not. */
export function isKnownService(
  name: string,
  span: Span,
  { known, findings }: { known: KnownServices; findings: Findings },
): boolean {
  if (known.has(name)) return true;
  const nearest = findNearest(name, known.keys());
  const help = nearest
    ? `did you mean \`${nearest}\`?`
    : known.size === 0
      ? 'services go under `services:` in testmesh.yaml, in the working directory or above it'
      : `the services are ${listNames([...known.keys()])}`;
  findings.error(CODES.unknownService, `there is no service \`${name}\``, span, [help]);
  return false;
}
