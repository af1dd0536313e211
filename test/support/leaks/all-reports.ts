import { reporterNames } from '../../../src/reporters/registry.ts';

/** Words that ask for every reporter that there is, each into a file of a folder; the tree is on standard output as well. */
export function askAllReporters(folder: string): readonly string[] {
  return ['tree', ...reporterNames.map((name) => `${name}=${folder}/${name}`)].flatMap((one) => ['--reporter', one]);
}

/** What they wrote, by their names. */
export function readAllReports(folder: string, read: (file: string) => string): Readonly<Record<string, string>> {
  return Object.fromEntries(reporterNames.map((name) => [name, read(`${folder}/${name}`)]));
}
