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
