import type { Location, Problem } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import { groupBy } from '../../util/group-by.ts';
import { takeShown } from '../../util/take-shown.ts';
import type { Attribution } from './attribution.ts';
import { countEffects, describeEffect, type Effect, isMine, type SeenEffect } from './effect.ts';
import type { EffectsSettings } from './effects-settings.ts';
import {
  type Counts,
  compareCounts,
  describeCounts,
  describeExpectation,
  type Expectation,
  NOTHING,
  readExpectation,
} from './expectation.ts';
import { findByName, matchesName } from './name-pattern.ts';

const SHOWN = 10;

/** What was looked at, and what was seen. */
export interface Sightings {
  /** Tables and topics by the names that reports give them. */
  readonly places: ReadonlyMap<string, Place>;
  /** What may be the flow's, or of somebody else. */
  readonly others: readonly Effect[];
  /** What the flow's own queries and messages did. */
  readonly own: readonly Effect[];
}

export interface Place {
  readonly noun: 'row' | 'message';
  /** Another name that it may be called. */
  readonly key: string;
  /** Whether rows were only counted. */
  readonly isCounted: boolean;
}

export interface Verdict {
  readonly problems: readonly Problem[];
  /** The tables and topics that these are of. */
  readonly reported: ReadonlySet<string>;
  readonly seen: readonly SeenEffect[];
  /** Whether it is all that is wrong that something has not come. */
  readonly isWaiting: boolean;
  /** The same for two looks that saw the same. */
  readonly signature: string;
}

export interface JudgeOptions {
  readonly settings: Pick<EffectsSettings, 'tables' | 'topics' | 'others' | 'ignore'>;
  readonly attribute: (effect: Effect) => Attribution;
  /** Whether what has not come is not missed. */
  readonly isForgiving: boolean;
  /** Where it is said what may be, by the path of the setting. */
  readonly locate: (path: readonly string[]) => Location;
}

/** Holds what was seen against what may be. */
export function judgeEffects(sightings: Sightings, options: JudgeOptions): Verdict {
  const seen: SeenEffect[] = sightings.own.map((effect) => ({ effect, standing: 'own' }));
  const problems: Problem[] = [];
  const reported = new Set<string>();
  let isWaiting = true;
  const byPlace = groupBy(sightings.others, ({ place }) => place);
  for (const [name, place] of sightings.places) {
    const judged = judgePlace({ name, ...place }, byPlace.get(name) ?? [], options);
    seen.push(...judged.seen);
    problems.push(...judged.problems);
    if (judged.problems.length === 0) continue;
    reported.add(name);
    if (!judged.isOnlyMissing) isWaiting = false;
  }
  const mine = seen.filter(isMine);
  const signature = mine
    .map(({ effect }) => `${effect.place} ${effect.what} ${effect.text} ${effect.number}`)
    .join('\n');
  return { problems, reported, seen, isWaiting: isWaiting && problems.length > 0, signature };
}

interface JudgedPlace {
  readonly seen: readonly SeenEffect[];
  readonly problems: readonly Problem[];
  readonly isOnlyMissing: boolean;
}

