import { openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Consumer, Wants } from '../model/consumer.ts';
import { writeEventLine } from '../model/event-table/event-line.ts';
import { EVENT_VERSION, type FlowFinished, type FlowStarted, type Outcome, type RunEvent } from '../model/events.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { describeVersion } from './file-version.ts';
import { pruneRuns, type RecordLimits, type RecordOwner, RUNNING_FILE } from './prune-runs.ts';
import type { FlowMeta, RunMeta } from './run-folders.ts';
import { EVENTS_FILE, META_FILE, makeRunFolder, OWNER_ONLY } from './run-folders.ts';

/** Where a run is recorded. */
export interface RecorderOptions {
  /** The output folder: `.testmesh`. */
  readonly directory: string;
  readonly runId: string;
  /** Of which steps it is recorded what was sent and received; of those that failed. */
  readonly exchanges?: Wants['exchanges'];
  readonly limits?: RecordLimits | undefined;
  /** Who writes it. */
  readonly owner?: RecordOwner | undefined;
  /** Whether a flow's file is still there, by its path as events name it. */
  hasFile?(file: string): boolean;
  /** Text of a flow file as it was planned, so that a later `--only` can say what changed. */
  textOf?(file: string): string | undefined;
  /** Reported once when the record cannot be written; the run goes on. */
  onProblem(text: string): void;
}

/** Written together: for each by itself the run would look for answers once more, and its code be less at hand. */
const EVENTS_AT_ONCE = 16;
const MAX_WAITING_EVENTS = 200;
// A record beyond this keeps what happened, and small values alone.
const MAX_RECORD_BYTES = 256 * 1024 * 1024;
const SMALL_SIZE = 1000;

/**
 * Makes the consumer that writes a run to `<directory>/runs/<id>/`: `events.ndjson`, a line per event, and when it ends `meta.json`.
 * Values above a million characters are left out and named, bodies for people are cut. It never fails a run: `close` does not reject.
 */
export function createRecorder(options: RecorderOptions): Consumer {
  const recorder = new Recorder(options);
  const wants = { exchanges: options.exchanges ?? 'failed', results: true, settings: true };
  return { name: 'record', wants, on: (event) => recorder.on(event), close: () => recorder.close() };
}

class Recorder {
  readonly #options: RecorderOptions;
  readonly #flows = new Map<number, FlowMeta>();
  readonly #waiting: RunEvent[] = [];
  /** The flows whose file's version is in the record: once for all rows of one. */
  readonly #versioned = new Set<string>();
  #path: string | undefined;
  #writer: ChunkWriter | undefined;
  #isBroken = false;
  #startedAt = 0;
  #endedAt = 0;
  #outcome: Outcome | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  on(event: RunEvent): void {
    if (this.#isBroken) return;
    this.#waiting.push(event);
    // The folder is made with the first event, so that a run that leaves no record says so at its beginning.
    if (!this.#writer || event.type === 'flow_finished' || this.#waiting.length >= MAX_WAITING_EVENTS) this.#drain();
    else if (this.#waiting.length === EVENTS_AT_ONCE) setImmediate(() => this.#drain());
  }

  /** Turns events into lines: while the run waits for an answer, so that no step does for this. */
  #drain(): void {
    for (const event of this.#waiting.splice(0)) if (!this.#isBroken) this.#write(event);
  }

  #write(event: RunEvent): void {
    try {
      const writer = this.#writer ?? this.#open(event.at);
      if (event.type === 'flow_started') this.#startFlow(event, writer.size);
      writer.add(writeEventLine(event, writer.leastSize > MAX_RECORD_BYTES ? SMALL_SIZE : undefined));
      if (event.type === 'flow_finished') this.#finishFlow(event, writer);
      if (event.type === 'run_finished') this.#outcome = event.outcome;
      this.#endedAt = event.at;
    } catch (error) {
      this.#fail(error);
    }
  }

  async close(): Promise<void> {
    this.#drain();
    await this.#writer?.close();
    if (this.#isBroken || this.#path === undefined) return;
    const meta: RunMeta = {
      version: EVENT_VERSION,
      runId: this.#options.runId,
      startedAt: this.#startedAt,
      outcome: this.#outcome,
      flows: [...this.#flows.values()],
    };
    try {
      writeFileSync(join(this.#path, META_FILE), `${JSON.stringify(meta)}\n`, { mode: OWNER_ONLY });
      rmSync(join(this.#path, RUNNING_FILE), { force: true });
      const { directory, limits, owner } = this.#options;
      const hasFile = (file: string): boolean => this.#options.hasFile?.(file) ?? true;
      await pruneRuns(directory, { ...limits, owner, hasFile, now: this.#endedAt });
    } catch (error) {
      this.#fail(error);
    }
  }

  #open(at: number): ChunkWriter {
    this.#startedAt = at;
    this.#path = makeRunFolder(this.#options.directory, this.#options.runId);
    const { owner } = this.#options;
    if (owner) writeFileSync(join(this.#path, RUNNING_FILE), owner.name, { mode: OWNER_ONLY });
    const fd = openSync(join(this.#path, EVENTS_FILE), 'w', OWNER_ONLY);
    this.#writer = new ChunkWriter(fd, (error) => this.#fail(error));
    return this.#writer;
  }

  #startFlow({ flow, about, isPartial }: FlowStarted, start: number): void {
    const { id, file, line, row, role } = about;
    this.#flows.set(flow, { flow, id, file, line, row, role, isPartial, outcome: undefined, start, end: start });
  }

  #finishFlow({ flow, outcome, retry }: FlowFinished, writer: ChunkWriter): void {
    const meta = this.#flows.get(flow);
    if (!meta) return;
    this.#addVersion(meta, writer);
    const isRetried = retry === 'follows' ? true : undefined;
    this.#flows.set(flow, { ...meta, isRetried, outcome, end: writer.size });
    // What a finished flow left is safe even if the process is killed in the next one.
    writer.flush();
  }

  #addVersion({ flow, id, file }: FlowMeta, writer: ChunkWriter): void {
    const key = JSON.stringify([file, id]);
    const text = this.#versioned.has(key) ? undefined : this.#options.textOf?.(file);
    if (text === undefined) return;
    this.#versioned.add(key);
    writer.add(`${JSON.stringify({ type: 'flow_file', flow, version: describeVersion(text) })}\n`);
  }

  #fail(error: unknown): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.onProblem(
      `this run leaves no record in \`${this.#options.directory}\`, so \`--only\` cannot use its values: ${reason}; choose another folder with \`--output-dir\``,
    );
  }
}
