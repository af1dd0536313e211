import { type Env, ExprError, type Host, type Value } from '../../expr/index.ts';
import { DiagnosticError } from '../../model/diagnostic.ts';
import { explainMistake } from '../../model/explain-mistake.ts';
import { rankMistake } from '../../model/missing-value.ts';
import { CODES } from '../read/findings.ts';
import { convertPart, type Part } from './part.ts';

/** The value with each text rendered. @throws DiagnosticError at the text that gives nothing */
export function renderPart(part: Part, env: Env, host: Host): unknown {
  return convertPart(part, (template) => renderTemplate(template, env, host));
}

/** The value with those placeholders filled whose names are known; the others stay as they are written. */
export function previewPart(part: Part, env: Env, host: Host): unknown {
  return convertPart(part, ({ template }) => template.renderKnown(env, host));
}

/** Renders one text; what is wrong is reported at its place in the file. */
function renderTemplate({ template, text }: Part & { kind: 'template' }, env: Env, host: Host): Value {
  try {
    return template.render(env, host);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    const { explained, clues = [] } = explainMistake(template, error, { env, host });
    throw new DiagnosticError({
      severity: 'error',
      code: CODES.noValue,
      message: error.message,
      span: text.locate(error.offset, error.length),
      help: clues.map((clue) => clue.text),
      kind: rankMistake(error, template.names, env),
      explained,
    });
  }
}
