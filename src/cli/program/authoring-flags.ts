import { Option } from 'commander';
import { withEnvironment } from '../arguments/environment-forms.ts';

/** Flags of `fmt`. */
export interface FormatFlags {
  /** Whether files stay as they are, and those that have another layout are named. */
  readonly check: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

export function createCheckOption(): Option {
  return withEnvironment(
    new Option('--check', 'change nothing; exit code 1 and a list where files are laid out otherwise').default(false),
  );
}

/** Flags of `new`. */
export interface NewFlags {
  readonly output?: string | undefined;
  /** Whether a file that is there is overwritten. */
  readonly force: boolean;
}

export function createNewOptions(): Option[] {
  return [
    new Option('-o, --output <file>', 'where the flow is written (default: flows/, by method and path)'),
    new Option('--force', 'overwrite a file that is there').default(false),
  ];
}
