import { actions } from '../../src/actions/registry.ts';
import { createFunctions } from '../../src/functions/registry.ts';
import type { ActionDefinition } from '../../src/model/action/definition.ts';
import { createSourceFile, positionAt } from '../../src/model/source-file.ts';
import { type FilePlan, planFile } from '../../src/plan/plan-file.ts';

/** Plans a text as the file `flow.yaml`; other files are those given by name. */
export function planText(
  text: string,
  options: {
    given?: readonly string[];
    files?: Record<string, string>;
    /** Besides the real ones. */
    actions?: Record<string, ActionDefinition>;
  } = {},
): FilePlan {
  return planFile(createSourceFile('flow.yaml', '/flows/flow.yaml', text), {
    actions: new Map([...actions, ...Object.entries(options.actions ?? {})]),
    functions: createFunctions(),
    givenNames: new Set(options.given ?? []),
    readFile: (path) => options.files?.[path.replace('/flows/', '')],
  });
}

/** Findings as `code line:column message`, in the order of the file. */
export function findingsOf(plan: FilePlan): string[] {
  return plan.diagnostics.map(({ code, message, span }) => {
    const place = span ? positionAt(span.file, span.start) : undefined;
    const file = span && span.file.path !== 'flow.yaml' ? `${span.file.path}:` : '';
    return `${code} ${place ? `${file}${place.line}:${place.column}` : '-'} ${message}`;
  });
}
