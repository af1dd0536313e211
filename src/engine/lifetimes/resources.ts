import type { Clock, Lifetime, OpenOptions, Resource, Resources, SoFar } from '../../model/action/resources.ts';
import type { Detail, Problem } from '../../model/events.ts';

type Opening = Promise<Resource<unknown>>;

export interface ResourcesOptions {
  readonly clock: Clock;
  readonly lifetime: Lifetime;
  /** What lives longer; absent: everything lives as long as this. */
  readonly around?: Resources | undefined;
}

const LIFETIMES: readonly Lifetime[] = ['run', 'session', 'flow'];

/** Makes an empty set of resources. Two opens with one key share one resource; a failed open may be tried again. */
export function createResources(options: ResourcesOptions): OwnedResources {
  return new OwnedResources(options);
}

/** Resources of one lifetime with their end; those that live longer are reached through it. */
export class OwnedResources implements Resources {
  readonly #options: ResourcesOptions;
  // Most flows open nothing of their own: these are made for the first thing.
  #openings: Map<string, Opening> | undefined;
  #opened: Map<string, Resource<unknown>> | undefined;
  #isClosing = false;

  constructor(options: ResourcesOptions) {
    this.#options = options;
  }

  /** Whether nothing is open of this lifetime, nor about to be. */
  get isEmpty(): boolean {
    return !this.#openings || this.#openings.size === 0;
  }

  /** Lets nothing be opened any more where nothing is open; gives whether that is so. */
  endIfEmpty(): boolean {
    this.#isClosing = this.isEmpty;
    return this.#isClosing;
  }

  open<T>(key: string, create: () => Promise<Resource<T>>, options: OpenOptions = {}): Promise<T> {
    const { lifetime: own, around } = this.#options;
    if (this.#isClosing) return Promise.reject(new Error(`nothing can be opened any longer: the ${own} is over`));
    const livesLonger = LIFETIMES.indexOf(options.lifetime ?? 'flow') < LIFETIMES.indexOf(own);
    if (around && livesLonger) return around.open(key, create, options);
    const opened = this.#opened?.get(key);
    return opened ? Promise.resolve(opened.value as T) : this.#openOwn(key, create);
  }

  async #openOwn<T>(key: string, create: () => Promise<Resource<T>>): Promise<T> {
    this.#openings ??= new Map();
    let opening = this.#openings.get(key);
    if (!opening) {
      opening = create();
      this.#openings.set(key, opening);
    }
    try {
      const resource = await opening;
      this.#opened ??= new Map();
      this.#opened.set(key, resource);
      // One key always stands for one kind of resource, so what was opened under it has the asked type.
      return resource.value as T;
    } catch (error) {
      if (this.#openings?.get(key) === opening) this.#openings.delete(key);
      throw error;
    }
  }

  find<T>(key: string): T | undefined {
    const own = this.#opened?.get(key);
    return own ? (own.value as T) : this.#options.around?.find<T>(key);
  }

  /** Asks what is open what it found wanting, in the order in which it was opened; not what lives longer. */
  async finish(so: SoFar): Promise<readonly Problem[]> {
    const problems: Problem[] = [];
    for (const resource of this.#opened?.values() ?? []) problems.push(...((await resource.finish?.(so)) ?? []));
    return problems;
  }

  /** What people should see of what is open, in the order in which it was opened; not of what lives longer. */
  listDetails(): readonly Detail[] {
    return [...(this.#opened?.values() ?? [])].flatMap((resource) => resource.listDetails?.() ?? []);
  }

  /** Closes what is open, last-first, within `limitMs` altogether but for what keeps limits of its own, not what lives longer; gives one line for each that failed or did not end in time. */
  async closeAll(limitMs: number): Promise<readonly string[]> {
    const { clock } = this.#options;
    this.#isClosing = true;
    const entries = [...(this.#openings ?? [])].reverse();
    const known = new Map(this.#opened);
    this.#openings?.clear();
    this.#opened?.clear();
    const failures: string[] = [];
    const endAt = clock.monotonic() + limitMs;
    for (const [key, opening] of entries) {
      let name = key;
      void opening.then((resource) => (name = resource.name ?? key)).catch(() => undefined);
      const { closeMs = 0 } = known.get(key) ?? {};
      const failure = await waitFor(clock, closeOne(opening), Math.max(closeMs, endAt - clock.monotonic()));
      if (failure !== undefined) failures.push(`\`${name}\` ${failure}`);
    }
    return failures;
  }
}

/** Gives why it could not be closed; undefined when it could, or was never open. */
async function closeOne(opening: Opening): Promise<string | undefined> {
  const resource = await opening.catch(() => undefined);
  try {
    await resource?.close();
    return undefined;
  } catch (error) {
    return `could not be closed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function waitFor(clock: Clock, closing: Promise<string | undefined>, limitMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const cancel = clock.after(limitMs, () => resolve('did not close in time'));
    void closing.then((failure) => {
      cancel();
      resolve(failure);
    });
  });
}
