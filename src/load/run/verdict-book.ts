import type { StepCounts } from '../metrics/load-summary.ts';

/** What failed, as far as the verdict depends on it. */
export interface Failures {
  /** Steps whose request failed, or that could not be carried out. */
  readonly requests: number;
  /** Steps that were carried out, and something asserted of them is false. */
  readonly assertions: number;
  /** Whether steps were to be carried out, and not one was. */
  readonly isNothingDone: boolean;
}

/** What is in a book, as data. */
export interface BookData {
  readonly steps: StepCounts;
  readonly reasons: readonly (readonly [key: string, reason: string, count: number])[];
  readonly firsts: readonly (readonly [key: string, why: string])[];
}

/** What failed first, and why, by check and by step. */
export class VerdictBook {
  #requests = 0;
  #assertions = 0;
  #carriedOut = 0;
  #notCarriedOut = 0;
  readonly #firstOfCheck = new Map<string, string>();
  readonly #reasons = new Map<string, Map<string, number>>();

  get failures(): Failures {
    const isNothingDone = this.#carriedOut === 0 && this.#notCarriedOut > 0;
    return { requests: this.#requests, assertions: this.#assertions, isNothingDone };
  }

  get steps(): StepCounts {
    return {
      requests: this.#requests,
      assertions: this.#assertions,
      carriedOut: this.#carriedOut,
      notCarriedOut: this.#notCarriedOut,
    };
  }

  /** Adds what another process counted. */
  addSteps({ requests, assertions, carriedOut, notCarriedOut }: StepCounts): void {
    this.#requests += requests;
    this.#assertions += assertions;
    this.#carriedOut += carriedOut;
    this.#notCarriedOut += notCarriedOut;
  }

  /** All that is in it, which begins anew. */
  take(): BookData {
    const { steps } = this;
    const reasons = [...this.#reasons].flatMap(([key, all]) =>
      [...all].map(([why, count]) => [key, why, count] as const),
    );
    const firsts = [...this.#firstOfCheck];
    this.#requests = 0;
    this.#assertions = 0;
    this.#carriedOut = 0;
    this.#notCarriedOut = 0;
    this.#reasons.clear();
    this.#firstOfCheck.clear();
    return { steps, reasons, firsts };
  }

  /** Adds what stood in another one, but for its checks, whose keys are its own. */
  add({ steps, reasons }: BookData): void {
    this.addSteps(steps);
    for (const [key, reason, count] of reasons) this.noteReason(key, reason, count);
  }

  noteStep(isCarriedOut: boolean): void {
    if (isCarriedOut) this.#carriedOut += 1;
    else this.#notCarriedOut += 1;
  }

  noteFailure(kind: 'request' | 'assertion'): void {
    if (kind === 'request') this.#requests += 1;
    else this.#assertions += 1;
  }

  noteReason(key: string, reason: string, count = 1): void {
    let reasons = this.#reasons.get(key);
    if (!reasons) {
      reasons = new Map();
      this.#reasons.set(key, reasons);
    }
    reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  }

  noteCheck(key: string, why: string): void {
    if (!this.#firstOfCheck.has(key)) this.#firstOfCheck.set(key, why);
  }

  firstOf(key: string): string | undefined {
    return this.#firstOfCheck.get(key);
  }

  /** `502 ×3`, the most frequent first. */
  reasonsOf(key: string): readonly string[] {
    return [...(this.#reasons.get(key) ?? [])]
      .sort((a, b) => b[1] - a[1])
      .map(([reason, count]) => `${reason} ×${count}`);
  }
}
