import type { FlowPlan } from '../../model/plan.ts';
import { readTagCondition, type TagCondition, TagMistake } from '../../plan/select/tag-condition.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';

/** The flows whose tags are those asked for; all where none are. @throws UsageError when the condition cannot be read, or no flow matches */
export function chooseTagged(flows: readonly FlowPlan[], text: string | undefined): readonly FlowPlan[] {
  if (text === undefined) return flows;
  const condition = readCondition(text);
  const known = [...new Set(flows.flatMap((flow) => flow.tags))].sort();
  // A tag that is spelt otherwise would choose other flows than was meant, and say nothing.
  for (const name of condition.names) {
    const nearest = known.includes(name) ? undefined : findNearest(name, known);
    if (nearest !== undefined)
      throw new UsageError(`--tags: no flow has the tag \`${name}\``, [`did you mean \`${nearest}\`?`]);
  }
  const chosen = flows.filter((flow) => condition.matches(flow.tags));
  if (chosen.length > 0 || flows.length === 0) return chosen;
  const help = known.length === 0 ? 'none of them has `tags:`' : `their tags are ${listNames(known, 20)}`;
  throw new UsageError(`--tags: no flow matches \`${text}\``, [help], EXIT.nothingMatched);
}

function readCondition(text: string): TagCondition {
  try {
    return readTagCondition(text);
  } catch (error) {
    if (!(error instanceof TagMistake)) throw error;
    throw new UsageError(`--tags: ${error.message}`, [error.help]);
  }
}
