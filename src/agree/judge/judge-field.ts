import type { Value } from '../../expr/index.ts';
import { isNumber, toDouble } from '../../expr/index.ts';
import { groupBy } from '../../util/group-by.ts';
import type { Bearing, Look, Root } from '../read/look.ts';
import { type FieldKind, isBeginning, kindOfName } from '../words/field-name.ts';
import { compareSaid, isDate } from '../words/same-value.ts';
import type { Course } from './course.ts';

/** One place where a field of a thing has a value. */
export interface Occurrence {
  readonly look: Look;
  readonly root: Pick<Root, 'kind' | 'source' | 'title'>;
  readonly bearing: Bearing;
  readonly isEmbedded: boolean;
  /** As it is written there. */
  readonly written: string;
  readonly path: string;
  readonly value: Value;
}

/** Two places that do not say the same, the earlier first. */
export interface Difference {
  readonly first: Occurrence;
  readonly second: Occurrence;
}

/** What became of a field: which of its places were compared, and the first two that differ. */
export interface Judgement {
  readonly compared: readonly Occurrence[];
  readonly difference?: Difference | undefined;
  /** Why places were left out. */
  readonly reason?: string | undefined;
}

export interface JudgeOptions {
  readonly course: Course;
  /** Of an item: what its numbers are. */
  readonly numbers?: 'amount' | undefined;
  /** Whether somebody says that it is the same at any time. */
  readonly isFixed: boolean;
}

/** Compares all places of one field that say what it is at one time. */
export function judgeField(name: string, all: readonly Occurrence[], options: JudgeOptions): Judgement {
  const last = all.filter(({ look }) => !look.isReplaced);
  if (options.isFixed)
    return compareAll(
      last.filter(({ bearing }) => bearing !== 'aside'),
      true,
    );
  const kind = kindOf(name, last, options);
  if (kind === 'skipped') return { compared: [], reason: 'a time or version of its own in each place' };
  if (isChanging(all)) return { compared: [], reason: 'two looks at one place show it changing' };
  const admitted = last.filter(
    (place) => !isAnswered(place, last) && isAdmitted(name, kind, { place, course: options.course }),
  );
  const groups = groupByTime(name, kind, { places: admitted, course: options.course });
  const judged = [...groups.values()].map((group) => compareAll(group, false));
  const late = compareLateMessages(kind, admitted, options.course);
  const compared = [...judged.filter((one) => one.compared.length > 1).flatMap((one) => one.compared)];
  const difference = judged.find((one) => one.difference)?.difference ?? late;
  return { compared, difference, reason: compared.length < 2 ? 'not seen twice at one time' : undefined };
}

function compareAll(places: readonly Occurrence[], isStrict: boolean): Judgement {
  const distinct: Occurrence[] = [];
  for (const place of places) {
    const results = distinct.map((other) => compareSaid(other.value, place.value, { isStrict }));
    const at = results.indexOf('different');
    const other = distinct[at];
    if (other) return { compared: places, difference: { first: other, second: place } };
    if (!results.includes('same')) distinct.push(place);
  }
  return { compared: places };
}

/** What a field holds, by its name and by what stands in it. */
function kindOf(name: string, places: readonly Occurrence[], { numbers }: JudgeOptions): FieldKind {
  const written = places[0]?.written ?? name;
  const byName = kindOfName(written.split('.').at(-1) ?? written);
  if (byName === 'skipped' || byName === 'state') return byName;
  const values = places.map(({ value }) => value);
  if (values.some((value) => typeof value === 'boolean')) return 'state';
  if (values.some(isDate)) return isBeginning(written) ? 'time' : 'skipped';
  if (byName !== 'text' || !values.some((value) => isNumber(value))) return byName;
  return numbers ?? 'number';
}

/** Whether two looks at the same place show different values; of messages all are one place, since each is of another time. */
function isChanging(places: readonly Occurrence[]): boolean {
  const looks = places.filter(
    ({ root, bearing, isEmbedded }) => !isEmbedded && bearing !== 'aside' && root.kind !== 'request',
  );
  const bySource = groupBy(looks, ({ root }) => root.source);
  return [...bySource.values()].some((seen) =>
    seen.some(({ value }) => compareSaid(value, seen[0]?.value ?? null, { isStrict: true }) === 'different'),
  );
}

