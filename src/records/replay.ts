import type { Value } from '../expr/index.ts';
import { EVENT_VERSION, type RunEvent } from '../model/events.ts';
import type { RecordedRun, Replay } from '../model/inputs.ts';
import type { FileChange, FileVersion } from './file-version.ts';
import { compareVersions } from './file-version.ts';
import { indexOfRun, readNamedFolder } from './find-record.ts';
import type { FlowRecord, Recorded, RecordedCapture } from './flow-record.ts';
import { FlowRecordFold } from './flow-record.ts';
import { describeOtherVersion, readEventVersion, readRecordLines, readRunStart } from './read-events.ts';
import type { FlowMeta, RunFolder } from './run-folders.ts';
import { listRuns, toSlashes } from './run-folders.ts';

/** Which flow's values are wanted, and from which run. */
export interface ReplayQuery {
  /** The output folder. */
  readonly directory: string;
  /** The flow's file as it is now: its path as events name it, and its text to see what changed since. */
  readonly flowFile: { readonly path: string; readonly text?: string };
  readonly flowId: string;
  /** The row of the flow's data. */
  readonly row?: number | undefined;
  /** `last` (when absent), the id of a run, or the path of a record's folder or file. */
  readonly run?: string | undefined;
  /** Whether what steps did is wanted, to be judged once more. */
  readonly withSteps?: boolean | undefined;
}

/** What earlier runs of a flow left. */
export interface RecordedReplay extends Replay {
  /** How the flow file differs from that of the record; undefined when it does not, or is not known. */
  readonly change: FileChange | undefined;
  /** Values that were too large to be kept. */
  readonly omitted: OmittedValues;
}

/** What there is of earlier runs. */
export interface FoundReplay {
  /** Undefined when no record that can be read holds the flow. */
  readonly replay: RecordedReplay | undefined;
  /** Why the record of the last whole run is not among what was read, as the end of a sentence. */
  readonly refusal: string | undefined;
}

export interface OmittedValues {
  /** Captured variables: name → address of the step that captures it. */
  readonly captures: ReadonlyMap<string, string>;
  /** Addresses of steps without their result. */
  readonly results: ReadonlySet<string>;
  /** Declared variables with a random or time part; those that are secret, too. */
  readonly variables: ReadonlySet<string>;
}

const UNUSED_TYPES: ReadonlySet<RunEvent['type']> = new Set<RunEvent['type']>([
  'phase_started',
  'step_started',
  'step_progress',
  'log_written',
]);

/**
 * Reads what the last run of a flow left. Runs of chosen steps are laid over the run whose values they took: of each value the newest
 * counts, and nothing older than a run that took none, for values of two such runs do not belong together. Records that broke off are used
 * as far as they go; those of another version of the events are refused.
 */
export function readReplay(query: ReplayQuery): FoundReplay {
  const layers: FlowRecord[] = [];
  let first: RunFolder | undefined;
  let runId: string | undefined;
  let refusal: string | undefined;
  for (const run of findRuns(query)) {
    refusal = refuseVersion(run, query);
    if (refusal !== undefined) break;
    const record = readFlow(run, query);
    if (!record?.hasRun) continue;
    runId ??= run.meta?.runId ?? run.name;
    layers.push(record);
    first = run;
    if (!record.start.isPartial || record.start.replayOf === undefined) break;
  }
  if (runId === undefined || !first) return { replay: undefined, refusal };
  const replay = toReplay(runId, layers, query.flowFile.text);
  return { replay: query.withSteps ? { ...replay, recorded: readRecorded(first, layers) } : replay, refusal };
}

/** What steps did; of each the newest run of it counts. */
function readRecorded(first: RunFolder, layers: readonly FlowRecord[]): RecordedRun {
  const { runId = first.name, seed } = readRunStart(first.events) ?? {};
  const inputs = layers.at(-1)?.start.inputs ?? { overrides: [], variables: {}, volatileNames: [] };
  const hasFlowProblems = layers.at(-1)?.hasProblems ?? false;
  return { runId, seed, inputs, hasFlowProblems, steps: layOver(layers.map((layer) => layer.steps)) };
}

/** Undefined for a record that can be read, or that does not say that it holds the flow. */
function refuseVersion(run: RunFolder, query: ReplayQuery): string | undefined {
  const version = run.meta?.version ?? readEventVersion(run.events);
  if (version === undefined || version === EVENT_VERSION) return undefined;
  const holdsFlow = run.meta?.flows.some((flow) => isOfFlow(flow, query)) ?? false;
  return holdsFlow ? `the record of run ${run.meta?.runId} is not read: ${describeOtherVersion(version)}` : undefined;
}

