import type { Host } from '../../expr/index.ts';
import type { Random } from '../names/random.ts';

/** Gives what makes the services of one evaluation stream, of those that all evaluations of a flow share. */
export function createHostMaker(shared: Readonly<Record<string, unknown>>, random: Random): (stream: string) => Host {
  return (stream) => {
    let derived: Random | undefined;
    const take = (): Random => {
      derived ??= random.derive(stream);
      return derived;
    };
    // Not a copy of what is shared: one is made for each attempt, and most are never asked for anything.
    const own = { random: () => take().random(), uuid: () => take().uuid() };
    const host: Host = Object.setPrototypeOf(own, shared);
    return host;
  };
}
