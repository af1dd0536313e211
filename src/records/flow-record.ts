import type { Value } from '../expr/index.ts';
import type { FlowFinished, FlowStarted, RunEvent, StepFinished, StepRemembered } from '../model/events.ts';
import type { FileVersion } from './file-version.ts';
import { isMasked } from './masked.ts';
import type { Omission } from './record-line.ts';

/** A variable that a step captured: its value, or why there is none. */
export type RecordedCapture =
  | { readonly kind: 'value'; readonly value: Value; readonly address: string }
  | { readonly kind: 'secret'; readonly address: string }
  | { readonly kind: 'omitted'; readonly address: string };

/** A value, or that it was too large to be kept. */
export type Recorded = { readonly kind: 'value'; readonly value: Value } | { readonly kind: 'omitted' };

/** What one flow of one run left. */
export interface FlowRecord {
  readonly start: FlowStarted;
  /** Of its file. */
  readonly version: FileVersion | undefined;
  readonly captures: ReadonlyMap<string, RecordedCapture>;
  /** Of steps inside others, each time that they ran: address → name → value. */
  readonly capturesAt: ReadonlyMap<string, ReadonlyMap<string, Value>>;
  readonly results: ReadonlyMap<string, Recorded>;
  readonly variables: ReadonlyMap<string, Recorded>;
  readonly memory: ReadonlyMap<string, ReadonlyMap<string, Recorded>>;
  /** Whether any step ran. */
  readonly hasRun: boolean;
}

/** Folds the events of one flow. */
export class FlowFold {
  #start: FlowStarted | undefined;
  #hasRun = false;
  readonly #captures = new Map<string, RecordedCapture>();
  readonly #capturesAt = new Map<string, ReadonlyMap<string, Value>>();
  readonly #results = new Map<string, Recorded>();
  readonly #variables = new Map<string, Recorded>();
  readonly #memory = new Map<string, Map<string, Recorded>>();
  #finalNames: ReadonlySet<string> | undefined;

  add(event: RunEvent, omitted: readonly Omission[]): void {
    if (event.type === 'flow_started') this.#begin(event, omitted);
    else if (event.type === 'step_finished') this.#addStep(event, omitted);
    else if (event.type === 'step_remembered') this.#remember(event, omitted);
    else if (event.type === 'flow_finished') this.#end(event, omitted);
  }

  /** What was left, or undefined when the flow's beginning is not in the record. */
  finish(version: FileVersion | undefined): FlowRecord | undefined {
    if (!this.#start) return undefined;
    // A flow that ended says which names were visible: captures of a failed branch, or of a called flow, were not.
    const captures = [...this.#captures].filter(([name]) => this.#finalNames?.has(name) ?? true);
    return {
      start: this.#start,
      version,
      captures: new Map(captures),
      capturesAt: this.#capturesAt,
      results: this.#results,
      variables: this.#variables,
      memory: this.#memory,
      hasRun: this.#hasRun,
    };
  }

  #begin(event: FlowStarted, omitted: readonly Omission[]): void {
    this.#start = event;
    for (const name of event.volatileNames) {
      const value = event.variables[name];
      if (value !== undefined && !isMasked(value)) this.#variables.set(name, { kind: 'value', value });
      else if (value !== undefined || omitted.some((one) => one.name === name))
        this.#variables.set(name, { kind: 'omitted' });
    }
  }

  #addStep(step: StepFinished, omitted: readonly Omission[]): void {
    if (step.outcome === 'skipped') return;
    this.#hasRun = true;
    // A step that did not pass when run alone says nothing that later steps should build on.
    if (step.outcome !== 'passed' && this.#start?.isPartial) return;
    if (step.result !== undefined) this.#results.set(step.address, { kind: 'value', value: step.result });
    else if (omitted.some((one) => one.what === 'result')) this.#results.set(step.address, { kind: 'omitted' });
    const { address } = step;
    if (address.includes('>')) this.#capturesAt.set(address, listValues(step));
    for (const { name, value, isSecret } of step.captures) {
      if (isSecret) this.#captures.set(name, { kind: 'secret', address });
      else if (value === undefined) this.#captures.set(name, { kind: 'omitted', address });
      else this.#captures.set(name, toCapture(value, address));
    }
  }

  #remember(event: StepRemembered, omitted: readonly Omission[]): void {
    const kept = this.#memory.get(event.address) ?? new Map<string, Recorded>();
    kept.set(event.key, omitted.length > 0 ? { kind: 'omitted' } : { kind: 'value', value: event.value });
    this.#memory.set(event.address, kept);
  }

  #end(flow: FlowFinished, omitted: readonly Omission[]): void {
    this.#finalNames = new Set([
      ...Object.keys(flow.captures),
      ...flow.secretNames,
      ...omitted.map((one) => one.name),
      ...[...this.#captures].filter(([, capture]) => capture.kind === 'secret').map(([name]) => name),
    ]);
    for (const [name, value] of Object.entries(flow.captures)) {
      const known = this.#captures.get(name);
      // Chosen steps hand on restored values too; those are the older record's to tell.
      if (known?.kind === 'secret' || (!known && this.#start?.isPartial)) continue;
      this.#captures.set(name, toCapture(value, known?.address ?? ''));
    }
  }
}

/** What a step captured, but for secrets and what is too large. */
function listValues({ captures }: StepFinished): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const { name, value, isSecret } of captures) {
    if (!isSecret && value !== undefined && !isMasked(value)) values.set(name, value);
  }
  return values;
}

function toCapture(value: Value, address: string): RecordedCapture {
  return isMasked(value) ? { kind: 'secret', address } : { kind: 'value', value, address };
}
