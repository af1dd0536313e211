import type { Value } from '../../expr/index.ts';
import type { Replay } from '../../model/inputs.ts';
import type { Context } from './context.ts';
import { withCaptured } from './with-captured.ts';

/** Adds what a recorded run left of the steps right below a control, or below one round of it. */
export function addReplayed(context: Context, { results, capturesAt }: Replay, address: string): Context {
  const beside = new Map(
    [...results].flatMap(([at, result]) => {
      const id = idBelow(at, address);
      return id === undefined ? [] : [[id, withCaptured(result, capturesAt?.get(at) ?? [])] as const];
    }),
  );
  const captures = new Map(
    [...(capturesAt ?? [])].flatMap(([at, captured]) => (idBelow(at, address) === undefined ? [] : [...captured])),
  );
  return beside.size + captures.size === 0 ? context : context.withReplayed(captures, beside);
}

/** Adds what a recorded run captured below one round of a control before the first of the steps that run now. */
export function addCapturedBefore(context: Context, replay: Replay, address: string, first: string): Context {
  let names = context;
  for (const [at, captured] of replay.capturesAt ?? []) {
    const id = idBelow(at, address);
    if (id === first) break;
    if (id !== undefined) for (const [name, value] of captured) names = names.withCapture(name, value);
  }
  return names;
}

/** What a recorded run left of a flow that was called. */
export function takeReplayBelow(replay: Replay, address: string): Replay {
  const prefix = `${address}>`;
  const cut = <T>(map: ReadonlyMap<string, T>): Map<string, T> =>
    new Map(
      [...map].flatMap(([at, value]) => (at.startsWith(prefix) ? [[at.slice(prefix.length), value] as const] : [])),
    );
  const capturesAt = cut(replay.capturesAt ?? new Map<string, ReadonlyMap<string, Value>>());
  const captures = new Map([...capturesAt.values()].flatMap((captured) => [...captured]));
  return { ...replay, captures, capturesAt, results: cut(replay.results), variables: new Map() };
}

/** The id of a step right below an address; that of a branch's step too. */
function idBelow(at: string, address: string): string | undefined {
  if (!at.startsWith(`${address}>`)) return undefined;
  const rest = at.slice(address.length + 1);
  return rest.includes('>') ? undefined : rest;
}
