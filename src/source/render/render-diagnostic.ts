import { showInvisible } from '../../expr/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Location } from '../../model/events.ts';
import { toLocation } from '../../model/location.ts';
import { maskPlace } from '../../model/move-place.ts';
import type { Span } from '../../model/source-file.ts';
import { hideWritten } from '../../util/hidden-fields.ts';
import { createPaint } from '../../util/paint.ts';
import { hideWorkflowCommands } from '../../util/workflow-commands.ts';
import { renderExcerpt } from './render-excerpt.ts';

const INDENT = '   ';

/** Draws a finding: severity and code, place, the lines with carets, what to do. Ends with a line feed. */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  options: {
    readonly color: boolean;
    readonly columns?: number | undefined;
    /** Masks the lines of the file, so that the carets stand where they belong. */
    readonly hide?: ((text: string) => string) | undefined;
  },
): string {
  const paint = createPaint(options.color);
  const { severity, code, message, span, help = [] } = diagnostic;
  const mark = severity === 'error' ? paint.red : paint.yellow;
  const { hide } = options;
  const located = span && locateFully(span);
  const location = located && hide ? maskPlace(located, hide) : located;
  const place = located ? `${located.file}:${located.line}:${located.column}` : diagnostic.path;
  const columns = options.columns === undefined ? undefined : options.columns - INDENT.length;
  const excerpt = location ? renderExcerpt(location, { paint, mark, numberWidth: 2, columns }) : [];
  // Names and keys come from files: none may begin a line, or steer the terminal.
  const lines = [
    `${paint.bold(mark(`${severity}[${code}]`))} ${showInvisible(message)}`,
    ...(place === undefined ? [] : [`  ${paint.cyan(showInvisible(place))}`]),
    ...excerpt.map((line) => `${INDENT}${line}`),
    ...help.map((sentence) => `${INDENT}= ${showInvisible(sentence)}`),
  ];
  return `${lines.map(hideWorkflowCommands).join('\n')}\n`;
}

/** A location keeps the beginning of a long line only; here the file is at hand, so the stretch in question can be shown. */
function locateFully(span: Span): Location {
  const location = toLocation(span);
  const lineStart = span.file.lineStarts[location.line - 1] ?? 0;
  const text = /^[^\r\n]*/.exec(span.file.text.slice(lineStart))?.[0] ?? '';
  const excerpt = location.excerpt?.map((line) =>
    line.line === location.line ? { ...line, text: hideWritten(text) } : line,
  );
  return { ...location, excerpt };
}
