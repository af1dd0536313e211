import { COMPANION_KINDS, COMPANION_ROOTS, type CompanionRef } from '../../model/companions/companion.ts';
import type { NameRef } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import type { KnownCompanions, PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { placeOfKey } from './check-result-key.ts';
import type { CompanionNames, NameRecord } from './name-scope.ts';

const MOCKS = 'mocks';

/** The names under which a flow finds what testmesh.yaml says; those of kinds of which it has none are unknown. */
export function listCompanionRoots(known: KnownCompanions | undefined): readonly string[] {
  if (!known) return [];
  const kinds = COMPANION_KINDS.filter((kind) => known[kind].size > 0).map((kind) => COMPANION_ROOTS[kind]);
  return known.mocks.size > 0 ? [...kinds, MOCKS] : kinds;
}

/** The names that are not unknown: where testmesh.yaml cannot be read it may have any of them. */
export function listPossibleRoots(known: KnownCompanions | undefined): readonly string[] {
  return known?.isUnreadable ? [...Object.values(COMPANION_ROOTS), MOCKS] : listCompanionRoots(known);
}

/** What of it stands behind no name that the flow is given or makes itself; a variable that hides one is warned of. */
export function openCompanionNames(
  { declared }: PlannedFlow,
  known: KnownCompanions | undefined,
  { given, warn }: { given: readonly string[]; warn: (name: string, span: Span) => void },
): CompanionNames {
  const roots = new Set(listCompanionRoots(known));
  for (const { name, span } of declared) {
    if (roots.has(name)) warn(name, span);
    roots.delete(name);
  }
  for (const name of given) roots.delete(name);
  return { companions: known, companionRoots: roots, companionUses: [] };
}

/** Checks a name that may be of a companion, and keeps which one, so that it is started. */
export function noteCompanion(ref: NameRef, record: NameRecord, variable?: string): void {
  const { companions, companionRoots, companionUses, findings } = record;
  if (!companions || companions.isUnreadable || !companionRoots.has(ref.name)) return;
  if (ref.name === MOCKS) {
    checkMock(ref, companions, findings);
    return;
  }
  const { found, kind } = checkCompanionName(ref, companions, findings);
  if (!kind || (!found && typeof ref.path[0] === 'string')) return;
  companionUses.push({ kind, name: found?.name, span: ref.span, variable, isLate: ref.isLate });
}

/** Keeps what a setting of a step names, if it is no step; says whether it is known. */
export function noteMention(
  { id, kind, span }: PlannedStep['mentions'][number],
  step: PlannedStep,
  record: NameRecord,
): boolean {
  const { companions, companionUses, findings, allIds } = record;
  if (kind === undefined) return false;
  const isStep = kind !== 'service' && allIds.has(id);
  const isKnown = companions?.[kind].has(id) ?? false;
  if (isStep) {
    if (isKnown) warnHidden({ kind, name: id }, span, findings);
    return true;
  }
  if (companions?.isUnreadable) return true;
  if (!isKnown && kind !== 'service') return reportNeither({ kind, name: id }, span, record);
  if (!isKnownCompanion({ kind, name: id }, span, { known: companions, findings })) return true;
  companionUses.push({ kind, name: id, span });
  if (step.action.traits?.isAlone) step.uses.isAlone = true;
  return true;
}

/** Reports what is no step and nothing of testmesh.yaml, where that has any of the kind. */
function reportNeither(
  { kind, name }: CompanionRef,
  span: Span,
  { companions, allIds, findings }: NameRecord,
): boolean {
  const names = [...(companions?.[kind].keys() ?? [])];
  const nearest = findNearest(name, [...names, ...allIds]);
  if (names.length === 0 && nearest !== undefined) return false;
  const root = COMPANION_ROOTS[kind];
  const elsewhere = companions && suggestElsewhere({ kind, name }, companions);
  const help = elsewhere
    ? elsewhere
    : nearest
      ? `did you mean \`${nearest}\`?`
      : names.length > 0
        ? `testmesh.yaml has the ${root} ${listNames(names)}`
        : describeRoot(kind);
  findings.error(CODES.unknownName, `there is no step \`${name}\`, and no such ${kind} in testmesh.yaml`, span, [help]);
  return true;
}

/** Where companions of a kind stand, when there are none. */
function describeRoot(kind: CompanionRef['kind']): string {
  const root = COMPANION_ROOTS[kind];
  return `${root} go under \`${root}:\` in testmesh.yaml, in the working directory or above it`;
}

function warnHidden({ kind, name }: CompanionRef, span: Span, findings: Findings): void {
  const message = `\`${name}\` is a step of this flow, not the ${kind} of testmesh.yaml with that name`;
  findings.warn(CODES.shadowedName, message, span, ['another id keeps both in reach']);
}

/** Checks `services.orders.url`, `stubs.users.url`; `found` is undefined where it is not known before the run, or not there. */
export function checkCompanionName(
  ref: NameRef,
  known: KnownCompanions,
  findings: Findings,
): { kind?: CompanionRef['kind'] | undefined; found?: CompanionRef | undefined } {
  const kind = COMPANION_KINDS.find((one) => COMPANION_ROOTS[one] === ref.name);
  const [name, key] = ref.path;
  if (!kind || typeof name !== 'string') return { kind };
  const place = placeOfKey(ref.span, name);
  if (!isKnownCompanion({ kind, name }, place, { known, findings })) return { kind };
  const gives = known[kind].get(name);
  if (gives && typeof key === 'string' && !gives.includes(key)) {
    const help = suggestKey({ kind, name }, key, known);
    findings.error(CODES.unknownName, `${kind} \`${name}\` gives no \`${key}\``, placeOfKey(place, key), [help]);
  }
  return { kind, found: { kind, name } };
}

function suggestKey({ kind, name }: CompanionRef, key: string, known: KnownCompanions): string {
  const gives = known[kind].get(name) ?? [];
  const nearest = findNearest(key, gives);
  if (kind === 'service' && known.mocks.get(name)) return `its stub stands in for it (\`mocks\`), and gives \`url\``;
  if (gives.length === 0) return 'names that it gives are `url:`, and the groups of `ready: {log: "(?P<name>…)"}`';
  return nearest === undefined
    ? `it gives ${listNames(gives)}`
    : `did you mean \`${COMPANION_ROOTS[kind]}.${name}.${nearest}\`?`;
}

/** Whether testmesh.yaml has one of this name; reported where not. */
export function isKnownCompanion(
  { kind, name }: CompanionRef,
  span: Span,
  { known, findings }: { known: KnownCompanions | undefined; findings: Findings },
): boolean {
  const names = [...(known?.[kind].keys() ?? [])];
  if (names.includes(name)) return true;
  const root = COMPANION_ROOTS[kind];
  const nearest = findNearest(name, names);
  const elsewhere = known && suggestElsewhere({ kind, name }, known);
  const help = elsewhere
    ? elsewhere
    : nearest
      ? `did you mean \`${nearest}\`?`
      : names.length === 0
        ? describeRoot(kind)
        : `the ${root} are ${listNames(names)}`;
  findings.error(CODES.unknownService, `there is no ${kind} \`${name}\``, span, [help]);
  return false;
}

const WRITTEN_OUT = /^(?:\{\{\s*)?(?:services|stubs|proxies)\.([\w-]+)(?:\.\w+)?(?:\s*\}\})?$/;

/** What is meant by a name that is written as expressions read it, or that is one of another kind. */
function suggestElsewhere({ kind, name }: CompanionRef, known: KnownCompanions): string | undefined {
  const bare = WRITTEN_OUT.exec(name)?.[1] ?? name;
  if (bare !== name && known[kind].has(bare)) return `write the name alone: \`${bare}\``;
  const other = COMPANION_KINDS.find((one) => one !== kind && known[one].has(bare));
  return (
    other &&
    `\`${bare}\` is a ${other} of testmesh.yaml, not a ${kind}: it is read as \`${COMPANION_ROOTS[other]}.${bare}\``
  );
}

/** Checks `mocks.orders`. */
function checkMock({ path: [name], span }: NameRef, { mocks }: KnownCompanions, findings: Findings): void {
  if (typeof name !== 'string' || mocks.has(name)) return;
  const nearest = findNearest(name, mocks.keys());
  const help = nearest ? `did you mean \`mocks.${nearest}\`?` : `\`mocks\` has ${listNames([...mocks.keys()])}`;
  findings.error(CODES.unknownName, `\`mocks\` has no \`${name}\``, placeOfKey(span, name), [help]);
}
