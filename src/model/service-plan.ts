import type { Diagnostic } from './diagnostic.ts';
import type { Renderable } from './plan.ts';
import type { Span } from './source-file.ts';

/** A service of testmesh.yaml, as it is written. */
export interface ServicePlan {
  readonly name: string;
  /** Of its name. */
  readonly span: Span;
  /** Services that are ready before it: those under `needs`, and those whose names its settings read. */
  readonly needs: readonly string[];
  /** The names that it gives when it is ready: `url`, groups of `ready.log`. */
  readonly gives: readonly string[];
  readonly settings: Renderable<ServiceSettings>;
  /** The variables of its `env_file`. */
  readonly envFile: ReadonlyMap<string, string>;
  /** The names that its settings read. */
  readonly reads: readonly string[];
  /** Names that have to come from outside when it is started, and that nothing gives. */
  readonly missing: readonly Diagnostic[];
  /** Takes the named groups out of a line that says that it is ready; undefined for another line. */
  readonly readLine?: ((line: string) => ReadonlyMap<string, string> | undefined) | undefined;
}

/** What a service is started with, its placeholders filled in. */
export interface ServiceSettings {
  /** A text is for the shell, a list for the system. */
  readonly command: string | readonly string[];
  /** Relative to the folder of testmesh.yaml. */
  readonly cwd?: string | undefined;
  /** Over its `env_file`, over the environment of testmesh; nil takes a variable away. */
  readonly env?: Readonly<Record<string, unknown>> | undefined;
  /** Runs to its end once, before the first start. */
  readonly prepare?: string | readonly string[] | undefined;
  readonly url?: string | undefined;
  readonly ready: ReadySettings;
  readonly stop?: { readonly signal?: StopSignal | undefined; readonly timeout?: number | undefined } | undefined;
}

/** By what a service is known to be ready: one of `log`, `http` and `tcp`. */
export interface ReadySettings {
  readonly log?: string | undefined;
  readonly http?: string | undefined;
  readonly status?: number | undefined;
  /** `host:port`. */
  readonly tcp?: string | undefined;
  /** ms */
  readonly timeout?: number | undefined;
}

export const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGKILL'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];
