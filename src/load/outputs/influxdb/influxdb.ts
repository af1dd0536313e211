import {
  type Output,
  type OutputAbout,
  type OutputEnd,
  OutputMistake,
  type SampleBatch,
} from '../../metrics/samples.ts';
import type { OutputWorld } from '../output-world.ts';
import { Backlog, type Parcel } from '../send/backlog.ts';
import { type Answer, askFirst, Poster, Unanswered } from '../send/poster.ts';
import { type Delivery, Sender } from '../send/sender.ts';
import { LineWriter } from './lines.ts';
import { type InfluxSettings, readInfluxSettings } from './settings.ts';

const MEMORY_BYTES = 64 * 1024 * 1024;
const DISK_BYTES = 1024 * 1024 * 1024;
const FORM = 'application/x-www-form-urlencoded';
const LINES = 'text/plain; charset=utf-8';

/** Writes each sample to InfluxDB. @throws OutputMistake when the address or an option cannot be read */
export function createInfluxOutput(target: string, world: OutputWorld): Output {
  return new InfluxOutput(readInfluxSettings(target, world), world);
}

class InfluxOutput implements Output {
  readonly name = 'influxdb';
  readonly wantsRaw = true;
  readonly #settings: InfluxSettings;
  readonly #poster: Poster;
  readonly #sender: Sender;
  #lines = new LineWriter(new Map(), []);

  constructor(settings: InfluxSettings, { clock, temporaryFolder }: OutputWorld) {
    const { address, tls, authorization, concurrency } = settings;
    this.#settings = settings;
    const headers = authorization === undefined ? [] : ['authorization', authorization];
    this.#poster = new Poster({ clock, address, tls, headers });
    this.#sender = new Sender({
      clock,
      concurrency,
      backlog: new Backlog({ memoryBytes: MEMORY_BYTES, diskBytes: DISK_BYTES, temporaryFolder }),
      deliver: (parcel, timeoutMs) => this.#deliver(parcel, timeoutMs),
      abort: () => this.#poster.close(),
    });
  }

  async start({ testId, instanceId, tags }: OutputAbout): Promise<void> {
    const { tagsAsFields } = this.#settings;
    this.#lines = new LineWriter(new Map([...tags, ['testid', testId], ['instance_id', instanceId]]), tagsAsFields);
    await this.#checkTarget();
  }

  takeBatch(batch: SampleBatch): void {
    for (const parcel of this.#lines.write(batch)) this.#sender.send(parcel);
  }

  giveUp(): void {
    this.#sender.giveUp();
  }

  async close(): Promise<OutputEnd> {
    const { written, lost, notes } = await this.#sender.close();
    const { unwritable } = this.#lines;
    if (unwritable === 0) return { written, lost, notes };
    return { written, lost: lost + unwritable, notes: [...notes, `${unwritable} were no numbers`] };
  }

  /** Writes nothing, which says whether the database is there and may be written; makes one that is not there. */
  async #checkTarget(): Promise<void> {
    const { writePath, create } = this.#settings;
    const answer = await askFirst(this.name, this.#poster, { path: writePath, type: LINES, body: '' });
    // Version 2 says of an empty write that it needs points.
    if (answer.status === 204 || (!create && answer.status === 400)) return;
    if (answer.status !== 404 || !create) throw this.#describe(answer);
    const made = await askFirst(this.name, this.#poster, { path: create.path, type: FORM, body: create.body });
    if (made.status !== 200) throw this.#describe(made, answer);
    const again = await askFirst(this.name, this.#poster, { path: writePath, type: LINES, body: '' });
    if (again.status !== 204) throw this.#describe(again);
  }

  #describe(answer: Answer, missing?: Answer): OutputMistake {
    const { address, target, create, authorization } = this.#settings;
    const about = `--out influxdb: InfluxDB at ${address.peer}`;
    const isInflux = answer.header('x-influxdb-version') !== undefined || answer.status === 401;
    if (!isInflux)
      return new OutputMistake(
        `--out influxdb: ${address.peer} answered ${(missing ?? answer).shown}, which InfluxDB does not`,
        ['check the host and port of the address'],
      );
    if (answer.status === 401) {
      const help = authorization === undefined ? 'give' : 'check';
      const how = create
        ? 'http://user:password@host:8086/db, or K6_INFLUXDB_USERNAME and K6_INFLUXDB_PASSWORD'
        : 'K6_INFLUXDB_TOKEN';
      return new OutputMistake(`${about} does not know who writes: ${answer.shown}`, [`${help} ${how}`]);
    }
    const what = create ? 'database' : 'bucket';
    if (missing || answer.status === 404) {
      const whose = missing ? ` and it cannot be made: ${answer.shown}` : `: ${answer.shown}`;
      const help = create
        ? `make it as an administrator: CREATE DATABASE "${target}"`
        : `make it: influx bucket create -n ${target}`;
      return new OutputMistake(`${about} has no ${what} \`${target}\`${whose}`, [help]);
    }
    if (answer.status === 403)
      return new OutputMistake(`${about} does not let its user write to the ${what} \`${target}\`: ${answer.shown}`, [
        create ? `let it: GRANT WRITE ON "${target}" TO <user>` : 'give a token that may write',
      ]);
    return new OutputMistake(`${about} answered ${answer.shown} to a write`);
  }

  async #deliver({ points, bytes }: Parcel, timeoutMs: number): Promise<Delivery> {
    const { writePath, address } = this.#settings;
    try {
      const answer = await this.#poster.post({ path: writePath, type: LINES, body: bytes }, timeoutMs);
      const { status } = answer;
      if (status === 204 || status === 200) return { kind: 'written' };
      const why = `${address.peer} answered ${answer.shown}`;
      // A server that was begun anew without its data has no database any more.
      if (status === 404) await this.#createAgain();
      if (status >= 500 || [401, 403, 404, 408, 429].includes(status)) return { kind: 'later', why };
      const dropped = Number(/dropped=(\d+)/.exec(answer.shown)?.[1] ?? points);
      return { kind: 'refused', points: dropped, why };
    } catch (error) {
      if (error instanceof Unanswered) return { kind: 'later', why: error.message };
      throw error;
    }
  }

  async #createAgain(): Promise<void> {
    const { create } = this.#settings;
    if (create)
      await this.#poster.post({ path: create.path, type: FORM, body: create.body }, 5000).catch(() => undefined);
  }
}
