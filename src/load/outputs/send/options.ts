import { parseDuration } from '../../../util/duration.ts';
import { findNearest, listNames } from '../../../util/suggest.ts';
import { OutputMistake } from '../../metrics/samples.ts';
import type { OutputAddress } from './address.ts';

/** Where a value of an option is written. */
interface Written {
  readonly where: string;
  readonly text: string;
}

export interface OptionSources {
  /** `influxdb` */
  readonly output: string;
  /** What stands in the address. */
  readonly inAddress: URLSearchParams;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The options of an output: of the address, then of the environment. Each is asked for by its name in the address and by those of
 * its variables; a mistake says where the value is written, and never shows it where it may be a secret.
 */
export class OutputOptions {
  readonly #sources: OptionSources;
  readonly #known = new Set<string>();
  readonly #variables = new Set<string>();

  constructor(sources: OptionSources) {
    this.#sources = sources;
  }

  text(name: string, ...variables: readonly string[]): string | undefined {
    return this.#find(name, variables)?.text;
  }

  flag(name: string, ...variables: readonly string[]): boolean {
    const written = this.#find(name, variables);
    if (!written) return false;
    if (/^(true|1|t)$/i.test(written.text)) return true;
    if (/^(false|0|f|)$/i.test(written.text)) return false;
    throw this.#mistake(written, 'true or false');
  }

  durationMs(name: string, ...variables: readonly string[]): number | undefined {
    const written = this.#find(name, variables);
    if (!written) return undefined;
    const ms = parseDuration(written.text);
    if (ms === undefined || ms < 100) throw this.#mistake(written, 'a length of at least 100ms, such as 5s');
    return ms;
  }

  count(name: string, ...variables: readonly string[]): number | undefined {
    const written = this.#find(name, variables);
    if (!written) return undefined;
    const count = Number(written.text);
    if (!Number.isInteger(count) || count < 1 || count > 64) throw this.#mistake(written, 'a number from 1 to 64');
    return count;
  }

  list(name: string, ...variables: readonly string[]): readonly string[] | undefined {
    const text = this.#find(name, variables)?.text;
    return text?.split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]));
  }

  oneOf<T extends string>(choices: readonly T[], name: string, ...variables: readonly string[]): T | undefined {
    const written = this.#find(name, variables);
    if (!written) return undefined;
    const found = choices.find((choice) => choice === written.text);
    if (found === undefined) throw this.#mistake(written, listNames(choices).replace(/ and /, ' or '));
    return found;
  }

  /** One that has no option of its own in the address. */
  variable(name: string): string | undefined {
    this.#variables.add(name);
    const text = this.#sources.env[name];
    return text === '' ? undefined : text;
  }

  /** Who one is: of the address, then of the variables. */
  login(
    { user, password }: Pick<OutputAddress, 'user' | 'password'>,
    ...variables: readonly [user: string, password: string]
  ): readonly [user: string | undefined, password: string] {
    const [otherUser, otherPassword] = [this.variable(variables[0]), this.variable(variables[1])];
    return [user ?? otherUser, password ?? otherPassword ?? ''];
  }

  /** @throws OutputMistake when the address has an option, or the environment a variable with this prefix, that was not asked for */
  finish(prefix: string): void {
    const { output, inAddress, env } = this.#sources;
    for (const name of Object.keys(env)) {
      if (!name.startsWith(prefix) || !env[name] || this.#variables.has(name)) continue;
      const own = [...this.#variables].filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
      const nearest = findNearest(name.slice(prefix.length), own);
      throw new OutputMistake(`--out ${output}: ${name} is set, and has no meaning here`, [
        nearest === undefined ? 'unset it: what it asks for would not be done' : `did you mean ${prefix}${nearest}?`,
      ]);
    }
    for (const name of inAddress.keys()) {
      if (this.#known.has(name)) continue;
      const nearest = findNearest(name, this.#known);
      throw new OutputMistake(`--out ${output}: there is no option \`${name}\``, [
        nearest === undefined ? `options are ${listNames([...this.#known])}` : `did you mean \`${nearest}\`?`,
      ]);
    }
  }

  #find(name: string, variables: readonly string[]): Written | undefined {
    this.#known.add(name);
    const { inAddress } = this.#sources;
    const set = variables.map((variable) => ({ variable, text: this.variable(variable) }));
    const given = inAddress.get(name);
    if (given !== null) return { where: `the option \`${name}\``, text: given };
    for (const { variable, text } of set) if (text !== undefined) return { where: variable, text };
    return undefined;
  }

  #mistake({ where, text }: Written, expected: string): OutputMistake {
    return new OutputMistake(`--out ${this.#sources.output}: ${where} is \`${text}\`: expected ${expected}`);
  }
}

/** Reads `name=value,name:value`, as variables write headers. @throws OutputMistake, which shows no value */
export function readHeaders(output: string, lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+)\s*[:=]\s*(.*)$/s.exec(line) ?? [];
    if (name === undefined || value === undefined || /[\r\n]/.test(value))
      throw new OutputMistake(
        `--out ${output}: a header cannot be read: expected name:value, with a comma between two`,
      );
    return [name.toLowerCase(), value];
  });
}
