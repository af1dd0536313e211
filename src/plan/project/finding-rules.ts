import type { Diagnostic } from '../../model/diagnostic.ts';
import { findNearest } from '../../util/suggest.ts';
import { describeNode, readMap } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import type { Fields } from '../read/keys.ts';

/** What becomes of a finding, by its code. */
export type FindingRules = ReadonlyMap<string, 'off' | 'warning' | 'error'>;

/** Reads `findings: {TM204: off, TM210: error}`; `known` are the codes that there are. */
export function readFindingRules(fields: Fields, known: readonly string[], findings: Findings): FindingRules {
  const rules = new Map<string, 'off' | 'warning' | 'error'>();
  for (const { key, value } of readMap(fields.get('findings'), findings)?.entries ?? []) {
    const code = key.text.text;
    const word = value.kind === 'scalar' ? (value.value === false ? 'off' : value.value) : undefined;
    if (!known.includes(code)) {
      const nearest = findNearest(code, known);
      const help =
        nearest === undefined ? 'a finding is named by its code, as in `TM209: off`' : `did you mean \`${nearest}\`?`;
      findings.error(CODES.wrongValue, `\`findings\`: there is no finding \`${code}\``, key.span, [help]);
    } else if (word === 'off' || word === 'warning' || word === 'error') rules.set(code, word);
    else {
      const message = `\`${code}\`: expected \`off\`, \`warning\` or \`error\`, got ${describeNode(value)}`;
      findings.error(CODES.wrongValue, message, value.span);
    }
  }
  return rules;
}

/** The findings as rules have them: no rule switches an error off. */
export function withFindingRules(
  diagnostics: readonly Diagnostic[],
  rules: FindingRules | undefined,
): readonly Diagnostic[] {
  if (!rules || rules.size === 0) return diagnostics;
  return diagnostics.flatMap((diagnostic): readonly Diagnostic[] => {
    const { code, severity, help = [] } = diagnostic;
    const rule = rules.get(code);
    if (rule === undefined || rule === severity) return [diagnostic];
    if (severity === 'error')
      return [
        {
          ...diagnostic,
          help: [...help, `\`findings: {${code}: ${rule}}\` of testmesh.yaml is for its warnings: an error stays one`],
        },
      ];
    if (rule === 'off') return [];
    return [
      {
        ...diagnostic,
        severity: 'error',
        help: [...help, `testmesh.yaml makes it an error (\`findings: {${code}: error}\`)`],
      },
    ];
  });
}
