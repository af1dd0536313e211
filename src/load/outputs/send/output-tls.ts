import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { TlsParts } from '../../../drivers/tls.ts';
import { describeFileTrouble } from '../../../util/file-trouble.ts';
import { readText } from '../../../util/read-text.ts';
import { OutputMistake } from '../../metrics/samples.ts';
import type { OutputOptions } from './options.ts';

/** An option of the address and its variables. */
type Names = readonly [option: string, ...variables: readonly string[]];

export interface TlsNames {
  readonly insecure: Names;
  /** Names of PEM files. */
  readonly ca?: Names;
  readonly cert?: Names;
  readonly key?: Names;
}

/** Reads whom an output trusts and who it is; files are relative to `cwd`. @throws OutputMistake */
export function readOutputTls(
  options: OutputOptions,
  { insecure, ...files }: TlsNames,
  { output, cwd }: { readonly output: string; readonly cwd: string },
): TlsParts | undefined {
  const isInsecure = options.flag(...insecure);
  const read = (names: Names | undefined): string | undefined => {
    const file = names && options.text(...names);
    return file === undefined ? undefined : readPem(file, { option: names?.[0] ?? '', output, cwd });
  };
  const [ca, cert, key] = [read(files.ca), read(files.cert), read(files.key)];
  if ((cert === undefined) !== (key === undefined)) {
    const [given, missing] = cert === undefined ? [files.key, files.cert] : [files.cert, files.key];
    throw new OutputMistake(`--out ${output}: \`${given?.[0]}\` is given without \`${missing?.[0]}\``, [
      `a certificate and its key go together: set \`${missing?.[0]}\`, or ${missing?.[1]}`,
    ]);
  }
  if (!isInsecure && ca === undefined && cert === undefined) return undefined;
  try {
    createSecureContext({ ca, cert, key });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OutputMistake(`--out ${output}: its certificates cannot be used: ${why}`, [
      'expected PEM files, and the key of the certificate',
    ]);
  }
  return { ca, cert, key, isInsecure };
}

function readPem(
  file: string,
  { option, output, cwd }: { readonly option: string; readonly output: string; readonly cwd: string },
): string {
  const path = resolve(cwd, file);
  try {
    const text = readText(path);
    if (text.includes('-----BEGIN ')) return text;
    throw new Error('it is no PEM text: there is no `-----BEGIN` in it');
  } catch (error) {
    throw new OutputMistake(
      `--out ${output}: the file of \`${option}\` cannot be read: ${describeFileTrouble(error)}`,
      [`expected a PEM file, got \`${file}\``],
    );
  }
}
