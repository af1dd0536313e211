import { showInvisible } from '../../expr/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { positionAt } from '../../model/source-file.ts';
import { writeAnnotation } from '../../util/workflow-commands.ts';

/** A finding as data: place in lines and columns from 1, the end exclusive. */
export interface FindingData {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
  readonly help: readonly string[];
}

/** Everything that `validate` found. */
export interface FindingsReport {
  readonly findings: readonly FindingData[];
  readonly flowCount: number;
  readonly fileCount: number;
  readonly errors: number;
  readonly warnings: number;
}

/** Turns findings into data; `--strict` makes warnings errors, `mask` hides secrets in their words. */
export function toFindings(
  diagnostics: readonly Diagnostic[],
  { isStrict, mask }: { isStrict: boolean; mask: (text: string) => string },
): FindingData[] {
  return diagnostics.map(({ severity, code, message, span, path, help = [] }) => {
    const words = { message: mask(message), help: help.map(mask) };
    const about = { severity: isStrict ? ('error' as const) : severity, code, ...words };
    if (!span) return { ...about, file: path };
    const start = positionAt(span.file, span.start);
    const end = positionAt(span.file, span.end);
    return {
      ...about,
      file: span.file.path,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
    };
  });
}

/** The report as JSON; `version` grows when a reader would have to change. */
export function formatJson({ findings, flowCount, fileCount, errors, warnings }: FindingsReport): string {
  const report = { version: 1, valid: errors === 0, files: fileCount, flows: flowCount, errors, warnings, findings };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Workflow commands of GitHub Actions: an annotation on the line of each finding. */
export function formatGithub({ findings }: FindingsReport): string {
  return findings
    .map(({ code: title, message, help, ...place }) => {
      const text = [message, ...help].map(showInvisible).join('\n');
      return `${writeAnnotation({ ...place, title, message: text })}\n`;
    })
    .join('');
}
