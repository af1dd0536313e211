import type { SettingLanguage } from '../../model/action/settings.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';

/** A text that is one placeholder as a whole: nothing is pasted into it. */
const PLACEHOLDER = /^\s*(?:\{\{[^{}]*\}\}|\$\{[^{}]*\}|<<[^<>]*>>)\s*$/;

/** Warns of values that become part of an SQL text or its like, where a quote in one breaks the statement or worse. */
export function warnPastedValues(step: PlannedStep, findings: Findings): void {
  for (const [setting, language] of Object.entries(step.action.settings.languages ?? {})) {
    const text = (step.authored as Readonly<Record<string, unknown>> | null)?.[setting];
    if (typeof text === 'string' && !PLACEHOLDER.test(text)) warnPasted(step, { setting, language, text }, findings);
  }
}

function warnPasted(
  { needs, span: place }: PlannedStep,
  { setting, language, text }: { setting: string; language: SettingLanguage; text: string },
  findings: Findings,
): void {
  const reported = new Set<string>();
  for (const { name, setting: reader, span } of needs) {
    // In a file with `template: true` it is meant.
    if (reader !== setting || reported.has(name) || span.file !== place.file) continue;
    reported.add(name);
    if (language.isName?.(text, name)) continue;
    const message = `\`${name}\` is pasted into the ${language.name} text`;
    findings.warn(CODES.pastedSql, message, span, [language.bind(name)]);
  }
}
