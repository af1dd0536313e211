import type { PlacedFaults } from '../../actions/fault/fault-settings.ts';
import type { ClearedFaults } from '../../actions/fault/fault-target.ts';
import type { Arrival } from '../../actions/stub/received.ts';
import type { FaultSettings as AnswerFault } from '../../actions/stub/stub-settings.ts';
import type { ReadyAnswer } from '../../actions/stub/wire/send-answer.ts';
import type { Value } from '../../expr/index.ts';
import type { SoFar } from '../../model/action/resources.ts';
import type { CompanionRef } from '../../model/companions/companion.ts';
import type { Problem } from '../../model/events.ts';
import type { OutputLine } from '../../services/output.ts';
import type { SettingsPrint } from './settings-print.ts';

/** What a run asks of `testmesh up`. */
export interface UpCalls extends ProxyCalls {
  readonly greet: { given: null; result: { readonly version: string; readonly pid: number } };
  /** Takes it for a run, once all is started; there is one run at a time. */
  readonly attach: { given: { readonly pid: number }; result: UpFacts };
  /** Starts a service that runs no longer. */
  readonly start: { given: { readonly name: string }; result: ServiceValues };
  readonly stop: { given: { readonly name: string; readonly how: 'stop' | 'kill' }; result: readonly string[] };
  readonly printed: { given: { readonly name: string; readonly since: number }; result: readonly OutputLine[] };
  /** Has requests to a stub answered by the run. */
  readonly serve: { given: { readonly stub: string }; result: null };
}

/** What flows of the run do with a proxy. */
interface ProxyCalls {
  /** A flow begins to see it. */
  readonly openProxy: { given: ProxyOfFlow; result: null };
  readonly setFaults: { given: ProxyOfFlow & { readonly settings: PlacedFaults }; result: null };
  readonly clearFaults: { given: ProxyOfFlow; result: ClearedFaults };
  readonly judgeProxy: { given: ProxyOfFlow & { readonly so: SoFar }; result: readonly Problem[] };
  readonly closeProxy: { given: ProxyOfFlow; result: null };
}

/** What `testmesh up` asks of a run. */
export interface RunCalls {
  /** A request to a stub that the run serves. */
  readonly answer: { given: SentArrival; result: SentAnswer };
  /** It has its answer. */
  readonly answered: { given: { readonly id: number }; result: null };
  /** A service ended though nobody stopped it. */
  readonly lost: { given: { readonly name: string; readonly message: string }; result: null };
}

/** What runs there. */
export interface UpFacts {
  readonly runId: string;
  readonly seed: number;
  readonly companions: readonly UpCompanion[];
}

export interface UpCompanion extends CompanionRef {
  readonly values: Readonly<Record<string, Value>>;
  /** Whether it has ended since. */
  readonly isEnded: boolean;
  readonly print: SettingsPrint;
}

/** The names that a service gives. */
export type ServiceValues = Readonly<Record<string, string>>;

export interface ProxyOfFlow {
  readonly proxy: string;
  readonly traceId: string;
}

/** A request on its way to who answers it. */
export interface SentArrival extends Omit<Arrival, 'body'> {
  readonly id: number;
  readonly stub: string;
  /** In base64. */
  readonly body: string;
}

/** The answer on its way back; undefined where none could be made. */
export interface SentAnswer {
  readonly answer?: SentReady | undefined;
  readonly fault?: AnswerFault | undefined;
}

export interface SentReady extends Omit<ReadyAnswer, 'body'> {
  /** In base64. */
  readonly body?: string | undefined;
}
