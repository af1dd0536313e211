import type { Diagnostic } from '../../model/diagnostic.ts';
import { positionAt, type SourceFile } from '../../model/source-file.ts';
import { quoteYaml } from './quote.ts';

/** Text that YAML reads as something else, from `start` to `end` as the author meant it. */
export interface Trap {
  readonly code: string;
  readonly severity?: 'error' | 'warning';
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** Where the text itself begins, behind a mark that does not belong to it. */
  readonly textStart?: number;
}

/** The diagnostic of a trap, with the corrected line as help. */
export function createTrapDiagnostic(file: SourceFile, trap: Trap): Diagnostic {
  return {
    severity: trap.severity ?? 'error',
    code: trap.code,
    message: trap.message,
    span: { file, start: trap.start, end: trap.end },
    help: [`quote it: \`${correctLine(file, trap)}\``],
  };
}

/** The line in which the stretch begins, without its indentation and what follows, with the stretch quoted. */
function correctLine(file: SourceFile, { start, end, textStart = start }: Trap): string {
  const lineStart = file.lineStarts[positionAt(file, start).line - 1] ?? 0;
  const before = file.text.slice(lineStart, start).trimStart();
  const quoted = quoteYaml(dropQuotes(file.text.slice(textStart, end).trimEnd()));
  const rest = /^[^\r\n]*/.exec(file.text.slice(end))?.[0] ?? '';
  return `${before}${quoted}${rest.trimEnd()}`;
}

/** `"{{TS}}" == "x"`: the quotes are those of a text in it. */
const BEGINS_WITH_TEXT = /^"[^"]*"\s*(?:[=!<>]=|[<>+,?|]|(?:in|not|contains|matches|startsWith|endsWith|and|or)\b)/;

/** `"body.name == "Ann""` and `"body.name" == "Ann"`: quotes around the whole, or around its path, are not those of its texts. */
function dropQuotes(text: string): string {
  const [, path, rest] =
    /^"([A-Za-z_]\w*(?:\.\w+|\[\d+\])+)"(\s*(?:[=!<>]=|[<>]|(?:contains|matches|startsWith|endsWith|in)\s).*)$/s.exec(
      text,
    ) ?? [];
  if (path !== undefined) return `${path}${rest}`;
  if (BEGINS_WITH_TEXT.test(text)) return text;
  const inner = /^"(.*)"$/s.exec(text)?.[1];
  const texts = inner?.match(/"/g)?.length ?? 0;
  return inner !== undefined && texts > 0 && texts % 2 === 0 && /[\s(=]"/.test(inner) ? inner : text;
}
