import type { Failure, FlowFailures } from './failures.ts';

/** From so many flows on that fail for one reason it is told once. */
const LEAST_ALIKE = 3;

/** Flows that fail for one reason: in the same place with the same text, or with the same text and the same values. */
export interface FailureGroup {
  readonly first: FlowFailures;
  readonly members: readonly FailedFlow[];
}

/** How many flows are in them. */
export function countMembers(groups: readonly FailureGroup[]): number {
  return groups.reduce((sum, { members }) => sum + members.length, 0);
}

/** One of them. */
export interface FailedFlow {
  readonly name: string;
  readonly file: string;
  readonly row: number | undefined;
  /** Of its first failure. */
  readonly place: string;
}

interface OpenGroup extends FailureGroup {
  readonly members: FailedFlow[];
  /** All that is known of the first few, which may be told each by itself. */
  readonly whole: FlowFailures[];
}

/** Gathers what is wrong with the flows of a run by its cause. */
export class FailureGroups {
  readonly #groups: OpenGroup[] = [];
  readonly #byKey = new Map<string, OpenGroup>();

  /** Gives how many others failed so before. */
  add(flow: FlowFailures): number {
    const keys = listKeys(flow);
    const known = keys.map((key) => this.#byKey.get(key)).find((group) => group !== undefined);
    const group = known ?? { first: flow, members: [], whole: [] };
    if (!known) this.#groups.push(group);
    for (const key of keys) if (!this.#byKey.has(key)) this.#byKey.set(key, group);
    const { name, file, row, failures } = flow;
    if (group.whole.length < LEAST_ALIKE) group.whole.push(flow);
    return group.members.push({ name, file, row, place: failures[0]?.place ?? file }) - 1;
  }

  /** In the order of the first of each; those that are too few to be told as one are one by one. */
  list(): readonly FailureGroup[] {
    return this.#groups.flatMap((group) => (group.members.length >= LEAST_ALIKE ? [group] : group.whole.map(alone)));
  }
}

/** Tells in which flows a step failed for a reason that is known already. */
export class KnownCauses {
  readonly #byKey = new Map<string, { readonly first: string; readonly flows: Set<number> }>();

  /** Gives the first flow that failed so, when several did before this one; `key` is the flow's position. */
  note(failure: Failure, flow: { readonly key: number; readonly name: string }): string | undefined {
    const keys = listKeys({ failures: [failure], more: 0 });
    const known = keys.map((key) => this.#byKey.get(key)).find((cause) => cause !== undefined);
    const cause = known ?? { first: flow.name, flows: new Set<number>() };
    for (const key of keys) if (!this.#byKey.has(key)) this.#byKey.set(key, cause);
    if (cause.flows.size >= LEAST_ALIKE && !cause.flows.has(flow.key)) return cause.first;
    cause.flows.add(flow.key);
    return undefined;
  }
}

function alone(first: FlowFailures): FailureGroup {
  const { name, file, row, failures } = first;
  return { first, members: [{ name, file, row, place: failures[0]?.place ?? file }] };
}

function listKeys({ failures, more }: Pick<FlowFailures, 'failures' | 'more'>): readonly string[] {
  const places = failures.map(({ outcome, place, text }) => [outcome, place, text]);
  const values = failures.map((failure) => failure.values);
  const inPlace = JSON.stringify(['place', more, places]);
  return values.includes(undefined) ? [inPlace] : [inPlace, JSON.stringify(['values', more, values])];
}

/** Numbers in words: `3, 7, 9-17`. */
export function writeRanges(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
