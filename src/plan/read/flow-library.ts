import { basename } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { createSourceFile, type SourceFile } from '../../model/source-file.ts';
import { findEntry, type Node } from '../../source/yaml/node.ts';
import { readWrittenYaml } from '../../source/yaml/read-yaml.ts';

/** A flow file that was read. */
export interface LibraryFile {
  readonly file: SourceFile;
  readonly documents: readonly Node[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A flow in its file. */
export interface FlowDocument {
  readonly source: LibraryFile;
  /** Position in the file, from 0. */
  readonly index: number;
  readonly id: string;
}

/** The flow files of a run and those that flows call, each read once. */
export interface FlowLibrary {
  /** Reads a file that was not read yet by itself. */
  add(file: SourceFile): LibraryFile;
  /** A file by its path; undefined when it is not there. @throws why it cannot be read */
  open(path: { readonly absolute: string; readonly shown: string }): LibraryFile | undefined;
  /** All flows of the run. */
  listFlows(): readonly FlowDocument[];
}

export interface LibraryOptions {
  readonly readFile: (absolutePath: string) => string | undefined;
  /** The files of the run; asked for when a flow calls another by its id. */
  readonly listRunFiles?: (() => readonly SourceFile[]) | undefined;
}

/** Makes an empty library. */
export function createFlowLibrary({ readFile, listRunFiles }: LibraryOptions): FlowLibrary {
  const files = new Map<string, LibraryFile>();
  const add = (file: SourceFile): LibraryFile => {
    const known = files.get(file.absolutePath);
    if (known?.file.text === file.text) return known;
    const read = { file, ...readWrittenYaml(file) };
    files.set(file.absolutePath, read);
    return read;
  };
  let flows: readonly FlowDocument[] | undefined;
  return {
    add,
    open({ absolute, shown }) {
      const known = files.get(absolute);
      if (known) return known;
      const text = readFile(absolute);
      return text === undefined ? undefined : add(createSourceFile(shown, absolute, text));
    },
    listFlows() {
      flows ??= (listRunFiles?.() ?? []).flatMap((file) => listDocuments(add(file)));
      return flows;
    },
  };
}

/** The flows of a file with their ids. */
export function listDocuments(source: LibraryFile): readonly FlowDocument[] {
  const count = source.documents.length;
  return source.documents.map((root, index) => ({
    source,
    index,
    id: readId(root) ?? nameFlow(source.file.path, { index, count }),
  }));
}

/** The id of a flow that has none: the file's name, with its position when there are several. */
export function nameFlow(path: string, position: { index: number; count: number }): string {
  const name = basename(path).replace(/\.(ya?ml)$/i, '');
  return position.count > 1 ? `${name}-${position.index + 1}` : name;
}

function readId(root: Node): string | undefined {
  const flow = findEntry(root, 'flow')?.value ?? root;
  const id = findEntry(flow, 'id')?.value;
  return id?.kind === 'scalar' && id.text.text !== '' ? id.text.text : undefined;
}
