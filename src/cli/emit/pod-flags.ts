import { UsageError } from '../process/usage-error.ts';
import { escapeReferences } from './pod-values.ts';

type Written<T> = (value: T) => readonly string[];

/** How each flag of a command is given to a pod. */
export type PodFlags<Flags> = {
  readonly [K in keyof Flags]-?: Written<NonNullable<Flags[K]>> | typeof HERE | Refused;
};

/** Why a flag cannot be given with `--emit`, and what helps. */
interface Refused {
  readonly why: string;
  readonly help: string;
}

/** Flags that say something of what is written here, or of the values, and are given to pods in another way. */
export const HERE = null;
/** Flags that pods are given by themselves. */
export const OF_EACH_POD: Refused = {
  why: 'is given to each pod as it needs it, and not with `--emit`',
  help: 'leave it out',
};

/** `usual`: what a pod does without the flag. */
export const number =
  (flag: string, usual?: number): Written<number> =>
  (value) =>
    value === usual ? [] : [flag, String(value)];
export const text =
  (flag: string): Written<string> =>
  (value) => [flag, value];
export const texts =
  (flag: string): Written<readonly string[]> =>
  (values) =>
    values.flatMap((value) => [flag, value]);
export const time =
  (flag: string): Written<number> =>
  (ms) => [flag, `${ms}ms`];
export const on =
  (flag: string): Written<boolean> =>
  (value) =>
    value ? [flag] : [];
export const off =
  (flag: string): Written<boolean> =>
  (value) =>
    value ? [] : [flag];

/** The flags of a command as words for a pod, those apart that differ from pod to pod. @throws UsageError for one that does not go with pods */
export function repeatForPods<Flags extends object>(flags: Flags, table: PodFlags<Flags>): readonly string[] {
  return Object.keys(table).flatMap((name) => {
    const key = name as keyof Flags & string;
    const write: PodFlags<Flags>[typeof key] = table[key];
    const value = flags[key];
    if (write === HERE || value === undefined) return [];
    if (typeof write === 'function') return (write as Written<unknown>)(value).map(escapeReferences);
    if (value === false || (Array.isArray(value) && value.length === 0)) return [];
    const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new UsageError(`\`${flag}\` ${write.why}`, [write.help]);
  });
}
