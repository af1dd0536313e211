import type { RequestMeasure } from '../../model/load/measures.ts';
import type { TagSet } from '../metrics/samples.ts';
import type { TagSets } from '../metrics/tag-sets.ts';

/** What tells the samples of a step from those of others. */
export interface StepTagNames {
  readonly step: string;
  readonly action: string;
  readonly group: string;
}

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

/** The tag sets of a scenario, or of what runs once before and after all of them. */
export class StepTags {
  readonly base: TagSet;
  readonly #sets: TagSets;
  readonly #common: Readonly<Record<string, string | undefined>>;
  readonly #known = new Map<string, TagSet>();

  constructor(sets: TagSets, common: Readonly<Record<string, string | undefined>>) {
    this.#sets = sets;
    this.#common = common;
    this.base = sets.get(common);
  }

  ofStep({ step, action, group }: StepTagNames): TagSet {
    return this.#keep(`s ${step} ${action} ${group}`, { step, action, group });
  }

  ofGroup({ group }: StepTagNames): TagSet {
    return this.#keep(`g ${group}`, { group });
  }

  ofCheck({ step, action, group }: StepTagNames, text: string): TagSet {
    return this.#keep(`c ${step} ${action} ${group} ${text}`, { step, action, group, check: `${step}: ${text}` });
  }

  ofRequest({ step, action, group }: StepTagNames, request: RequestMeasure, isExpected: boolean): TagSet {
    const { method, status, protocol, error } = request;
    const code = error === undefined ? (status >= 400 ? OTHER_ERROR + status : undefined) : ERROR_CODES[error];
    const errorCode = error !== undefined && code === undefined ? OTHER_ERROR : code;
    const key = `r ${step} ${action} ${group} ${method} ${status} ${protocol} ${error ?? ''} ${isExpected}`;
    return this.#keep(key, {
      step,
      action,
      group,
      name: step,
      method,
      status: String(status),
      proto: protocol,
      expected_response: String(isExpected),
      error,
      error_code: errorCode === undefined ? undefined : String(errorCode),
    });
  }

  #keep(key: string, tags: Readonly<Record<string, string | undefined>>): TagSet {
    let set = this.#known.get(key);
    if (!set) {
      set = this.#sets.get({ ...this.#common, ...tags });
      this.#known.set(key, set);
    }
    return set;
  }
}
