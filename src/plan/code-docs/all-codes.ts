import { actionCodes } from './action-codes.ts';
import { blindCodes } from './blind-codes.ts';
import type { CodeDoc } from './code-doc.ts';
import { compositionCodes } from './composition-codes.ts';
import { flowCodes } from './flow-codes.ts';
import { habitCodes } from './habit-codes.ts';
import { serviceCodes } from './service-codes.ts';
import { yamlCodes } from './yaml-codes.ts';
import { yamlTrapCodes } from './yaml-trap-codes.ts';

/** The documentation of every code, in the order of the codes. */
export const codeDocs: readonly CodeDoc[] = [
  yamlCodes,
  yamlTrapCodes,
  flowCodes,
  habitCodes,
  blindCodes,
  compositionCodes,
  actionCodes,
  serviceCodes,
]
  .flat()
  .sort((a, b) => (a.code < b.code ? -1 : 1));
