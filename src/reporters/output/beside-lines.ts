import type { ServicePrinted } from '../../model/companions/service-printed.ts';
import type { Detail, FlowFinished } from '../../model/events.ts';
import type { Paint } from '../../util/paint.ts';
import { cleanLine } from './text.ts';

/** What was seen beside the steps of a flow: requests that a stub had no route for, and what services printed, those lines marked that hold its trace id. */
export function renderBeside(
  { output, details = [] }: FlowFinished,
  paint: Paint,
  { isEverything = false } = {},
): readonly string[] {
  const { printed = [] } = output;
  const shown = details.filter(({ isExtra }) => isEverything || !isExtra);
  return [...shown.flatMap((detail) => renderDetail(detail, paint)), ...printed.flatMap(renderService)];

  function renderService({ service, lines, omitted }: ServicePrinted): readonly string[] {
    const more = omitted > 0 ? `, and ${omitted} lines more` : '';
    const marked = lines.some(({ isTraced }) => isTraced) ? ' (▸ with the trace id of this flow)' : '';
    const head = `   service \`${service}\` printed${marked}${more}`;
    const body = lines.map(({ text, isTraced }) => `   ${isTraced ? '▸' : ' '} ${cleanLine(text)}`);
    return ['', paint.dim(head), ...body];
  }
}

function renderDetail({ title, lines }: Detail, paint: Paint): readonly string[] {
  return ['', paint.dim(`   ${cleanLine(title)}`), ...lines.map((line) => `     ${cleanLine(line)}`)];
}
