import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { stringifyJson, type Value } from '../../expr/index.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { isScalar, type MultipartPart, type MultipartSettings } from './http-settings.ts';
import { guessMediaType } from './media-type.ts';

/** One part of a multipart body. */
export interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly type: string | undefined;
  readonly content: Buffer;
  /** Where the content was read from; absolute. */
  readonly path: string | undefined;
}

/** A body of several parts, as it is sent. */
export interface MultipartBody {
  readonly bytes: Buffer;
  readonly boundary: string;
  readonly parts: readonly Part[];
}

const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads what the parts hold, files relative to the flow's; nil values are left out, and noted.
 * @throws ActionError of kind `config`
 */
export async function readParts(settings: MultipartSettings, io: ActionIo): Promise<readonly Part[]> {
  const parts: Part[] = [];
  let size = 0;
  for (const [name, given] of Object.entries(settings)) {
    for (const one of Array.isArray(given) ? given : [given]) {
      const part = await readPart(name, one, { io, freeBytes: MAX_BYTES - size });
      if (part) parts.push(part);
      else io.report.note(`the part \`${name}\` is nil: not sent`);
      size += part?.content.length ?? 0;
    }
  }
  return parts;
}

/**
 * Puts the parts together. The boundary is the same for the same parts, and stands in none of them; one that the author's
 * content type names is taken.
 */
export function encodeMultipart(parts: readonly Part[], contentType: string | undefined): MultipartBody {
  const given = findBoundary(contentType);
  const boundary = given ?? chooseBoundary(parts);
  if (given !== undefined && parts.some(({ content }) => content.includes(`--${given}`))) {
    throw createMistake(`the boundary \`${given}\` occurs in the content of a part`, [
      'leave the boundary out of the content type: one that fits is added',
    ]);
  }
  const pieces: Buffer[] = [];
  for (const part of parts)
    pieces.push(Buffer.from(`--${boundary}\r\n${writeHead(part)}\r\n\r\n`), part.content, LINE_END);
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { bytes: Buffer.concat(pieces), boundary, parts };
}

/** The content type of a multipart body: the author's, with the boundary where it lacks one. */
export function nameMultipartType({ boundary }: MultipartBody, contentType: string | undefined): string {
  if (contentType === undefined) return `multipart/form-data; boundary=${boundary}`;
  if (!/^\s*multipart\//i.test(contentType) || findBoundary(contentType) !== undefined) return contentType;
  return `${contentType}; boundary=${boundary}`;
}

const LINE_END = Buffer.from('\r\n');

type DescribedPart = Exclude<MultipartPart, null | boolean | number | string>;

async function readPart(
  name: string,
  given: MultipartPart,
  { io, freeBytes }: { io: ActionIo; freeBytes: number },
): Promise<Part | undefined> {
  const described: DescribedPart = isScalar(given) ? { value: given } : given;
  const { file, value, content_type: type, filename } = described;
  if (type !== undefined) checkType(name, type);
  if ((file === undefined) === (value === undefined)) {
    throw createMistake(`the part \`${name}\` needs one of \`file\` and \`value\``, [], 'TM307');
  }
  if (file !== undefined) {
    const path = resolve(io.facts.directory, file);
    const content = await readContent(file, path, { name, freeBytes });
    const shown = filename ?? basename(path);
    return { name, filename: shown, type: type ?? guessMediaType(shown), content, path };
  }
  if (value === null) return undefined;
  const isText = isScalar(value);
  const text = isText ? String(value) : stringifyJson(value as Value);
  const implied = filename !== undefined ? guessMediaType(filename) : isText ? undefined : 'application/json';
  return { name, filename, type: type ?? implied, content: Buffer.from(text), path: undefined };
}

async function readContent(file: string, path: string, part: { name: string; freeBytes: number }): Promise<Buffer> {
  const hints = [`it is looked for beside the flow file, at ${path}`];
  try {
    const facts = await stat(path);
    if (facts.size > part.freeBytes) {
      throw createMistake('the parts of `multipart` are together larger than 256 MB', [`the last is \`${file}\``]);
    }
    if (facts.isFile() || facts.isDirectory()) return await readFile(path);
    throw new Error('it is a device, not a file');
  } catch (error) {
    if (error instanceof ActionError) throw error;
    throw createMistake(
      `the file \`${file}\` of the part \`${part.name}\` cannot be read: ${describeFileTrouble(error)}`,
      hints,
    );
  }
}

function checkType(name: string, type: string): void {
  if (/^[\x20-\x7e\t]+$/.test(type)) return;
  throw createMistake(
    `the \`content_type\` of the part \`${name}\` has characters that a header cannot carry`,
    [],
    'TM302',
  );
}

/** Names are escaped as browsers do. */
function writeHead({ name, filename, type }: Part): string {
  const file = filename === undefined ? '' : `; filename="${escapeName(filename)}"`;
  const disposition = `Content-Disposition: form-data; name="${escapeName(name)}"${file}`;
  return type === undefined ? disposition : `${disposition}\r\nContent-Type: ${type}`;
}

function escapeName(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function chooseBoundary(parts: readonly Part[]): string {
  for (let count = 0; ; count++) {
    const boundary = `----testmesh-${count}-part`;
    if (!parts.some(({ content }) => content.includes(`--${boundary}`))) return boundary;
  }
}

function findBoundary(contentType: string | undefined): string | undefined {
  const found = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType ?? '');
  return found?.[1] ?? found?.[2];
}

function createMistake(message: string, hints: readonly string[], code?: string): ActionError {
  return new ActionError({ kind: 'authoring', code, message, hints });
}
