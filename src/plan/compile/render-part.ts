import { type Env, ExprError, type Host, type Value } from '../../expr/index.ts';
import { DiagnosticError } from '../../model/diagnostic.ts';
import { describePart } from '../../model/explained.ts';
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
    const kind = rankMistake(error, template.names, env);
    // What lacks a value says so; where all is there, the values say what does not fit.
    const explanation = kind === 'authoring' && error.kind === 'run' ? template.explain(env, host) : undefined;
    const { parts = [], hints = [] } = explanation ?? {};
    throw new DiagnosticError({
      severity: 'error',
      code: CODES.noValue,
      message: error.message,
      span: text.locate(error.offset, error.length),
      help: hints.length > 0 ? hints : error.hint ? [error.hint] : [],
      kind,
      ...(parts.length > 0 && { explained: { error: error.message, parts: parts.map(describePart) } }),
    });
  }
}
