import { Option } from 'commander';
import { withEnvironment } from '../arguments/environment-forms.ts';
import {
  type CommonFlags,
  createCommonOptions,
  createEnvironmentOption,
  OUTPUT_DIR,
  readDuration,
} from '../arguments/flags.ts';

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

/** Flags of `doctor`. */
export interface DoctorFlags extends CommonFlags {
  readonly outputDir: string;
  /** How long each answer may take, ms. */
  readonly timeout?: number | undefined;
}

export function createDoctorOptions(): Option[] {
  return [
    withEnvironment(
      new Option('--timeout <time>', 'how long each may take to answer (default: 5s)').argParser(readDuration),
    ),
    withEnvironment(new Option('--output-dir <dir>', 'where records would be').default(OUTPUT_DIR)),
    createEnvironmentOption(),
    ...createCommonOptions(),
  ];
}

/** Flags of `init`. */
export interface InitFlags {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  /** Whether nothing is asked. */
  readonly yes: boolean;
}

export function createInitOptions(): Option[] {
  return [
    new Option('--name <name>', 'what the service is called that is tested (default: shop)'),
    new Option('--url <url>', 'where it is reached on this machine (default: http://localhost:3000)'),
    new Option('-y, --yes', 'ask nothing').default(false),
  ];
}
