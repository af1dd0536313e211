import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ServiceHost } from './host.ts';

/** How long the guard may take to end what is left, ms. */
const GUARD_MS = 12_000;

/** The way to the guard: the process that ends what services left when this one is gone, SIGKILL included. */
export interface GuardLink {
  /** A group that it ends, by this signal first. */
  watch(group: number, signal: NodeJS.Signals): void;
  forget(group: number): void;
  /** What it does under this key. */
  undo(key: string, command: UndoCommand): void;
  forgetUndo(key: string): void;
  /** Lets it look for what is left, and waits until it has. */
  close(): Promise<void>;
}

/** A command that undoes what another has done outside of all processes of the run. */
export interface UndoCommand {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Starts the guard; it need not run yet when its first words are sent. */
export function openGuard({ guard, mark, clock }: ServiceHost): GuardLink {
  const [program = '', ...words] = guard;
  const child = spawn(program, words, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const ended = once(child, 'exit').catch(() => undefined);
  child.stdin.on('error', () => undefined);
  const send = (...line: readonly (string | number)[]): void => void child.stdin.write(`${line.join('\t')}\n`);
  send('run', mark);
  return {
    watch: (group, signal) => send('child', group, signal),
    forget: (group) => send('gone', group),
    undo: (key, command) => send('undo', key, JSON.stringify(command)),
    forgetUndo: (key) => send('undone', key),
    async close() {
      child.stdin.end();
      let cancel = (): void => undefined;
      await Promise.race([ended, new Promise<void>((resolve) => (cancel = clock.after(GUARD_MS, resolve)))]);
      cancel();
    },
  };
}
