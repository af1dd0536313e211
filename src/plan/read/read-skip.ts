import { describeNode } from './fields.ts';
import { CODES, type Findings } from './findings.ts';
import type { Field } from './keys.ts';

/** Words and numbers that somebody writes who takes `skip` for a switch. */
const SWITCH = /^(?:true|false|yes|no|on|off|y|n|nil|null|none|[-+]?\d[\d.]*)?$/i;
/** As in `{{SKIP}}`, `${SKIP}` and `<<SKIP>>`. */
const PLACEHOLDER = /\{\{.*\}\}|\$\{.*\}|<<\w.*>>/s;

/** The reason why something does not run; undefined for none and for `false`. What says no reason is reported: it would be left out for ever. */
export function readSkip(field: Field | undefined, what: 'step' | 'flow', findings: Findings): string | undefined {
  if (!field) return undefined;
  const { value } = field;
  if (value.kind === 'scalar' && value.value === false) return undefined;
  const reason = value.kind === 'scalar' ? value.text.text : '';
  const isPlaceholder = PLACEHOLDER.test(reason);
  if (!isPlaceholder && !SWITCH.test(reason.trim())) return reason;
  const sometimes =
    what === 'step' ? 'a step that runs only sometimes has `when: "…"`' : '`when: "…"` at its steps leaves them out';
  if (isPlaceholder) {
    const message = `\`skip\` is a reason, in which placeholders have no value: whatever it came to, the ${what} would be left out`;
    findings.error(CODES.placeholder, message, value.span, [sometimes]);
  } else {
    const message = `\`skip\`: expected the reason why the ${what} is left out, got ${describeNode(value)}`;
    const help = `write the reason, as in \`skip: "waits for ticket 12"\`, or remove \`skip\`: the ${what} runs without it`;
    findings.error(CODES.wrongValue, message, value.span, [help, sometimes]);
  }
  return undefined;
}
