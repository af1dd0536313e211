import { Option } from 'commander';
import { withEnvironment } from './environment-forms.ts';
import { createColorOption, createReporterOption, createVerbosityOptions, OUTPUT_DIR, type RunFlags } from './flags.ts';
import { createSlowestOption } from './order-flags.ts';

/** The flags of a command that reports. */
export type ReportFlags = Pick<RunFlags, 'reporter' | 'quiet' | 'verbose' | 'color' | 'slowest'>;

/** Of `report`. */
export interface ReportRunFlags extends ReportFlags, Pick<RunFlags, 'outputDir' | 'historyDir'> {
  /** Whether runs are compared, in the place of one being reported. */
  readonly history: boolean;
  readonly json: boolean;
}

/** Of `merge-reports`. */
export interface MergeFlags extends ReportFlags {
  readonly allowMissing: boolean;
}

export const REPORT_HELP = `
Exit codes:
  0 reported, whatever came of the run, 2 there is no such record, 3 a report could not be written,
  4 with --history: there is no run to compare
`;

export const MERGE_HELP = `
Each shard runs with \`--shard i/n --reporter blob=run-i.blob\`.

Exit codes:
  that of the whole run; 3 where a shard or a flow is missing and nothing failed, 2 where blobs do not belong together
`;

/** The options of `report`. */
export function createReportOptions(): Option[] {
  return [
    ...createCommonReportOptions(),
    withEnvironment(new Option('--output-dir <dir>', 'where records of runs are').default(OUTPUT_DIR)),
    new Option(
      '--history',
      'over many runs: what broke when, what is flaky, what became slow; those of --history-dir, else of --output-dir',
    ).default(false),
    withEnvironment(new Option('--history-dir <dir>', 'entries that runs left, blobs, or folders of them')),
    new Option('--json', 'with --history: for programs').default(false),
  ];
}

/** The options of `merge-reports`. */
export function createMergeOptions(): Option[] {
  return [
    ...createCommonReportOptions(),
    withEnvironment(new Option('--allow-missing', 'a shard that is missing changes no exit code').default(false)),
  ];
}

function createCommonReportOptions(): Option[] {
  return [createReporterOption(), createSlowestOption(), ...createVerbosityOptions(), createColorOption()];
}
