import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Unmatched } from '../../actions/stub/stub-view.ts';
import type { ReadyAnswer } from '../../actions/stub/wire/send-answer.ts';
import { isList, isMap, setKey, type Value } from '../../expr/index.ts';
import { loadSourceFile } from '../../source/yaml/load-source-file.ts';
import { readYaml } from '../../source/yaml/read-yaml.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { readBytes } from '../../util/read-text.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { mergeSamples } from './merge-samples.ts';
import { type Sample, takeSample } from './sample.ts';
import { type Recording, readRecording, toSettings, writeStub } from './stub-text.ts';

/** A stub that one could still read comes of far fewer. */
const MAX_SAMPLES = 10_000;

/** Keeps what a service was asked and answered, and writes it as the file of a stub. */
export class Recorder {
  readonly #file: string;
  readonly #path: string;
  readonly #earlier: Recording;
  readonly #samples: Promise<Sample>[] = [];

  /** A recording that is there already is gone on with. @throws UsageError when what is there is none */
  constructor(file: string, cwd: string) {
    this.#file = file;
    this.#path = resolve(cwd, file);
    this.#earlier = existsSync(this.#path) ? readEarlier(file, cwd) : { routes: [], others: [] };
  }

  add(unmatched: Pick<Unmatched, 'request' | 'arrival'>, answer: ReadyAnswer): void {
    if (this.#samples.length < MAX_SAMPLES) this.#samples.push(takeSample(unmatched, answer));
  }

  /** Writes the file; gives a line about it. @throws UsageError when it cannot be written */
  async write(mask: (text: string) => string, service: string): Promise<string> {
    const samples = await Promise.all(this.#samples);
    if (samples.length === 0) return `nothing was recorded: ${this.#file} is not written`;
    const routes = mergeSamples(samples, this.#earlier.routes);
    let count = 0;
    const save = (path: string, content: string | Buffer): void => {
      try {
        writeFileSync(path, content);
      } catch (error) {
        throw new UsageError(
          `--record ${this.#file}: it cannot be written: ${describeFileTrouble(error)}`,
          [],
          EXIT.errored,
        );
      }
    };
    const fileOf = (bytes: Buffer): string => {
      const name = `${basename(this.#file).replace(/\.ya?ml$/, '')}-${++count}.bin`;
      save(join(dirname(this.#path), name), bytes);
      return name;
    };
    const settings = routes.map((route) => maskTexts(toSettings(route, fileOf), mask));
    save(this.#path, writeStub([...this.#earlier.others, ...settings], service));
    const all = settings.length + this.#earlier.others.length;
    return `${this.#file}: ${all === 1 ? '1 route' : `${all} routes`} of ${samples.length === 1 ? '1 exchange' : `${samples.length} exchanges`}`;
  }
}

function readEarlier(file: string, cwd: string): Recording {
  const readFile = (name: string): Buffer | undefined => {
    const path = join(dirname(resolve(cwd, file)), name);
    return existsSync(path) ? readBytes(path) : undefined;
  };
  const loaded = loadSourceFile(file, cwd);
  const { documents, diagnostics } = 'file' in loaded ? readYaml(loaded.file) : { documents: [], ...loaded };
  const wrong = diagnostics.find(({ severity, code }) => severity === 'error' && code !== 'TM003');
  if (wrong) throw new UsageError(`--record ${file}: ${wrong.message}`, wrong.help);
  return documents[0] ? readRecording(documents[0], readFile) : { routes: [], others: [] };
}

/** Each text by itself, for what stands for a secret may want quotes. */
function maskTexts(value: Value, mask: (text: string) => string): Value {
  if (isList(value)) return value.map((item) => maskTexts(item, mask));
  if (isMap(value)) {
    const masked: { [key: string]: Value } = {};
    for (const [key, one] of Object.entries(value)) setKey(masked, key, maskTexts(one, mask));
    return masked;
  }
  const text = String(value);
  const shown = mask(text);
  return shown === text ? value : shown;
}
