import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import type { SourceFile } from '../../model/source-file.ts';
import type { TraceTerms } from '../../model/trace-terms.ts';
import { readWrittenYaml } from '../../source/yaml/read-yaml.ts';
import { withWatchKeys } from '../flow/plan-watches.ts';
import type { FlowSettings, PlanContext } from '../read/context.ts';
import { describeNode, readMap } from '../read/fields.ts';
import { CODES, Findings } from '../read/findings.ts';
import { readFields } from '../read/keys.ts';
import { readProjectTrace } from '../read/read-trace.ts';
import { readFlowSettings } from './flow-settings.ts';
import { planServices } from './plan-services.ts';
import { PROJECT_KEYS } from './project-keys.ts';
import type { ServiceContext } from './written-service.ts';

export interface ProjectOptions extends Omit<ServiceContext, 'file' | 'findings'> {
  readonly actions: PlanContext['actions'];
}

/** What testmesh.yaml says. */
export interface ProjectPlan {
  readonly file: SourceFile;
  /** Each behind those that it needs. */
  readonly services: readonly ServicePlan[];
  readonly flowSettings?: FlowSettings | undefined;
  /** What it says of the traces of flows. */
  readonly trace?: TraceTerms | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Makes the plan of testmesh.yaml, with everything that is wrong with it; starts nothing. */
export function planProject(file: SourceFile, options: ProjectOptions): ProjectPlan {
  const { documents, diagnostics } = readWrittenYaml(file);
  const findings = new Findings();
  const [root] = documents;
  if (!root) return { file, services: [], diagnostics };
  if (root.kind !== 'map') {
    findings.error(CODES.wrongValue, `expected settings (a map), got ${describeNode(root)}`, root.span, [
      'testmesh.yaml has the key `services:`',
    ]);
    return { file, services: [], diagnostics: [...diagnostics, ...findings.list] };
  }
  const isOwnWord = (word: string): boolean => word.startsWith('x-');
  const table = withWatchKeys(PROJECT_KEYS, options.actions);
  const fields = readFields(root, { table, what: 'testmesh.yaml', isOwnWord }, findings);
  const flowSettings = readFlowSettings(fields, options.actions, findings);
  const services = planServices(readMap(fields.get('services'), findings), { ...options, file, findings });
  const trace = readProjectTrace(fields.get('trace'), findings);
  return { file, services, flowSettings, trace, diagnostics: [...diagnostics, ...findings.list] };
}
