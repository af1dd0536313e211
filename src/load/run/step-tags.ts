import type { StepRef } from '../../model/events.ts';
import { LOAD_METRICS, type LoadMetricName } from '../../model/load/load-metrics.ts';
import type { CheckMeasure, RequestMeasure } from '../../model/load/measures.ts';
import { type Channel, METRICS, type Meter } from '../metrics/meter.ts';
import type { TagSet } from '../metrics/samples.ts';

/** k6's numbers of why nothing answered, by the codes that we have. */
const ERROR_CODES: Readonly<Record<string, number>> = {
  timeout: 1050,
  ETIMEDOUT: 1211,
  ENOTFOUND: 1101,
  EAI_AGAIN: 1100,
  EPIPE: 1201,
  ECONNREFUSED: 1212,
  ECONNRESET: 1220,
};
const OTHER_ERROR = 1000;

type Tags = Readonly<Record<string, string | undefined>>;

export interface StepTagsOptions {
  readonly meter: Meter;
  /** What stands in each set. */
  readonly common: Tags;
  readonly isWarmUp: boolean;
}

/** The tag sets of a scenario, or of what runs once before and after all of them. */
export class StepTags {
  readonly base: TagSet;
  readonly #options: StepTagsOptions;
  readonly #steps = new Map<string, StepChannels[]>();

  constructor(options: StepTagsOptions) {
    this.#options = options;
    this.base = options.meter.tagSets.get(options.common);
  }

  /** Where the samples of a step go; they are its flow's, or its phase's. */
  ofStep({ id, action, phase }: Pick<StepRef, 'id' | 'action' | 'phase'>, flowId: string): StepChannels {
    const ofId = this.#steps.get(id);
    if (ofId)
      for (let at = 0; at < ofId.length; at++) {
        const known = ofId[at];
        if (known?.action === action && known.phase === phase) return known;
      }
    const made = new StepChannels(this.#options, { id, action, phase, flowId });
    if (ofId) ofId.push(made);
    else this.#steps.set(id, [made]);
    return made;
  }
}

interface StepNames extends Pick<StepRef, 'id' | 'action' | 'phase'> {
  readonly flowId: string;
}

/** Where the samples of a step go: found once for each step, check and kind of answer. */
export class StepChannels {
  readonly action: string;
  readonly phase: StepRef['phase'];
  readonly tags: TagSet;
  readonly duration: Channel;
  readonly groupDuration: Channel;
  readonly failed: Channel;
  readonly errors: Channel;
  readonly #options: StepTagsOptions;
  readonly #names: Tags & { readonly step: string };
  readonly #checks = new Map<string, Channel>();
  #lastChecks: readonly CheckMeasure[] = [];
  #channelsOfLast: readonly Channel[] = [];
  readonly #requests: { readonly kind: RequestKind; readonly channels: RequestChannels }[] = [];

  constructor(options: StepTagsOptions, { id, action, phase, flowId }: StepNames) {
    const group = `::${phase === 'steps' ? flowId : phase}::${id}`;
    this.action = action;
    this.phase = phase;
    this.#options = options;
    this.#names = { step: id, action, group };
    this.tags = this.#get(this.#names);
    this.duration = this.#open('step_duration', this.tags);
    this.groupDuration = this.#open('group_duration', this.#get({ group }));
    this.failed = this.#open('step_failed', this.tags);
    this.errors = this.#open('errors', this.tags);
  }

  #ofCheck(text: string): Channel {
    let known = this.#checks.get(text);
    if (!known) {
      known = this.#open('checks', this.#get({ ...this.#names, check: `${this.#names.step}: ${text}` }));
      this.#checks.set(text, known);
    }
    return known;
  }

  /** Of each of these, which are mostly the list that it was asked for last. */
  ofChecks(checks: readonly CheckMeasure[]): readonly Channel[] {
    if (checks !== this.#lastChecks) {
      this.#lastChecks = checks;
      this.#channelsOfLast = checks.map(({ text }) => this.#ofCheck(text));
    }
    return this.#channelsOfLast;
  }

  ofRequest({ method, status, protocol, error }: RequestMeasure, isExpected: boolean): RequestChannels {
    const kind: RequestKind = { method, status, protocol, error, isExpected };
    for (let at = 0; at < this.#requests.length; at++) {
      const known = this.#requests[at];
      if (known && isSameKind(known.kind, kind)) return known.channels;
    }
    const tags = this.#get({ ...this.#names, ...describeKind(kind, this.#names.step) });
    const channels = Object.fromEntries(REQUEST_METRICS.map((name) => [name, this.#open(name, tags)]));
    this.#requests.push({ kind, channels: channels as RequestChannels });
    return channels as RequestChannels;
  }

  #get(tags: Tags): TagSet {
    const { meter, common } = this.#options;
    return meter.tagSets.get({ ...common, ...tags });
  }

  #open(name: LoadMetricName, tags: TagSet): Channel {
    const { meter, isWarmUp } = this.#options;
    return meter.channelOf(METRICS[name], tags, !isWarmUp);
  }
}

const REQUEST_METRICS = (Object.keys(LOAD_METRICS) as LoadMetricName[]).filter((name) => name.startsWith('http_req'));

/** Where the samples of a request go, by the names of their metrics. */
export type RequestChannels = Readonly<Record<LoadMetricName & `http_req${string}`, Channel>>;

interface RequestKind extends Pick<RequestMeasure, 'method' | 'status' | 'protocol' | 'error'> {
  readonly isExpected: boolean;
}

function isSameKind(a: RequestKind, b: RequestKind): boolean {
  return (
    a.status === b.status &&
    a.method === b.method &&
    a.isExpected === b.isExpected &&
    a.error === b.error &&
    a.protocol === b.protocol
  );
}

function describeKind({ method, status, protocol, error, isExpected }: RequestKind, name: string): Tags {
  const code = error === undefined ? (status >= 400 ? OTHER_ERROR + status : undefined) : ERROR_CODES[error];
  const errorCode = error !== undefined && code === undefined ? OTHER_ERROR : code;
  return {
    name,
    method,
    status: String(status),
    proto: protocol,
    expected_response: String(isExpected),
    error,
    error_code: errorCode === undefined ? undefined : String(errorCode),
  };
}
