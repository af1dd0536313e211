import { InvalidArgumentError, Option } from 'commander';
import { withEnvironment } from './environment-forms.ts';

/** Which flows a command is about; what is absent chooses all. */
export interface ChoiceFlags {
  /** A condition on tags. */
  readonly tags?: string | undefined;
  /** What `suite:` of a flow says. */
  readonly suite?: string | undefined;
  /** A pattern that is found in the name or the path of a flow. */
  readonly grep?: string | undefined;
  /** A pattern that is found in neither. */
  readonly grepInvert?: string | undefined;
  /** The commit since which something of a flow changed. */
  readonly onlyChanged?: string | undefined;
}

/** The options that choose flows, of `run` and `list`. */
export function createChoiceOptions(): Option[] {
  return [
    withEnvironment(
      new Option('-t, --tags <condition>', 'just the flows with these tags: `smoke`, `smoke and not (slow or flaky)`'),
    ),
    withEnvironment(new Option('--suite <name>', 'just the flows of this `suite:`')),
    withEnvironment(
      new Option('-g, --grep <pattern>', 'just the flows in whose name or path this is found (RE2)').argParser(
        readPattern,
      ),
    ),
    withEnvironment(
      new Option('--grep-invert <pattern>', 'all but the flows in whose name or path this is found').argParser(
        readPattern,
      ),
    ),
    withEnvironment(
      new Option(
        '--only-changed [ref]',
        'just the flows of which a file changed since the last commit; `--only-changed=main`: since this branch left main',
      ).argParser(readRef),
    ),
  ];
}

/** Some rows of data, both ends included, counted from 1. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Reads `3`, `2-5` and `1,4-6`. */
export function collectRows(text: string, earlier: readonly RowRange[]): RowRange[] {
  return [...earlier, ...text.split(',').map(readRange)];
}

function readRange(text: string): RowRange {
  const [, first, last] = /^\s*([1-9]\d{0,8})\s*(?:-\s*([1-9]\d{0,8})\s*)?$/.exec(text) ?? [];
  if (first === undefined) throw new InvalidArgumentError('expected the number of a row, from 1, or rows: `2-5`');
  const from = Number(first);
  const to = Number(last ?? first);
  if (to < from) throw new InvalidArgumentError(`expected the smaller number first: \`${to}-${from}\``);
  return { from, to };
}

/** Without a value everything that is not committed. */
function readRef(text: string): string | undefined {
  if (text === 'false') return undefined;
  return text === '' || text === 'true' ? 'HEAD' : text;
}

function readPattern(text: string): string {
  // An empty variable of a pipeline must not run all flows.
  if (text === '') throw new InvalidArgumentError('expected a pattern');
  return text;
}
