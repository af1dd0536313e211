import { dirname, join } from 'node:path';
import type { ActionDefinition } from '../../model/action/definition.ts';
import { createSourceFile, type SourceFile } from '../../model/source-file.ts';
import { findEntry, type Node, type ScalarNode } from '../../source/yaml/node.ts';
import { replaceEntry } from '../lower/synthetic.ts';
import type { PlanContext } from '../read/context.ts';
import { describeNode } from '../read/fields.ts';
import { CODES } from '../read/findings.ts';
import { readNamedFile } from '../read/named-file.ts';

/** Puts the text of a file in the place of each `{file: …, template: true}`, so that its placeholders are read as if they stood in the flow, each at its place in that file. */
export function readFileTemplates(config: Node, action: ActionDefinition, context: PlanContext): Node {
  if (config.kind !== 'map') return config;
  let lowered = config;
  for (const setting of action.settings.files?.templates ?? []) {
    const value = findEntry(config, setting)?.value;
    const text = value && readTemplate(value, setting, context);
    if (text) lowered = replaceEntry(lowered, setting, text);
  }
  return lowered;
}

/** The text as a node; undefined when it is none, or cannot be read (which is reported). */
function readTemplate(node: Node, setting: string, context: PlanContext): ScalarNode | undefined {
  const file = findEntry(node, 'file')?.value;
  const template = findEntry(node, 'template')?.value;
  if (file?.kind !== 'scalar' || typeof file.value !== 'string' || template?.kind !== 'scalar') return undefined;
  if (typeof template.value !== 'boolean') {
    const message = `\`${setting}.template\`: expected \`true\` or \`false\`, got ${describeNode(template)}`;
    context.findings.error(CODES.wrongValue, message, template.span);
    return undefined;
  }
  if (!template.value) return undefined;
  if (/\{\{|\$\{|<</.test(file.value)) {
    const help = ['write the name itself; `if` can choose between two steps'];
    const message = 'the file of a template is read before the run: its name takes no placeholder';
    context.findings.error(CODES.wrongValue, message, file.span, help);
    return undefined;
  }
  const named = readNamedFile(file.text, CODES.missingFile, context);
  if (!named) return undefined;
  const shown = join(dirname(context.file.path), file.text.text);
  return makeText(createSourceFile(shown, named.absolutePath, named.text));
}

function makeText(file: SourceFile): ScalarNode {
  const text = file.text.replace(/^\ufeff/, '');
  const skipped = file.text.length - text.length;
  const span = { file, start: skipped, end: file.text.length };
  const locate = (offset: number, length = 1) => ({ file, start: skipped + offset, end: skipped + offset + length });
  return { kind: 'scalar', value: text, text: { text, span, locate }, style: 'literal', span, isRaw: false };
}
