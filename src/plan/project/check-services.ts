import type { NameRef } from '../../model/plan.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import type { Span } from '../../model/source-file.ts';
import { findNearest } from '../../util/suggest.ts';
import { checkServiceName, isKnownService } from '../names/check-service-use.ts';
import type { KnownServices } from '../read/context.ts';
import { CODES, Findings } from '../read/findings.ts';
import type { ServiceContext, WrittenService } from './written-service.ts';

/** Names that come with a later version. */
const LATER_NAMES: ReadonlySet<string> = new Set(['stubs', 'proxies']);

/** Checks what services read and need of each other; gives them each behind those that it needs. */
export function checkServices(written: readonly WrittenService[], context: ServiceContext): readonly ServicePlan[] {
  const known = new Map(written.map(({ name, gives }) => [name, gives]));
  const services = written.map((service): Needing => {
    const named = service.written.filter(({ name, span }) =>
      isKnownService(name, span, { known, findings: context.findings }),
    );
    const outside = new Findings();
    const read = service.refs.flatMap((ref) => checkRef(ref, { known, context, outside }) ?? []);
    return { plan: { ...service, missing: outside.list }, needs: [...named, ...read] };
  });
  return sortByNeeds(services, context.findings);
}

interface Need {
  readonly name: string;
  readonly span: Span;
}

interface Needing {
  readonly plan: ServicePlan;
  readonly needs: readonly Need[];
}

interface Knowing {
  readonly known: KnownServices;
  readonly context: ServiceContext;
  /** Hears of names that only a start of the service needs. */
  readonly outside: Findings;
}

/** Checks a name in the settings; gives the service that has to be ready for it. */
function checkRef(ref: NameRef, { known, context, outside }: Knowing): Need | undefined {
  const { findings, givenNames } = context;
  const { name, span } = ref;
  if (name === 'services') {
    const service = checkServiceName(ref, known, findings);
    return service === undefined ? undefined : { name: service, span };
  }
  if (name === 'RUN_ID' || givenNames.has(name)) return undefined;
  if (LATER_NAMES.has(name)) {
    findings.error(CODES.notInThisVersion, `\`${name}\` is not in this version: it comes with a later one`, span);
    return undefined;
  }
  const nearest = findNearest(name, ['services', 'RUN_ID']);
  if (nearest) findings.error(CODES.unknownName, `unknown name \`${name}\``, span, [`did you mean \`${nearest}\`?`]);
  else
    outside.error(CODES.outsideValue, `\`${name}\` comes from outside, and nothing gives it`, span, [
      ...suggest(findNearest(name, givenNames)),
      `set \`${name}\` in the shell, or give it with \`--var ${name}=…\`, \`--secret ${name}=…\` or \`--env-file\``,
    ]);
  return undefined;
}

function suggest(nearest: string | undefined): readonly string[] {
  return nearest === undefined ? [] : [`did you mean \`${nearest}\`?`];
}

/** Each behind those that it needs; a circle is reported, at the need that closes it. */
function sortByNeeds(services: readonly Needing[], findings: Findings): readonly ServicePlan[] {
  const byName = new Map(services.map((service) => [service.plan.name, service]));
  const sorted = new Map<string, ServicePlan>();
  const visit = ({ plan, needs }: Needing, trail: readonly string[]): void => {
    if (sorted.has(plan.name)) return;
    const around = [...trail, plan.name];
    const kept = needs.filter(({ name, span }) => {
      if (!around.includes(name)) return true;
      const circle = [...around.slice(around.indexOf(name)), name].join(' → ');
      findings.error(CODES.circularNeeds, `services need each other in a circle: ${circle}`, span, [
        'remove one of the needs',
      ]);
      return false;
    });
    for (const { name } of kept) {
      const next = byName.get(name);
      if (next) visit(next, around);
    }
    sorted.set(plan.name, { ...plan, needs: [...new Set(kept.map(({ name }) => name))] });
  };
  for (const service of services) visit(service, []);
  return [...sorted.values()];
}
