import type { Stop } from '../../stop/stop.ts';
import type { ActionIo, StepFacts } from '../action/io.ts';
import type { Problem } from '../events.ts';
import type { FlowInputs } from '../inputs.ts';
import type { FlowPlan } from '../plan.ts';
import type { ServicesInUse } from './services-in-use.ts';

/** What a run gives its companions. */
export interface CompanionIo {
  /** Of the whole run. */
  readonly stop: Stop;
  /** Hears of each variable that a service is given, and of what it gives itself: it may be a secret. */
  readonly learn: (name: string, text: string) => void;
  /** Says something that is worth to be known, in a sentence. */
  readonly note: (text: string) => void;
  /** Renders the settings of the one step of a flow, with what its action needs while it goes on. @throws why it cannot */
  openSettings(flow: FlowPlan, inputs: FlowInputs): OpenedSettings;
}

/** Settings as rendered, with what goes on for as long as the run needs. */
export interface OpenedSettings {
  readonly config: unknown;
  readonly io: LastingIo;
}

/** What an action needs that goes on when its step is over. */
export type LastingIo = Pick<ActionIo, 'clock' | 'expressions' | 'facts' | 'mask' | 'resources'> & {
  readonly step: Pick<StepFacts, 'locate'>;
};

/** The services, stubs and proxies of a run: started before its first flow, stopped after its last. */
export interface RunServices extends ServicesInUse {
  /** The names of those that this run started, and of those that it found, for people. */
  readonly began: { readonly started: readonly string[]; readonly found: readonly string[] };
  /** Starts them in the order of their needs, until the run is stopped; gives why one is not there. */
  start(io: CompanionIo): Promise<readonly Problem[]>;
  /** Whether a service ended though nobody stopped it. */
  readonly isOneLost: boolean;
  /** Says of those why, with their last lines, and what was wrong with the others outside of all flows. */
  finish(): Promise<readonly Problem[]>;
  /** Stops all, last-first, and kills those that still run once it is hurried; gives a line for each that did not end as asked. */
  close(isHurried: () => boolean): Promise<readonly string[]>;
}
