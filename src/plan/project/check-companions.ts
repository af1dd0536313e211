import {
  COMPANION_ROOTS,
  type CompanionRef,
  describeCompanion,
  keyOfCompanion,
} from '../../model/companions/companion.ts';
import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { NameRef } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import { findNearest } from '../../util/suggest.ts';
import { checkCompanionName, isKnownCompanion } from '../names/check-companion-use.ts';
import { checkNames } from '../names/resolve-names.ts';
import type { KnownCompanions } from '../read/context.ts';
import { CODES, Findings } from '../read/findings.ts';
import type {
  ProjectContext,
  WrittenMocks,
  WrittenNames,
  WrittenService,
  WrittenStarter,
} from './written-companion.ts';

const ROOTS: readonly string[] = Object.values(COMPANION_ROOTS);

/** All that testmesh.yaml has, before it is known what needs what. */
export interface WrittenCompanions {
  readonly services: readonly WrittenService[];
  readonly starters: readonly WrittenStarter[];
  readonly mocks: WrittenMocks;
  readonly names: WrittenNames;
}

/** What flows and companions may name of it. A service whose stub stands in for it gives what that can. */
export function listKnown({ services, starters, mocks, names }: WrittenCompanions): KnownCompanions {
  const gives = new Map<string, readonly string[]>(starters.map((one) => [keyOfCompanion(one), one.gives]));
  for (const { kind, name, gives: all, isBroken } of services) {
    const ofStub = all.filter((key) => key === 'url');
    if (!isBroken) gives.set(keyOfCompanion({ kind, name }), mocks.get(name)?.isOn ? ofStub : all);
  }
  const listOf = (kind: CompanionRef['kind']) =>
    new Map(names[kind].map((name) => [name, gives.get(keyOfCompanion({ kind, name }))]));
  return {
    ...{ service: listOf('service'), stub: listOf('stub'), proxy: listOf('proxy') },
    mocks: new Map([...mocks].map(([name, { isOn }]) => [name, isOn])),
  };
}

/** Checks what they read and need of each other; gives them each behind those that it needs. */
export function checkCompanions(
  written: WrittenCompanions,
  known: KnownCompanions,
  context: ProjectContext,
): readonly ProjectCompanion[] {
  const fixedUrls = new Set(written.services.flatMap(({ name, hasFixedUrl }) => (hasFixedUrl ? [name] : [])));
  const about = { known, fixedUrls, context };
  // The stub of one that is mocked stands in for it.
  const services = written.services.filter(({ name }) => !known.mocks.get(name));
  const all = [
    ...services.map((service) => checkService(service, about)),
    ...written.starters.map((starter) => checkStarter(starter, about)),
  ];
  return sortByNeeds(all, context.findings);
}

interface Need extends CompanionRef {
  readonly span: Span;
  /** What is read of it. */
  readonly key?: string | number | undefined;
  /** Whether it is asked later, and need not be ready before. */
  readonly isLate?: boolean | undefined;
}

interface Needing {
  readonly plan: ProjectCompanion;
  readonly needs: readonly Need[];
}

interface Knowing {
  readonly known: KnownCompanions;
  /** The services whose `url` is the same in every run. */
  readonly fixedUrls: ReadonlySet<string>;
  readonly context: ProjectContext;
}

function checkService(service: WrittenService, about: Knowing): Needing {
  const { known, context } = about;
  const named = service.written.flatMap(({ name, span }): Need[] =>
    isKnownCompanion({ kind: 'service', name }, span, { known, findings: context.findings })
      ? [{ kind: 'service', name, span }]
      : [],
  );
  const outside = new Findings();
  const read = service.refs.flatMap((ref) => checkRef(ref, { ...about, outside }) ?? []);
  const follows = read.filter((need) => !isFixed(need, about)).map(keyOfCompanion);
  return { plan: { ...service, missing: outside.list, follows }, needs: standIn([...named, ...read], known) };
}

/** Whether what is read of it is the same in every run. */
function isFixed({ kind, name, key }: Need, { fixedUrls, known }: Knowing): boolean {
  return kind === 'service' && key === 'url' && fixedUrls.has(name) && !known.mocks.get(name);
}

