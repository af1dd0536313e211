import type { ServicePrinted } from '../../model/service-printed.ts';
import type { Paint } from '../../util/paint.ts';
import { cleanLine } from './text.ts';

/** What services printed while a flow ran that did not pass, those lines marked that hold its trace id. */
export function renderPrinted(printed: readonly ServicePrinted[], paint: Paint): readonly string[] {
  return printed.flatMap(({ service, lines, omitted }) => {
    const more = omitted > 0 ? `, and ${omitted} lines more` : '';
    const marked = lines.some(({ isTraced }) => isTraced) ? ' (▸ with the trace id of this flow)' : '';
    const head = `   service \`${service}\` printed${marked}${more}`;
    const body = lines.map(({ text, isTraced }) => `   ${isTraced ? '▸' : ' '} ${cleanLine(text)}`);
    return ['', paint.dim(head), ...body];
  });
}
