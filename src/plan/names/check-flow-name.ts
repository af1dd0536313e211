import type { NameRef } from '../../model/plan.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import { CODES, type Findings } from '../read/findings.ts';
import type { Producer } from './name-findings.ts';

const OWN_NAME = 'FLOW_NAME';

/** Reports a flow's name that is made of itself: directly, or by a variable that holds it. */
export function reportNameOfItself({ nameRefs, declared }: PlannedFlow, findings: Findings): void {
  const help = ['remove it from one of the two'];
  const used = new Set(nameRefs.map(({ name }) => name));
  for (const { name, span } of nameRefs) {
    if (name === OWN_NAME)
      findings.error(
        CODES.usedBeforeCapture,
        `\`${OWN_NAME}\` is this name: it cannot be a part of itself`,
        span,
        help,
      );
  }
  const last = declared.findLastIndex(({ name }) => used.has(name));
  // A variable that is asked for before it is there would leave its placeholder in the name.
  for (const variable of declared.slice(0, last + 1)) {
    for (const ref of variable.refs.filter(({ name }) => name === OWN_NAME)) {
      const message = `\`${OWN_NAME}\` is made of \`${declared[last]?.name}\`, which has no value yet where \`${variable.name}\` is made`;
      findings.error(CODES.usedBeforeCapture, message, ref.span, help);
    }
  }
}

/** Reports a name that a step makes: that of the flow is there before them all. */
export function reportMadeByStep({ name, span }: NameRef, { step }: Producer, findings: Findings): void {
  const message = `\`${name}\` is made by step \`${step.id}\`, but the flow has its name before its first step`;
  findings.error(CODES.usedBeforeCapture, message, span, [
    'a name may use variables of `env`, columns of `data` and built-in names',
  ]);
}
