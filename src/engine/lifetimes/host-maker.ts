import type { Host } from '../../expr/index.ts';
import type { Random } from '../names/random.ts';

/** What functions read from outside of flows, the same for all that run in a directory. */
export type OuterServices = Readonly<Record<string, unknown>>;

type HostClass = new (random: Random, stream: string, onDerive: Host['onDerive']) => Host;

/** One class for what is shared: objects of which each user has another prototype are slow to make and to read, and take memory. */
const classes = new WeakMap<OuterServices, HostClass>();

/** Gives what makes the services of one evaluation stream, of those that all evaluations of a flow share; what functions make of secrets may go to its session alone. */
export function createHostMaker(
  shared: OuterServices,
  random: Random,
  onDerive = shared['onDerive'] as Host['onDerive'],
): (stream: string) => Host {
  const known = classes.get(shared) ?? createHostClass(shared);
  return (stream) => new known(random, stream, onDerive);
}

function createHostClass(shared: OuterServices): HostClass {
  class StreamHost {
    readonly onDerive: Host['onDerive'];
    readonly #random: Random;
    readonly #stream: string;
    #derived: Random | undefined;

    constructor(random: Random, stream: string, onDerive: Host['onDerive']) {
      this.#random = random;
      this.#stream = stream;
      this.onDerive = onDerive;
    }

    random(): number {
      return this.#take().random();
    }

    uuid(): string {
      return this.#take().uuid();
    }

    #take(): Random {
      this.#derived ??= this.#random.derive(this.#stream);
      return this.#derived;
    }
  }
  // Not a copy of what is shared: one is made for each attempt, and most are never asked for anything.
  Object.setPrototypeOf(StreamHost.prototype, shared);
  const made = StreamHost as unknown as HostClass;
  classes.set(shared, made);
  return made;
}
