import { maskAddress } from '../../../util/mask-address.ts';
import { ESCAPES_HELP, explainRawPassword } from '../../../util/raw-password.ts';
import { OutputMistake } from '../../metrics/samples.ts';

/** Where an output sends to, as `--out name=address` says it. */
export interface OutputAddress {
  /** `http://localhost:8086` */
  readonly origin: string;
  /** `localhost:8086`: how messages name it. */
  readonly peer: string;
  /** Without a slash at its end; empty when there is none. */
  readonly path: string;
  /** What stands after the `?`. */
  readonly options: URLSearchParams;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** Reads an address. @throws OutputMistake, which does not show a password */
export function readAddress(output: string, text: string, example: string): OutputAddress {
  const help = [`for example --out ${output}=${example}`];
  const shown = maskAddress(text);
  if (!/^https?:\/\//i.test(text)) {
    const isBare = /^[\w.-]+(:\d+)?(\/|\?|$)/.test(text);
    throw new OutputMistake(`--out ${output}: \`${shown}\` is no address: expected http:// or https://`, [
      ...(isBare ? [`did you mean http://${shown}?`] : help),
    ]);
  }
  const url = parse(text);
  if (!url) {
    const why = explainRawPassword(text);
    throw new OutputMistake(`--out ${output}: \`${shown}\` is no address${why}`, [
      why === '' ? (help[0] ?? '') : ESCAPES_HELP,
    ]);
  }
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return {
    origin: url.origin,
    peer: `${url.hostname}:${port}`,
    path: url.pathname.replace(/\/+$/, ''),
    options: url.searchParams,
    user: url.username === '' ? undefined : decodePart(url.username),
    password: url.password === '' ? undefined : decodePart(url.password),
  };
}

function parse(text: string): URL | undefined {
  // What follows the host's `/` before an `@` would be a password that nobody escaped.
  if (explainRawPassword(text) !== '') return undefined;
  return URL.canParse(text) ? new URL(text) : undefined;
}

export function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
