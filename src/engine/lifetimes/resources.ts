import type { Clock, Lifetime, Resource, Resources } from '../../model/action/resources.ts';

/** Resources of one lifetime with their end: everything is closed, last-first, whatever happens. */
export interface OwnedResources extends Resources {
  /** Closes what is open within `limitMs` altogether, not what lives longer; gives one line for each that failed or did not end in time. */
  closeAll(limitMs: number): Promise<readonly string[]>;
}

type Opening = Promise<Resource<unknown>>;

export interface ResourcesOptions {
  readonly clock: Clock;
  readonly lifetime: Lifetime;
  /** What lives longer; absent: everything lives as long as this. */
  readonly around?: Resources | undefined;
}

const LIFETIMES = ['run', 'session', 'flow'] as const;

/** Makes an empty set of resources. Two opens with one key share one resource; a failed open may be tried again. */
export function createResources({ clock, lifetime, around }: ResourcesOptions): OwnedResources {
  const openings = new Map<string, Opening>();
  let isClosing = false;

  const open: Resources['open'] = async <T>(
    key: string,
    create: () => Promise<Resource<T>>,
    options?: { readonly lifetime?: Lifetime },
  ): Promise<T> => {
    if (isClosing) throw new Error(`nothing can be opened any more: the ${lifetime} is over`);
    const livesLonger = LIFETIMES.indexOf(options?.lifetime ?? 'flow') < LIFETIMES.indexOf(lifetime);
    if (around && livesLonger) return await around.open(key, create, options);
    let opening = openings.get(key);
    if (!opening) {
      opening = create();
      openings.set(key, opening);
    }
    try {
      // One key always stands for one kind of resource, so what was opened under it has the asked type.
      return (await opening).value as T;
    } catch (error) {
      if (openings.get(key) === opening) openings.delete(key);
      throw error;
    }
  };

  const find = async <T>(key: string): Promise<T | undefined> => {
    const own = await openings.get(key)?.catch(() => undefined);
    return own ? (own.value as T) : await around?.find<T>(key);
  };

  const closeAll = async (limitMs: number): Promise<readonly string[]> => {
    isClosing = true;
    const entries = [...openings].reverse();
    openings.clear();
    const failures: string[] = [];
    const endAt = clock.monotonic() + limitMs;
    for (const [key, opening] of entries) {
      let name = key;
      void opening.then((resource) => (name = resource.name ?? key)).catch(() => undefined);
      const failure = await waitFor(clock, closeOne(opening), Math.max(0, endAt - clock.monotonic()));
      if (failure !== undefined) failures.push(`\`${name}\` ${failure}`);
    }
    return failures;
  };
  return { open, find, closeAll };
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