/** Checks a name in the settings of a service; gives the companion that has to be ready for it. */
function checkRef(ref: NameRef, { known, context, outside }: Knowing & { outside: Findings }): Need | undefined {
  const { findings, givenNames } = context;
  const { name, span } = ref;
  if (ROOTS.includes(name)) {
    const { found } = checkCompanionName(ref, known, findings);
    return found && { ...found, span, key: ref.path[1] };
  }
  if (name === 'RUN_ID' || name === 'mocks' || givenNames.has(name)) return undefined;
  const nearest = findNearest(name, [...ROOTS, 'RUN_ID']);
  if (nearest) findings.error(CODES.unknownName, `unknown name \`${name}\``, span, [`did you mean \`${nearest}\`?`]);
  else outside.add([describeOutside(ref, givenNames)]);
  return undefined;
}

function checkStarter(starter: WrittenStarter, { known, context }: Knowing): Needing {
  const { givenNames, findings } = context;
  const options = { givenNames, calledWith: new Set<string>(), companions: known };
  const { missing, used, companionUses } = checkNames(starter.flow, options, findings);
  const needs = companionUses.flatMap(({ kind, name, span, isLate }): Need[] =>
    (name === undefined ? [...known[kind].keys()] : [name])
      .filter((one) => kind !== starter.kind || one !== starter.name || name !== undefined)
      .map((one) => ({ kind, name: one, span, isLate })),
  );
  const reads = [...starter.reads, ...used, ...starter.flow.declared.map((variable) => variable.name)];
  const outside = missing.map((ref) => describeOutside(ref, givenNames));
  return { plan: { ...starter, reads, missing: outside }, needs: standIn(needs, known) };
}

function describeOutside({ name, span }: NameRef, givenNames: ReadonlySet<string>): Diagnostic {
  const nearest = findNearest(name, givenNames);
  return {
    severity: 'error',
    code: CODES.outsideValue,
    message: `\`${name}\` comes from outside, and nothing gives it`,
    span,
    help: [
      ...(nearest === undefined ? [] : [`did you mean \`${nearest}\`?`]),
      `set \`${name}\` in the shell, or give it with \`--var ${name}=…\`, \`--secret ${name}=…\` or \`--env-file\``,
    ],
  };
}

/** What needs a service that is mocked needs its stub. */
function standIn(needs: readonly Need[], { mocks }: KnownCompanions): readonly Need[] {
  return needs.map((need) => (need.kind === 'service' && mocks.get(need.name) ? { ...need, kind: 'stub' } : need));
}

/** Each behind those that it needs; a circle is reported, at the need that closes it. */
function sortByNeeds(all: readonly Needing[], findings: Findings): readonly ProjectCompanion[] {
  const byKey = new Map(all.map((one) => [keyOfCompanion(one.plan), one]));
  const sorted = new Map<string, ProjectCompanion>();
  const visit = ({ plan, needs }: Needing, trail: readonly CompanionRef[]): void => {
    const own = keyOfCompanion(plan);
    if (sorted.has(own)) return;
    const around = [...trail, plan];
    const kept = needs.filter((need) => {
      const at = around.findIndex((one) => keyOfCompanion(one) === keyOfCompanion(need));
      if (need.isLate || at === -1) return true;
      const circle = [...around.slice(at), need].map(nameInCircle).join(' → ');
      findings.error(CODES.circularNeeds, `services need each other in a circle: ${circle}`, need.span, [
        'remove one of the needs',
      ]);
      return false;
    });
    const now = kept.filter(({ isLate }) => !isLate);
    for (const need of now) {
      const next = byKey.get(keyOfCompanion(need));
      if (next) visit(next, around);
    }
    const keys = (list: readonly Need[]): readonly string[] => [...new Set(list.map(keyOfCompanion))];
    sorted.set(own, { ...plan, needs: keys(now), asks: keys(kept.filter(({ isLate }) => isLate)) });
  };
  for (const one of all) visit(one, []);
  return [...sorted.values()];
}

/** Most circles are of services. */
function nameInCircle(one: CompanionRef): string {
  return one.kind === 'service' ? one.name : describeCompanion(one).replaceAll('`', '');
}
