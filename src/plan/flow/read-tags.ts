import { readTexts } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import type { Field } from '../read/keys.ts';
import { isTag } from '../read/tag-words.ts';

/** The tags of a flow; one that no condition can name is warned of. */
export function readTags(field: Field | undefined, findings: Findings): string[] {
  if (!field) return [];
  const tags = readTexts(field, findings);
  const items = field.value.kind === 'seq' ? field.value.items.filter(({ kind }) => kind === 'scalar') : [field.value];
  for (const [index, tag] of tags.entries()) {
    if (isTag(tag)) continue;
    const message = `\`--tags\` cannot name the tag \`${tag}\`: a tag is one word, and not \`and\`, \`or\` or \`not\``;
    const words = tag.split(/[\s()&|,!@]+/).filter(isTag);
    const help =
      words.length === 0
        ? []
        : [`write \`[${words.join(', ')}]\`${words.length > 1 ? `, or \`${words.join('-')}\`` : ''}`];
    findings.warn(CODES.badId, message, (items[index] ?? field.value).span, help);
  }
  return tags;
}
