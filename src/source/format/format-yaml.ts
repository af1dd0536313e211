import { parseAllDocuments } from 'yaml';
import { createSourceFile, type SourceFile } from '../../model/source-file.ts';
import { breakLongLines } from './break-lines.ts';
import { keepWritten } from './keep-written.ts';
import { LAYOUT_TAGS } from './layout-tags.ts';
import { hasSameMeaning } from './same-meaning.ts';

/**
 * The text of a sound YAML file in the one layout, of which every value, comment and anchor is kept; undefined where it cannot be
 * laid out without a loss, or the layout would not last.
 */
export function formatYaml(file: SourceFile): string | undefined {
  const isCrlf = file.text.includes('\r\n');
  const text = file.text.replaceAll('\r\n', '\n');
  const formatted = settle(text);
  if (formatted === undefined) return undefined;
  if (!hasSameMeaning(createSourceFile(file.path, file.absolutePath, text), formatted)) return undefined;
  return isCrlf ? formatted.replaceAll('\n', '\r\n') : formatted;
}

/** Lays out until nothing changes: a text that is folded anew may fit. */
function settle(text: string): string | undefined {
  let before = text;
  for (let round = 0; round < 3; round++) {
    const after = layOut(before);
    if (after === undefined || after === before) return after;
    before = after;
  }
  return undefined;
}

function layOut(text: string): string | undefined {
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    customTags: () => LAYOUT_TAGS,
    keepSourceTokens: true,
    logLevel: 'silent',
    prettyErrors: false,
    uniqueKeys: false,
  });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  return documents
    .map((document) => {
      const putBack = keepWritten(document, text);
      breakLongLines(document.contents, 0, 0);
      return putBack(document.toString({ indent: 2, lineWidth: 0 }));
    })
    .join('');
}