function judgePlace(
  place: Place & { readonly name: string },
  effects: readonly Effect[],
  options: JudgeOptions,
): JudgedPlace {
  const found = findExpectation(place, options);
  const { expected, path } = found;
  if (typeof expected === 'string')
    return { seen: effects.map((effect) => ({ effect, standing: expected })), problems: [], isOnlyMissing: false };
  const answers = effects.map((effect) => ({ effect, answer: options.attribute(effect) }));
  const ofOthers = answers.flatMap(({ effect, answer }) => (answer === false ? [effect] : []));
  const mine = answers.flatMap(({ effect, answer }) => (answer === false ? [] : [effect]));
  const got = countEffects(mine);
  const { tooMany, tooFew } = compareCounts(expected, got);
  const isWrong = tooMany.length > 0 || (tooFew.length > 0 && !options.isForgiving);
  const untold = answers.flatMap(({ answer }) => (typeof answer === 'string' ? [answer] : []));
  const isUnknown = place.isCounted && expected.changed.atLeast > 0;
  const problem =
    untold.length > 0
      ? options.isForgiving
        ? undefined
        : describeUntold(place, untold)
      : isUnknown
        ? describeOnlyCounted(place)
        : isWrong
          ? describeWrong(place, { expected, got, mine, ofOthers })
          : undefined;
  const isUnexpected = ({ what }: Effect): boolean => isWrong && tooMany.includes(what);
  return {
    seen: [
      ...mine.map((effect): SeenEffect => ({ effect, standing: isUnexpected(effect) ? 'unexpected' : 'expected' })),
      ...ofOthers.map((effect): SeenEffect => ({ effect, standing: 'of_others' })),
    ],
    problems: problem ? [{ ...problem, location: path && options.locate(path) }] : [],
    isOnlyMissing: untold.length === 0 && !isUnknown && tooMany.length === 0,
  };
}

interface Found {
  /** What may happen at a place; a word where that is nobody's to say. */
  readonly expected: Expectation | 'ignored' | 'unjudged';
  /** The setting that says so. */
  readonly path?: readonly string[];
}

function findExpectation({ name, key, noun }: Place & { readonly name: string }, { settings }: JudgeOptions): Found {
  const { tables = {}, topics = {}, ignore = [], others = 'none' } = settings;
  const entries: Readonly<Record<string, Parameters<typeof readExpectation>[0]>> = noun === 'row' ? tables : topics;
  const isNamed = Object.hasOwn(entries, name);
  if (!isNamed && ignore.some((pattern) => matchesName(pattern, key) || matchesName(pattern, name)))
    return { expected: 'ignored' };
  const entry = findByName(isNamed ? name : key, Object.keys(entries));
  const change = entry === undefined ? undefined : entries[entry];
  if (entry !== undefined && change !== undefined)
    return { expected: readExpectation(change), path: [noun === 'row' ? 'tables' : 'topics', entry] };
  if (others === 'any') return { expected: 'unjudged' };
  return settings.others === undefined ? { expected: NOTHING } : { expected: NOTHING, path: ['others'] };
}

function describeWrong(
  { name, noun }: Place & { readonly name: string },
  about: { expected: Expectation; got: Counts; mine: readonly Effect[]; ofOthers: readonly Effect[] },
): Problem {
  const { expected, got, mine, ofOthers } = about;
  const head = `\`${name}\`: expected ${describeExpectation(expected, noun)}, got ${describeCounts(got, noun)}`;
  const { shown, hidden } = takeShown(mine.map(describeEffect), SHOWN);
  const lines = [head, ...shown.map((line) => `  ${line}`), ...(hidden > 0 ? [`  … and ${hidden} more`] : [])];
  const [other] = ofOthers;
  const hint =
    other && `${countOf(ofOthers.length, 'more change')} of it that \`where\` does not take: ${describeEffect(other)}`;
  return { outcome: 'failed', kind: 'expectation', message: lines.join('\n'), hints: hint ? [hint] : [] };
}

function describeUntold({ name }: { readonly name: string }, reasons: readonly string[]): Problem {
  const [first = ''] = reasons;
  const what = countOf(reasons.length, 'change');
  const message = `\`${name}\`: it cannot be told whether ${what} ${reasons.length === 1 ? 'is' : 'are'} this flow's: ${first}`;
  const hints = ['`where` may name the table or topic: `where: { shop.products: record.id == product_id }`'];
  return { outcome: 'errored', kind: 'expectation', message, hints };
}

function describeOnlyCounted({ name }: { readonly name: string }): Problem {
  const message = `\`${name}\` has more rows than \`max_rows\`: they are only counted, and whether one changed is not known`;
  return { outcome: 'errored', kind: 'expectation', message, hints: ['raise `max_rows`'] };
}
