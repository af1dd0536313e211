import { InvalidArgumentError, Option } from 'commander';
import { withEnvironment } from './environment-forms.ts';

/** Which of the chosen flows run, how often, in which order, and when no further one starts. */
export interface OrderFlags {
  /** Just those flows and rows that did not pass when they last ran. */
  readonly lastFailed: boolean;
  /** Which part of the flows runs here, from 1. */
  readonly shard?: { readonly index: number; readonly count: number } | undefined;
  /** Events of an earlier run, by whose times shards are balanced. */
  readonly durations?: string | undefined;
  /** After so many flows that failed or errored; absent: never. */
  readonly bail?: number | undefined;
  /** The same, under the name that other tools have for it. */
  readonly maxFailures?: number | undefined;
  /** The seed of the order; `true`: one that is drawn. */
  readonly shuffle?: number | true | undefined;
  readonly repeatEach: number;
  /** How often a flow that does not pass is tried again. */
  readonly retries: number;
  readonly failOnFlaky: boolean;
  /** How many of the slowest flows are listed. */
  readonly slowest: number;
}

/** Flags whose value may be left out, so that it is written behind `=`; of `--bail` a number may also follow. */
const WITH_OPTIONAL_VALUE: ReadonlyMap<string, RegExp | undefined> = new Map([
  ['--shuffle', undefined],
  ['--only-changed', undefined],
  ['--bail', /^\d+$/],
]);

/** Gives each flag whose value is left out an empty one, so that the path behind it is not taken for it: `run --shuffle flows/`. */
export function spellOptionalValues(words: readonly string[]): readonly string[] {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  return words.map((word, at) => {
    if (at >= end || !WITH_OPTIONAL_VALUE.has(word)) return word;
    return WITH_OPTIONAL_VALUE.get(word)?.test(words[at + 1] ?? '') ? word : `${word}=`;
  });
}

/** It chooses flows by the records of earlier runs. */
export function createLastFailedOption(): Option {
  return withEnvironment(
    new Option('--last-failed', 'just the flows and rows that failed when they last ran').default(false),
  );
}

/** The options of `run` that say how often flows run, and in which order. */
export function createOrderOptions(): Option[] {
  return [
    withEnvironment(
      new Option('--shard <i/n>', 'just the i-th of n parts of the flows, for several machines').argParser(readShard),
    ),
    withEnvironment(
      new Option('--durations <file>', 'with --shard: parts that take equally long, by what `--reporter ndjson` wrote'),
    ),
    withEnvironment(
      new Option('--shuffle [seed]', 'run flows in another order each time; `--shuffle=7` repeats one').argParser(
        readShuffle,
      ),
    ),
    withEnvironment(
      new Option('--repeat-each <n>', 'run each flow so many times').argParser(readCount(1, 10_000)).default(1),
    ),
    withEnvironment(
      new Option('--retries <n>', 'try a flow that fails again, from setup to teardown; one that then passes is flaky')
        .argParser(readCount(0, 100))
        .default(0),
    ),
    withEnvironment(new Option('--fail-on-flaky', 'exit code 1 when a flow is flaky').default(false)),
    withEnvironment(
      new Option('--bail [n]', 'start no further flow after so many failed, 1 when no number is given').argParser(
        readBail,
      ),
    ),
    withEnvironment(new Option('--max-failures <n>', 'the same as `--bail <n>`').argParser(readCount(1, 1_000_000))),
    createSlowestOption(),
  ];
}

/** How many of the slowest flows are listed. */
export function createSlowestOption(): Option {
  return withEnvironment(
    new Option('--slowest <n>', 'list the slowest flows, each with its slowest step')
      .argParser(readCount(0, 1000))
      .default(0),
  );
}

function readShard(text: string): OrderFlags['shard'] {
  const [, index, count] = /^([1-9]\d{0,4})\/([1-9]\d{0,4})$/.exec(text) ?? [];
  if (Number(index) <= Number(count)) return { index: Number(index), count: Number(count) };
  throw new InvalidArgumentError('expected a part and how many there are, from 1: `2/4`');
}

function readCount(least: number, most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^\d{1,9}$/.test(text) || count < least || count > most)
      throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
    return count;
  };
}

function readBail(text: string): number | undefined {
  if (text === 'false') return undefined;
  return text === '' || text === 'true' ? 1 : readCount(1, 1_000_000)(text);
}

function readShuffle(text: string): number | true | undefined {
  if (text === 'false') return undefined;
  return text === '' || text === 'true' ? true : readCount(0, 999_999_999)(text);
}
