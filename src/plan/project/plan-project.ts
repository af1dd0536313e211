import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { SourceFile } from '../../model/source-file.ts';
import type { TraceTerms } from '../../model/trace-terms.ts';
import type { MapNode } from '../../source/yaml/node.ts';
import { readWrittenYaml } from '../../source/yaml/read-yaml.ts';
import { explainOtherProjectKey } from '../foreign/service-keys.ts';
import type { FlowSettings, KnownCompanions } from '../read/context.ts';
import { describeNode, readMap } from '../read/fields.ts';
import { CODES, Findings } from '../read/findings.ts';
import { createFlowLibrary } from '../read/flow-library.ts';
import { readFields } from '../read/keys.ts';
import { readProjectTrace } from '../read/read-trace.ts';
import { withWatchKeys } from '../read/watch-keys.ts';
import { checkCompanions, listKnown } from './check-companions.ts';
import { type FindingRules, readFindingRules } from './finding-rules.ts';
import { readFlowSettings } from './flow-settings.ts';
import { readDefaults } from './plan-defaults.ts';
import { planMocks } from './plan-mocks.ts';
import { planServices } from './plan-services.ts';
import { planStarters } from './plan-starters.ts';
import { PROJECT_KEYS } from './project-keys.ts';
import { type RunSettings, readRunSettings } from './run-settings.ts';
import type { ProjectContext } from './written-companion.ts';

export type ProjectOptions = Omit<ProjectContext, 'file' | 'findings' | 'library'>;

/** What testmesh.yaml says. */
export interface ProjectPlan {
  readonly file: SourceFile;
  /** Each behind those that it needs; not the services that their stubs stand in for. */
  readonly companions: readonly ProjectCompanion[];
  readonly known: KnownCompanions;
  readonly flowSettings?: FlowSettings | undefined;
  /** What it says of the traces of flows. */
  readonly trace?: TraceTerms | undefined;
  /** What it says of runs. */
  readonly runSettings?: RunSettings | undefined;
  /** What becomes of findings. */
  readonly findingRules?: FindingRules | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is known where testmesh.yaml cannot be read. */
export const UNREADABLE: KnownCompanions = {
  ...{ service: new Map(), stub: new Map(), proxy: new Map(), mocks: new Map() },
  isUnreadable: true,
};

/** Makes the plan of testmesh.yaml, with everything that is wrong with it; starts nothing. */
export function planProject(file: SourceFile, options: ProjectOptions): ProjectPlan {
  const { documents, diagnostics } = readWrittenYaml(file);
  const findings = new Findings();
  const [root] = documents;
  const nothing = { file, companions: [], known: UNREADABLE };
  if (!root) return { ...nothing, diagnostics };
  if (root.kind !== 'map') {
    findings.error(CODES.wrongValue, `expected settings (a map), got ${describeNode(root)}`, root.span, [
      'testmesh.yaml has the key `services:`',
    ]);
    return { ...nothing, diagnostics: [...diagnostics, ...findings.list] };
  }
  const context = { ...options, file, findings, library: createFlowLibrary(options) };
  return { file, ...planRoot(root, context), diagnostics: [...diagnostics, ...findings.list] };
}

function planRoot(
  root: MapNode,
  context: ProjectContext,
): Pick<ProjectPlan, 'companions' | 'known' | 'flowSettings' | 'trace' | 'runSettings' | 'findingRules'> {
  const { findings } = context;
  const isOwnWord = (word: string): boolean => word.startsWith('x-');
  const table = withWatchKeys(PROJECT_KEYS, context.actions);
  const fields = readFields(
    root,
    { table, what: 'testmesh.yaml', isOwnWord, explain: explainOtherProjectKey },
    findings,
  );
  const mapOf = (word: string): MapNode | undefined => readMap(fields.get(word), findings);
  const maps = [mapOf('services'), mapOf('stubs'), mapOf('proxies'), mapOf('mocks')] as const;
  // With a key that was meant to be one of these nobody knows what it has.
  const isUnreadable = findings.list.some(({ severity }) => severity === 'error');
  const services = planServices(maps[0], context);
  const starters = [...planStarters('stub', maps[1], context), ...planStarters('proxy', maps[2], context)];
  const names = { service: namesOf(maps[0]), stub: namesOf(maps[1]), proxy: namesOf(maps[2]) };
  const written = { services, starters, names, mocks: planMocks(maps[3], { services, names }, context) };
  const known = { ...listKnown(written), isUnreadable };
  const defaults = readDefaults(fields, context);
  const flowSettings = { ...readFlowSettings(fields, context.actions, findings), defaults };
  const trace = readProjectTrace(fields.get('trace'), findings);
  const runSettings = readRunSettings(fields, context);
  const findingRules = readFindingRules(fields, context.codes, findings);
  return {
    known,
    flowSettings,
    trace,
    runSettings,
    findingRules,
    companions: checkCompanions(written, known, context),
  };
}

function namesOf(map: MapNode | undefined): readonly string[] {
  return (map?.entries ?? []).map(({ key }) => key.text.text);
}
