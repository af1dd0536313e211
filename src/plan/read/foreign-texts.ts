import { type Expression, suggestLayout, type Template } from '../../expr/index.ts';
import type { TextAt } from '../../model/source-file.ts';
import { CODES, type Findings } from './findings.ts';

/** `${env:HOME}`, which reads as a name with a fallback; of `env`, in small letters, the fallback may well be meant: `${env:dev}`. */
const PREFIXED = /\$\{[ \t]*(?:(?:env|ENV):([A-Z_][A-Z0-9_]*)|(?:secrets?|vars?|sys):([A-Za-z_]\w*))[ \t]*\}/g;
const FORMAT = /\.Format\(\s*(["'])([^"'\\{}]*)\1\s*\)/g;

/** Warns of what other tools read as a variable or a date, and what is a text here. */
export function warnForeignTexts(compiled: Expression | Template, text: TextAt, findings: Findings): void {
  if (compiled.names.some(({ optional }) => optional)) {
    for (const { 0: written, 1: upper, 2: other, index } of text.text.matchAll(PREFIXED)) {
      const name = upper ?? other ?? '';
      const prefix = written.slice(2, written.indexOf(':')).trim();
      const message = `\`${written}\` is the text "${name}" where nothing is named \`${prefix}\``;
      findings.warn(CODES.foreignText, message, text.locate(index, written.length), [
        `write \`\${${name}}\`, or \`\${${prefix}:-${name}}\` where the text is meant`,
      ]);
    }
  }
  if (!text.text.includes('.Format(')) return;
  for (const { 0: written, 2: layout = '', index } of text.text.matchAll(FORMAT)) {
    const help = suggestLayout(layout);
    if (help === undefined) continue;
    const message = `\`${layout}\` is not a layout of a date: its letters come out as they are`;
    findings.warn(CODES.foreignText, message, text.locate(index, written.length), [help]);
  }
}
