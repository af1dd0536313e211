import { resolve } from 'node:path';
import { actions } from '../../actions/registry.ts';
import { createFunctions } from '../../functions/registry.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowInputs } from '../../model/inputs.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { createSourceFile } from '../../model/source-file.ts';
import { CODES } from '../../plan/read/findings.ts';
import { type GivenInputs, resolveInputs } from '../../plan/select/flow-inputs.ts';
import type { CommonFlags } from '../arguments/flags.ts';
import { loadPlans } from '../arguments/load-plans.ts';
import { findInputTrouble } from '../arguments/unread-inputs.ts';
import { countDiagnostics, formatCounts } from '../findings/format-diagnostics.ts';
import { createMasks } from '../findings/mask-findings.ts';
import { printFindings } from '../findings/print-findings.ts';
import type { Terminal } from '../process/terminal.ts';

/** What else is written in YAML, known by keys that a stub has not. */
const OTHER_KINDS: readonly {
  readonly name: string;
  readonly keys: readonly string[];
  readonly help: (path: string) => string;
}[] = [
  {
    name: 'a testmesh.yaml',
    keys: ['services', 'stubs', 'proxies', 'mocks'],
    help: () => '`testmesh up` starts what it has, `testmesh up NAME` one of them',
  },
  { name: 'a flow', keys: ['steps', 'setup'], help: (path: string) => `\`testmesh run ${path}\` runs it` },
];

/** A stub as its file says it: a flow of the one step that starts it. */
export interface LoadedStub {
  readonly plan: FlowPlan;
  readonly inputs: FlowInputs;
}

/** Reads the file of a stub and prints what is to be said of it; undefined when it has mistakes. Without a file it has no routes. */
export function loadStub(
  path: string | undefined,
  { flags, inputs }: { flags: CommonFlags; inputs: GivenInputs },
  terminal: Terminal,
): LoadedStub | undefined {
  const { cwd } = terminal;
  const options = { cwd, actions, functions: createFunctions(), inputs, settingsOf: 'mock_server_start' };
  const none = createSourceFile('mock', resolve(cwd, 'mock'), 'routes: []\n');
  const loaded = loadPlans(path === undefined ? [] : [path], { ...options, more: path === undefined ? [none] : [] });
  const [plan, ...others] = loaded.flows;
  const resolved = plan && resolveInputs(plan, inputs);
  const other = loaded.diagnostics.flatMap((one) => describeOtherKind(one) ?? []).slice(0, 1);
  const found = [
    ...findInputTrouble(inputs, loaded),
    ...loaded.diagnostics.map(helpWithEmpty),
    ...others.slice(0, 1).map(describeSecond),
    ...(resolved?.diagnostics ?? []),
  ];
  const diagnostics = other.length > 0 ? other : found;
  const counts = countDiagnostics(diagnostics, flags.strict);
  printFindings(diagnostics, createMasks(loaded.flows, inputs, diagnostics), { flags, terminal });
  if (counts.errors > 0) terminal.writeError(`✗ ${path}: ${formatCounts(counts)}\n`);
  return counts.errors === 0 && plan && resolved ? { plan, inputs: resolved.inputs } : undefined;
}

/** What an empty file lacks depends on what it is to be. */
function helpWithEmpty(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === 'TM003' ? { ...diagnostic, help: ['the file of a stub has `routes:`'] } : diagnostic;
}

/** What a file is that has nothing of a stub and a key of something else at its top, where the key is unknown. */
function describeOtherKind({ code, span }: Diagnostic): Diagnostic | undefined {
  if (code !== CODES.unknownKey || !span) return undefined;
  const { file, start, end } = span;
  const kind = OTHER_KINDS.find(({ keys }) => keys.includes(file.text.slice(start, end)));
  const isAtTop = start === 0 || file.text[start - 1] === '\n';
  if (!kind || !isAtTop || /^(routes|from|contract|fallback)[ \t]*:/m.test(file.text)) return undefined;
  const help = [kind.help(file.path)];
  return { severity: 'error', code: CODES.wrongValue, message: `this is ${kind.name}, not a stub`, span, help };
}

function describeSecond({ span }: FlowPlan): Diagnostic {
  const message = 'a file holds one stub, and this is a second document';
  return { severity: 'error', code: CODES.wrongValue, message, span, help: ['put it in a file of its own'] };
}
