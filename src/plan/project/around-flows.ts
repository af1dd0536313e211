import type { FlowRole } from '../../model/flow-about.ts';
import type { Span } from '../../model/source-file.ts';
import { describeNode } from '../read/fields.ts';
import { CODES } from '../read/findings.ts';
import type { Fields } from '../read/keys.ts';
import { isNothing } from '../read/keys.ts';
import { readNamedFile } from '../read/named-file.ts';
import type { ProjectContext } from './written-companion.ts';

/** The file of a flow that runs once, before or after all others. */
export interface AroundFile {
  readonly absolutePath: string;
  /** Where testmesh.yaml names it. */
  readonly span: Span;
}

/** The files that testmesh.yaml names under `before_all` and `after_all`. */
export type AroundFiles = Readonly<Partial<Record<FlowRole, AroundFile>>>;

/** Reads which flows run around all others; a file that is not there is reported. */
export function readAroundFiles(fields: Fields, context: ProjectContext): AroundFiles {
  const read = (role: FlowRole): AroundFiles => {
    const field = fields.get(role);
    if (!field) return {};
    const { value } = field;
    if (value.kind !== 'scalar' || isNothing(value)) {
      const message = `\`${role}\`: expected the file of a flow, got ${describeNode(value)}`;
      context.findings.error(CODES.wrongValue, message, value.span, [
        `write \`${role}: flows/log-in.yaml\`; a flow that calls others takes the place of several`,
      ]);
      return {};
    }
    const named = readNamedFile(value.text, CODES.missingFile, { ...context, fileWord: 'testmesh.yaml' });
    return named ? { [role]: { absolutePath: named.absolutePath, span: value.span } } : {};
  };
  return { ...read('before_all'), ...read('after_all') };
}
