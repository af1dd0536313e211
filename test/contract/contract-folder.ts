import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { Contract } from '../../src/contract/contract.ts';
import { pointerOf } from '../../src/contract/document/documents.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Reads a document that is written into a folder of its own, with other files beside it. */
export function openContract(text: string, more: Readonly<Record<string, string>> = {}): Contract {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  folders.push(folder);
  for (const [name, content] of Object.entries({ 'api.yaml': text, ...more })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return new Contract('api.yaml', folder);
}

/** A document with one operation, `GET /x`, whose answer 200 is JSON of the schema; `components` stand below `components.schemas`. */
export function describeAnswer(version: string, schema: string, components = '{}'): string {
  return `openapi: ${version}
info: { title: x, version: "1" }
paths: { /x: { get: { responses: { 200: { description: ok, content: { application/json: { schema: ${schema} } } } } } } }
components: { schemas: ${components} }
`;
}

/** What a body contradicts in that document, with the place in it. */
export function listContradictions(contract: Contract, body: string, status = 200): readonly string[] {
  const operation = contract.find('GET', '/x');
  if (!operation) throw new Error('there is no GET /x');
  const headers = new Map([['content-type', 'application/json']]);
  return contract
    .checkAnswer(operation, 'GET', { status, headers, body })
    .map(
      ({ message, part, word }) => `${message} @ ${part ? pointerOf(part) : ''}${word === undefined ? '' : `/${word}`}`,
    );
}
