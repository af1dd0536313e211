import { type Env, ExprError, type Host, type Value } from '../../expr/index.ts';
import { DiagnosticError } from '../../model/diagnostic.ts';
import { rankMistake } from '../../model/missing-value.ts';
import { CODES } from '../read/findings.ts';
import { convertPart, type Part } from './part.ts';

/** The value with each text rendered. @throws DiagnosticError at the text that gives nothing */
export function renderPart(part: Part, env: Env, host: Host): unknown {
  return convertPart(part, (template) => renderTemplate(template, env, host));
}

/** Renders one text; what is wrong is reported at its place in the file. */
function renderTemplate({ template, text }: Part & { kind: 'template' }, env: Env, host: Host): Value {
  try {
    return template.render(env, host);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    throw new DiagnosticError({
      severity: 'error',
      code: CODES.noValue,
      message: error.message,
      span: text.locate(error.offset, error.length),
      help: error.hint ? [error.hint] : [],
      kind: rankMistake(error, template.names, env),
    });
  }
}
