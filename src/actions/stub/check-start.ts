import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readContract } from '../../contract/contract.ts';
import { DocumentError, describeSpan } from '../../contract/document/document-error.ts';
import type { ConfigFinding, SettingFiles } from '../../model/action/settings.ts';
import { hasPlaceholder, isRecord } from '../settings/authored.ts';
import { checkAnswer, checkBodyFiles, checkRoutes } from './check-routes.ts';
import { routeReading } from './stub-settings.ts';

const DOCUMENTS = ['from', 'contract'];

/** Which files the settings of a stub name. */
export const startFiles: SettingFiles = { ...routeReading.files, paths: DOCUMENTS, check: checkFiles };

/** What can be said of a stub before the run. */
export function checkStart(authored: unknown): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  const findings = [...checkRoutes(authored), ...checkAnswer(authored['fallback'], ['fallback'])];
  if (DOCUMENTS.some((key) => authored[key] === undefined)) return findings;
  const message = '`from` and `contract` are both given: write one of them';
  const help = [
    '`from` answers by the document, and holds the answers of your own routes against it as `contract` does',
  ];
  return [...findings, { severity: 'error', code: 'TM381', path: ['contract'], message, help }];
}

function checkFiles(authored: unknown, directory: string): readonly ConfigFinding[] {
  return [...checkDocuments(authored, directory), ...checkBodyFiles(authored, directory)];
}

/** A document that cannot be read is no contract. */
function checkDocuments(authored: unknown, directory: string): readonly ConfigFinding[] {
  if (!isRecord(authored)) return [];
  return DOCUMENTS.flatMap((key) => {
    const path = authored[key];
    // That it is not there is said already.
    if (typeof path !== 'string' || hasPlaceholder(path) || !existsSync(resolve(directory, path))) return [];
    const message = describeDocument(path, directory, key === 'from');
    return message === undefined ? [] : [{ severity: 'error', code: 'TM383', path: [key], ...message }];
  });
}

function describeDocument(
  path: string,
  directory: string,
  isSource: boolean,
): Pick<ConfigFinding, 'message' | 'help'> | undefined {
  try {
    const { operations } = readContract(path, directory);
    if (operations.length > 0 || !isSource) return undefined;
    return { message: `\`${path}\` names no operation: there is nothing to answer` };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const place = error.span ? `${describeSpan(error.span)}: ` : '';
    return { message: `${place}${error.message}`, help: error.help };
  }
}
