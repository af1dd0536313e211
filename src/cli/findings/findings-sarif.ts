import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FindingData, FindingsReport } from './findings-formats.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** The report as SARIF 2.1.0, as code scanning services read it. */
export async function formatSarif({ findings }: FindingsReport, version: string): Promise<string> {
  const { codeDocs } = await import('../../plan/code-docs/all-codes.ts');
  const used = new Set(findings.map(({ code }) => code));
  const rules = codeDocs
    .filter(({ code }) => used.has(code))
    .map(({ code, title, text }) => ({
      id: code,
      shortDescription: { text: title },
      fullDescription: { text },
      help: { text: `${text} See \`testmesh explain ${code}\`.` },
    }));
  const ruleIndex = new Map(rules.map(({ id }, index) => [id, index]));
  const run = {
    tool: { driver: { name: 'testmesh', semanticVersion: version, rules } },
    columnKind: 'utf16CodeUnits',
    results: findings.map((finding) => toResult(finding, ruleIndex.get(finding.code))),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

function toResult(finding: FindingData, ruleIndex: number | undefined) {
  const { code, severity, message, file, help } = finding;
  return {
    ruleId: code,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: severity,
    message: { text: [message, ...help].join('; ') },
    ...(file !== undefined && { locations: [{ physicalLocation: toPhysicalLocation(file, finding) }] }),
  };
}

function toPhysicalLocation(file: string, { line, column, endLine, endColumn }: FindingData) {
  const artifactLocation = { uri: toUri(file) };
  if (line === undefined || column === undefined) return { artifactLocation };
  return { artifactLocation, region: { startLine: line, startColumn: column, endLine, endColumn } };
}

/** Relative paths stay relative: the reader knows the root of the checkout. */
function toUri(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.split(/[\\/]/).map(encodeURIComponent).join('/');
}