/** A request whose own answer says what it came to: that may be something else, and rightly so. */
function isAnswered({ look, root }: Occurrence, places: readonly Occurrence[]): boolean {
  return root.kind === 'request' && places.some((other) => other.look === look && other.root.kind === 'answer');
}

interface Admission {
  readonly place: Occurrence;
  readonly course: Course;
}

/** Whether a place is one by which a field of this kind can be judged. */
function isAdmitted(name: string, kind: FieldKind, { place, course }: Admission): boolean {
  const { look, root, bearing, isEmbedded, value } = place;
  const stand = course.standAt(look);
  if (value === null || course.isBeside(look)) return false;
  if (isEmbedded && stand.epoch > 0) return false;
  const isLoose = kind === 'state' || kind === 'number';
  if (root.kind === 'message' && course.countWaits(name, look) > 0) return false;
  // What is waited for in one place changes by itself in all.
  if (isLoose && (stand.quiet === undefined || course.countWaits(name) > 0)) return false;
  if (kind === 'amount' && stand.isPending && root.kind !== 'message') return false;
  if (root.kind === 'request') return kind === 'reference' || kind === 'amount';
  if (root.kind === 'answer') return !saysHowItWent(name, value);
  if (root.kind !== 'message') return true;
  if (kind === 'time') return false;
  if (bearing === 'created') return !isLoose || stand.epoch === 0;
  if (bearing === 'state') return !isLoose;
  if (bearing === 'changed') return kind === 'reference' || (!isLoose && stand.epoch > 0);
  return kind === 'reference';
}

/** Whether an answer speaks of itself, and not of the thing: `{"status": "success", "id": …}`. */
function saysHowItWent(name: string, value: Value): boolean {
  if (!/^(?:status|code|result|outcome)$/.test(name)) return false;
  if (isNumber(value)) return toDouble(value) >= 100 && toDouble(value) < 600;
  return (
    typeof value === 'string' &&
    /^(?:ok|success|successful|succeeded|created|updated|accepted|done|error)$/i.test(value)
  );
}

/** Places that say how it is at one time: between two requests that name the thing. */
function groupByTime(
  name: string,
  kind: FieldKind,
  { places, course }: { places: readonly Occurrence[]; course: Course },
): ReadonlyMap<string, Occurrence[]> {
  return groupBy(places, (place) => {
    if (isLate(kind, place, course)) return undefined;
    if (kind === 'time') return 'always';
    if (kind === 'state' || kind === 'number') return `quiet ${course.standAt(place.look).quiet}`;
    return `epoch ${epochOf(kind, place, course)}, wait ${course.countWaits(name, place.look)}`;
  });
}

/** A message may have been written before the request after which it was read. */
function isLate(kind: FieldKind, place: Occurrence, course: Course): boolean {
  return place.root.kind === 'message' && kind !== 'state' && kind !== 'number' && epochOf(kind, place, course) > 0;
}

/** Between which requests it was that could change such a field. */
function epochOf(kind: FieldKind, { look }: Occurrence, course: Course): number {
  const { epoch, amounts } = course.standAt(look);
  return kind === 'amount' ? amounts : epoch;
}

/** Such a message has to say what was so at some time, where it is known how it was at each. */
function compareLateMessages(kind: FieldKind, places: readonly Occurrence[], course: Course): Difference | undefined {
  for (const second of places) {
    if (!isLate(kind, second, course)) continue;
    const epoch = epochOf(kind, second, course);
    const others = places.filter(({ root }) => root.kind !== 'message');
    const epochs = new Set(others.map((other) => epochOf(kind, other, course)));
    const areKnown = Array.from({ length: epoch + 1 }, (_, at) => at).every((at) => epochs.has(at));
    const isRight = others.some(({ value }) => compareSaid(value, second.value, { isStrict: false }) !== 'different');
    const nearest = others.findLast(({ look }) => look.index < second.look.index) ?? others[0];
    if (areKnown && !isRight && nearest)
      return nearest.look.index < second.look.index ? { first: nearest, second } : { first: second, second: nearest };
  }
  return undefined;
}
