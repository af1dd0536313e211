import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CompanionPlan } from '../../model/companions/companion-plan.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { CODES } from '../../plan/read/findings.ts';
import { PROJECT_FILE, type Project } from '../arguments/find-project.ts';
import type { Sources } from '../arguments/load-flows.ts';
import { UsageError } from '../process/usage-error.ts';
import type { FilesAbout } from './pod-files.ts';

/** All that the pods of these flows have to find. */
export function listSources(
  { flowFiles, read }: Sources,
  { flows, project, cwd }: { flows: readonly FlowPlan[]; project: Project | undefined; cwd: string },
): FilesAbout {
  const ofProject = project ? [join(project.directory, PROJECT_FILE)] : [];
  return {
    ...{ cwd, project: project?.directory, flowFiles },
    read: [...read, ...ofProject, ...flows.flatMap(listNamedFiles)],
  };
}

const READS_FILE = /\b(?:file|matches_schema)\(/;
const QUOTED = /(["'`])([^"'`\\]+)\\?\1/g;

/** What expressions of a flow read when they are evaluated, and not before. */
function listNamedFiles({ file }: FlowPlan): readonly string[] {
  const lines = file.text.split('\n').filter((line) => READS_FILE.test(line));
  return lines
    .flatMap((line) => [...line.matchAll(QUOTED)].map(([, , name = '']) => resolve(dirname(file.absolutePath), name)))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** A ConfigMap is read by whoever may look around: what is a warning of a file that stays here is an error of one that goes there. */
export function forbidSecrets(diagnostics: readonly Diagnostic[], flows: readonly FlowPlan[]): readonly Diagnostic[] {
  const why = 'the files go into a ConfigMap, which hides nothing';
  const known = new Set(diagnostics.filter(({ code }) => code === CODES.literalSecret).map(({ span }) => span));
  const declared = flows.flatMap((flow) =>
    flow.declared.flatMap(({ name, literal, span }): readonly Diagnostic[] => {
      if (!flow.secrets.includes(name) || literal === undefined || literal === '' || known.has(span)) return [];
      const message = `\`${name}\` is a secret of the flow, and its value stands in the file`;
      const help = [`write \`${name}: "\${${name}}"\`, and give the value with \`--secret ${name}=…\``, why];
      return [{ severity: 'error', code: CODES.literalSecret, message, span, help }];
    }),
  );
  const rows = flows.flatMap((flow): readonly Diagnostic[] => {
    const name = flow.secrets.find((one) => flow.rows?.some(({ values }) => values.get(one)));
    if (name === undefined) return [];
    const message = `\`${name}\` is a secret of the flow, and its values stand in \`data\``;
    return [{ severity: 'error', code: CODES.literalSecret, message, span: flow.span, help: [why] }];
  });
  return [
    ...diagnostics.map(
      (one): Diagnostic =>
        one.code === CODES.literalSecret ? { ...one, severity: 'error', help: [...(one.help ?? []), why] } : one,
    ),
    ...declared,
    ...rows,
  ];
}

/** @throws UsageError for what each pod would start by itself */
export function refuseCompanions([companion]: readonly Pick<CompanionPlan, 'name'>[]): void {
  if (!companion) return;
  throw new UsageError(`--emit kubernetes: each pod would start \`${companion.name}\` of testmesh.yaml for itself`, [
    'leave them to the cluster: `--services none`, and their addresses with `--var`',
  ]);
}
