import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';

/** Warns of values that become part of an SQL text, where a quote in one breaks the statement or worse. */
export function warnPastedSql(step: PlannedStep, findings: Findings): void {
  if (step.action.name !== 'database_query') return;
  const { query } = step.authored as { readonly query?: unknown };
  // A query that comes from a variable as a whole is not one that something is pasted into.
  if (typeof query !== 'string' || /^\s*(?:\{\{[^{}]*\}\}|\$\{[^{}]*\}|<<[^<>]*>>)\s*$/.test(query)) return;
  const told = new Set<string>();
  for (const { name, setting, span } of step.needs) {
    // In a file with `template: true` it is meant.
    if (setting !== 'query' || told.has(name) || span.file !== step.span.file) continue;
    told.add(name);
    findings.warn(CODES.pastedSql, `\`${name}\` is pasted into the SQL text`, span, [
      `bind it: write \`:${name}\` in its place, without quotes, and \`params: {${name}: "{{${name}}}"}\``,
    ]);
  }
}