function isOfFlow(flow: { readonly id: string; readonly file: string }, { flowId, flowFile }: ReplayQuery): boolean {
  return flow.id === flowId && toSlashes(flow.file) === toSlashes(flowFile.path);
}

/** The runs to look at, newest first; from the named one on backwards. */
function findRuns({ directory, run = 'last' }: ReplayQuery): readonly RunFolder[] {
  const runs = listRuns(directory);
  const index = indexOfRun(runs, run);
  if (index !== undefined) return runs.slice(index);
  const named = run === 'last' ? undefined : readNamedFolder(run);
  return named ? [named] : [];
}

/** What the flow left in one run; of several passes of the flow (retries, repetitions) the last that ran. */
function readFlow(run: RunFolder, query: ReplayQuery): FlowRecord | undefined {
  const isWanted = (flow: { readonly id: string; readonly file: string }) => isOfFlow(flow, query);
  const range = findRange(run, isWanted);
  if (!range) return undefined;
  const folds = new Map<number, FlowRecordFold>();
  const rows = new Set<number>();
  let version: FileVersion | undefined;
  for (const line of readRecordLines({ path: run.events, ...range, without: UNUSED_TYPES })) {
    if (line.kind === 'file') version = rows.has(line.flow) ? line.version : version;
    else if (line.kind === 'event' && 'flow' in line.event) {
      const { event, omitted } = line;
      if (event.type === 'flow_started' && isWanted(event.about)) {
        rows.add(event.flow);
        if (event.about.row === query.row) folds.set(event.flow, new FlowRecordFold());
      }
      folds.get(event.flow)?.add(event, omitted);
    }
  }
  const records = [...folds.values()].map((fold) => fold.finish(version));
  return records.findLast((record) => record?.hasRun) ?? records.at(-1);
}

/** The bytes of a record that hold the flow: all when the run broke off before it could say, undefined when it has no such flow. */
function findRange(
  run: RunFolder,
  isWanted: (flow: FlowMeta) => boolean,
): { start?: number; end?: number } | undefined {
  if (!run.meta) return {};
  const flows = run.meta.flows.filter(isWanted);
  if (flows.length === 0) return undefined;
  const start = Math.min(...flows.map((flow) => flow.start));
  return flows.some((flow) => flow.outcome === undefined)
    ? { start }
    : { start, end: Math.max(...flows.map((flow) => flow.end)) };
}

function toReplay(runId: string, layers: readonly FlowRecord[], text: string | undefined): RecordedReplay {
  const captures = layOver(layers.map((layer) => layer.captures));
  const results = layOver(layers.map((layer) => layer.results));
  const capturesAt = layOver(layers.map((layer) => layer.capturesAt));
  const variables = layOver(layers.map((layer) => layer.variables));
  const memory = layOver(layers.map((layer) => layer.memory));
  const version = layers[0]?.version;
  return {
    runId,
    captures: pickValues(captures),
    capturesAt,
    results: pickValues(results),
    variables: pickValues(variables),
    memory: new Map([...memory].map(([address, kept]) => [address, pickValues(kept)])),
    secrets: pickAddresses(captures, 'secret'),
    change: version && text !== undefined ? compareVersions(version, text) : undefined,
    omitted: {
      captures: pickAddresses(captures, 'omitted'),
      results: pickOmitted(results),
      variables: pickOmitted(variables),
    },
  };
}

/** Newest first: what an earlier map lacks, a later one gives. */
function layOver<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  return new Map(maps.toReversed().flatMap((map) => [...map]));
}

function pickValues(entries: ReadonlyMap<string, Recorded | RecordedCapture>): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, entry] of entries) if (entry.kind === 'value') values.set(name, entry.value);
  return values;
}

function pickAddresses(captures: ReadonlyMap<string, RecordedCapture>, kind: 'secret' | 'omitted') {
  const addresses = new Map<string, string>();
  for (const [name, capture] of captures) if (capture.kind === kind) addresses.set(name, capture.address);
  return addresses;
}

function pickOmitted(entries: ReadonlyMap<string, Recorded>): ReadonlySet<string> {
  return new Set([...entries].filter(([, entry]) => entry.kind === 'omitted').map(([name]) => name));
}
