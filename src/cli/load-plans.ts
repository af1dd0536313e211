import { readFileSync } from 'node:fs';
import type { FunctionDef } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { FlowPlan } from '../model/plan.ts';
import type { SourceFile } from '../model/source-file.ts';
import type { GivenInputs } from '../plan/flow-inputs.ts';
import { createFlowLibrary } from '../plan/flow-library.ts';
import { planFile } from '../plan/plan-file.ts';
import { loadSourceFile } from '../source/load-source-file.ts';

export interface LoadedPlans {
  readonly flows: readonly FlowPlan[];
  readonly diagnostics: readonly Diagnostic[];
  readonly fileCount: number;
}

export interface LoadOptions {
  readonly cwd: string;
  readonly actions: ReadonlyMap<string, ActionDefinition>;
  readonly functions: ReadonlyMap<string, FunctionDef>;
  readonly inputs: GivenInputs;
}

/** Reads and plans flow files: everything that is wrong with any of them, at once. */
export function loadPlans(paths: readonly string[], options: LoadOptions): LoadedPlans {
  const flows: FlowPlan[] = [];
  const diagnostics: Diagnostic[] = [];
  const givenNames = new Set([...options.inputs.given.keys(), ...options.inputs.envFile.keys()]);
  const files: SourceFile[] = [];
  const library = createFlowLibrary({ readFile: readOptionalFile, listRunFiles: () => files });
  for (const path of paths) {
    const loaded = loadSourceFile(path, options.cwd);
    if ('diagnostics' in loaded) diagnostics.push(...loaded.diagnostics);
    else files.push(loaded.file);
  }
  const { actions, functions } = options;
  for (const file of files) {
    const plan = planFile(file, { actions, functions, givenNames, readFile: readOptionalFile, library });
    flows.push(...plan.flows);
    diagnostics.push(...plan.diagnostics);
  }
  return { flows, diagnostics: withoutTwins(diagnostics), fileCount: paths.length };
}

/** What is wrong with a flow that others call is found with each call, and told once. */
function withoutTwins(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ span, path, code, message }) => {
    const key = `${span?.file.path ?? path} ${span?.start} ${code} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

function readOptionalFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
