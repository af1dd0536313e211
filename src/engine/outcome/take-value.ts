import type { Env, Host } from '../../expr/index.ts';
import type { CapturedFrom } from '../../model/expression-at.ts';
import { type KnownThings, listMissed } from './item-keys.ts';

/** Called with what an expression's value does not say of itself. */
export type OnRemark = NonNullable<Host['onRemark']>;

export interface Watching {
  readonly env: Env;
  readonly host: Host;
  /** What is known of the things in the result. */
  readonly things?: KnownThings | undefined;
  readonly onRemark: OnRemark;
}

/** Takes a value, by an expression where it is known; what is to be said of it is heard. */
export function takeValue<T>(
  from: CapturedFrom | undefined,
  take: () => T,
  { env, host, things, onRemark }: Watching,
): T {
  const value = listenWhile(host, onRemark, take);
  if (from) for (const text of listMissed(from, env, host, things)) onRemark(text);
  return value;
}

/** What the host is told during some work is heard; an own host for each evaluation would cost more than most expressions. */
export function listenWhile<T>(host: Host, onRemark: OnRemark, work: () => T): T {
  host.onRemark = onRemark;
  try {
    return work();
  } finally {
    host.onRemark = undefined;
  }
}
