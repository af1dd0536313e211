import type { Renderable } from '../plan.ts';
import type { CompanionPlan, StarterPlan } from './companion-plan.ts';

/** A service of testmesh.yaml, as it is written. */
export interface ServicePlan extends CompanionPlan {
  readonly kind: 'service';
  readonly settings: Renderable<ServiceSettings>;
  /** The variables of its `env_file`. */
  readonly envFile: ReadonlyMap<string, string>;
  /** The keys of companions whose names its settings read and that may have other addresses in another run: stubs, proxies, services that say where they are. */
  readonly follows: readonly string[];
  /** Takes the named groups out of a line that says that it is ready; undefined for another line. */
  readonly readLine?: ((line: string) => ReadonlyMap<string, string> | undefined) | undefined;
}

/** What testmesh.yaml may have beside the flows. */
export type ProjectCompanion = ServicePlan | StarterPlan;

/** What a service is started with, its placeholders filled in. */
export interface ServiceSettings {
  /** A text is for the shell, a list for the system. One of `command` and `compose` is there. */
  readonly command?: string | readonly string[] | undefined;
  readonly compose?: ComposeSettings | undefined;
  /** Relative to the folder of testmesh.yaml. */
  readonly cwd?: string | undefined;
  /** Over its `env_file`, over the environment of testmesh; nil takes a variable away. */
  readonly env?: Readonly<Record<string, unknown>> | undefined;
  /** Runs to its end once, before the first start. */
  readonly prepare?: string | readonly string[] | undefined;
  readonly url?: string | undefined;
  /** Whether an instance that answers already is used as it is. */
  readonly reuse?: boolean | undefined;
  readonly ready: ReadySettings;
  readonly stop?: { readonly signal?: StopSignal | undefined; readonly timeout?: number | undefined } | undefined;
}

/** A service of a compose file. */
export interface ComposeSettings {
  /** Relative to the service's folder. */
  readonly file: string;
  readonly service: string;
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
