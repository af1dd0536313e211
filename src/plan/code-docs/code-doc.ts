/** What a code of a finding means, with a flow that has it and one that has not. */
export interface CodeDoc {
  readonly code: string;
  /** A few words. */
  readonly title: string;
  /** Why it matters and what to do. */
  readonly text: string;
  readonly wrong: CodeExample;
  readonly right: CodeExample;
}

/** A flow file that shows a finding, or its absence. */
export interface CodeExample {
  readonly flow: string;
  /** The commands that show it, one after another; `validate flow.yaml` when absent. */
  readonly commands?: readonly string[];
  /** Other files beside it, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** How the flow file is saved; UTF-8 when absent. */
  readonly encoding?: 'utf16le';
}

/** The parts of a code's documentation, in the order in which they are written. */
export function describeCode(
  code: string,
  title: string,
  about: { text: string; wrong: string | CodeExample; right: string | CodeExample },
): CodeDoc {
  return { code, title, text: about.text, wrong: toExample(about.wrong), right: toExample(about.right) };
}

function toExample(example: string | CodeExample): CodeExample {
  return typeof example === 'string' ? { flow: example } : example;
}
