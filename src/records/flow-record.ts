import type { Value } from '../expr/index.ts';
import { isMasked } from '../model/event-table/masked.ts';
import type { FlowFinished, FlowStarted, RunEvent, StepFinished, StepRemembered } from '../model/events.ts';
import type { RecordedStep } from '../model/inputs.ts';
import type { FileVersion } from './file-version.ts';

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
  /** Of each step, each time that it ran: address → name → value. */
  readonly capturesAt: ReadonlyMap<string, ReadonlyMap<string, Value>>;
  readonly results: ReadonlyMap<string, Recorded>;
  readonly variables: ReadonlyMap<string, Recorded>;
  readonly memory: ReadonlyMap<string, ReadonlyMap<string, Recorded>>;
  /** What became of each step each time that it ran, by address. */
  readonly steps: ReadonlyMap<string, readonly RecordedStep[]>;
  /** Whether something was wrong with the flow itself. */
  readonly hasProblems: boolean;
  /** Whether any step ran. */
  readonly hasRun: boolean;
}

/** Folds the events of one flow. */
export class FlowRecordFold {
  #start: FlowStarted | undefined;
  #hasRun = false;
  #hasProblems = false;
  readonly #captures = new Map<string, RecordedCapture>();
  readonly #capturesAt = new Map<string, ReadonlyMap<string, Value>>();
  readonly #results = new Map<string, Recorded>();
  readonly #variables = new Map<string, Recorded>();
  readonly #memory = new Map<string, Map<string, Recorded>>();
  readonly #steps = new Map<string, RecordedStep[]>();
  #finalNames: ReadonlySet<string> | undefined;

  add(event: RunEvent, omitted: readonly string[]): void {
    if (event.type === 'flow_started') this.#begin(event, omitted);
    else if (event.type === 'step_finished') this.#addStep(event, omitted);
    else if (event.type === 'step_remembered') this.#remember(event);
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
      steps: this.#steps,
      hasProblems: this.#hasProblems,
      hasRun: this.#hasRun,
    };
  }

  #begin(event: FlowStarted, omitted: readonly string[]): void {
    this.#start = event;
    const { volatileNames, variables } = event.inputs;
    const left = listNamesBelow('/inputs/variables/', omitted);
    for (const name of volatileNames) {
      const value = variables[name];
      if (value !== undefined && !isMasked(value)) this.#variables.set(name, { kind: 'value', value });
      else if (value !== undefined || left.has(name)) this.#variables.set(name, { kind: 'omitted' });
    }
  }

  #addStep(step: StepFinished, omitted: readonly string[]): void {
    if (step.outcome === 'skipped') return;
    this.#hasRun = true;
    const { address } = step.step;
    const isCut = omitted.includes('/output/result');
    const known = this.#steps.get(address);
    if (known) known.push({ finished: step, isCut });
    else this.#steps.set(address, [{ finished: step, isCut }]);
    // A step that did not pass when run alone says nothing that later steps should build on.
    if (step.outcome !== 'passed' && this.#start?.isPartial) return;
    const { result, captures } = step.output;
    if (result !== undefined) this.#results.set(address, { kind: 'value', value: result });
    else if (isCut) this.#results.set(address, { kind: 'omitted' });
    this.#capturesAt.set(address, listValues(step));
    for (const { name, value, isSecret } of captures) {
      if (isSecret) this.#captures.set(name, { kind: 'secret', address });
      else if (value === undefined) this.#captures.set(name, { kind: 'omitted', address });
      else this.#captures.set(name, toCapture(value, address));
    }
  }

  #remember({ step, key, value }: StepRemembered): void {
    const kept = this.#memory.get(step.address) ?? new Map<string, Recorded>();
    kept.set(key, value === undefined || isMasked(value) ? { kind: 'omitted' } : { kind: 'value', value });
    this.#memory.set(step.address, kept);
  }

  #end({ output, problems }: FlowFinished, omitted: readonly string[]): void {
    this.#hasProblems = problems.length > 0;
    this.#finalNames = new Set([
      ...Object.keys(output.captures),
      ...output.secretNames,
      ...listNamesBelow('/output/captures/', omitted),
      ...[...this.#captures].filter(([, capture]) => capture.kind === 'secret').map(([name]) => name),
    ]);
    for (const [name, value] of Object.entries(output.captures)) {
      const known = this.#captures.get(name);
      // Chosen steps hand on restored values too; those are the older record's to show.
      if (known?.kind === 'secret' || (!known && this.#start?.isPartial)) continue;
      this.#captures.set(name, toCapture(value, known?.address ?? ''));
    }
  }
}

/** The names below a JSON pointer. */
function listNamesBelow(start: string, pointers: readonly string[]): ReadonlySet<string> {
  const names = pointers.filter((pointer) => pointer.startsWith(start)).map((pointer) => pointer.slice(start.length));
  return new Set(names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~')));
}

/** What a step captured, but for secrets and what is too large. */
function listValues({ output }: StepFinished): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const { name, value, isSecret } of output.captures) {
    if (!isSecret && value !== undefined && !isMasked(value)) values.set(name, value);
  }
  return values;
}

function toCapture(value: Value, address: string): RecordedCapture {
  return isMasked(value) ? { kind: 'secret', address } : { kind: 'value', value, address };
}
