import type { CompanionRef } from '../../model/companions/companion.ts';
import type { Span } from '../../model/source-file.ts';
import { CODES, type Findings } from '../read/findings.ts';

const NAME = /^[A-Za-z_]\w*$/;

/** Whether a companion may be called so; reported where not. */
export function isCompanionName({ kind, name }: CompanionRef, span: Span, findings: Findings): boolean {
  if (NAME.test(name)) return true;
  const help = ['it is letters, digits and `_`, and begins with a letter or `_`'];
  findings.error(CODES.badId, `\`${name}\` cannot be the name of a ${kind}`, span, help);
  return false;
}
