import { reporterNames } from '../../reporters/registry.ts';
import { listNames } from '../../util/suggest.ts';

const REPORTERS = `the reporters are ${listNames(reporterNames)}`;

/** Flags of other tools, and what stands for them here; `all`: with every command that reads flows, else with `run`. */
const FLAGS: readonly (readonly [words: string, help: string, where?: 'all'])[] = [
  ['parallel concurrency concurrent jobs processes threads max-workers maxworkers n p', 'write `--workers 4`'],
  [
    'environment stage profile',
    'write `--env NAME` for an environment of testmesh.yaml, `--env-file staging.env` for a file of variables',
    'all',
  ],
  ['dotenv from-env', 'write `--env-file staging.env`', 'all'],
  [
    'variable variables set define d param params global-var arg args env-var env-vars',
    'write `--var NAME=value`',
    'all',
  ],
  ['vars-file vars variables-file variable-file values globals', 'write `--var-file values.yaml`', 'all'],
  ['base-url baseurl host url target', 'write `--var BASE_URL=…`, and `{{BASE_URL}}` in the flow', 'all'],
  ['no-color nocolor no-colors no-ansi', 'write `--color never`', 'all'],
  [
    'fail-fast failfast exitfirst x stop-on-failure stop-on-error maxfail',
    'a flow ends at its first step that fails anyway; `--bail` starts no other one then',
  ],
  [
    'continue-on-error keep-going ignore-errors no-fail-fast',
    'a step goes on with `on_error: continue`; other flows run on anyway',
  ],
  ['junit junit-xml junitxml junit-output report-junit xml', 'write `--reporter junit=out.xml`'],
  ['json report-json', 'write `--reporter json`, or `--reporter json=out.json` for a file'],
  ['ndjson jsonl', 'write `--reporter ndjson`, or `--reporter ndjson=out.ndjson` for a file'],
  [
    'output o report reports report-file output-format format f reporters',
    `write \`--reporter junit=out.xml\`: ${REPORTERS}`,
  ],
  ['html report-html', `there is no such report: ${REPORTERS}`],
  ['check syntax-check lint', 'write `testmesh validate` in place of `run`'],
  ['dry dryrun no-run plan', 'write `--dry-run`'],
  ['list collect-only list-tests', 'write `testmesh list` in place of `run`'],
  ['debug trace vv very-verbose', 'write `-vv` for bodies, `--log-level debug` for the log of testmesh itself'],
  ['silent s', 'write `--quiet`'],
  ['tag group groups label labels include', 'write `--tags CONDITION`, as in `--tags "smoke and not slow"`'],
  ['exclude skip exclude-tags skip-tags', 'write `--tags "not TAG"`'],
  [
    'step steps name test tests test-name k filter scenario',
    'write `--only STEP_ID` for a step, `--grep PATTERN` for flows by their names',
  ],
  ['folder folders', 'write `--grep PATTERN` for flows by their names and paths'],
  ['timeout-request request-timeout timeout-script', 'write `--step-timeout 5s`'],
  ['delay-request delay', 'a pause is a step of its own: `action: delay`, `config: {duration: 1s}`'],
  ['retry reruns rerun', 'write `--retries 2`; a step alone is tried again with `retry: {max_attempts: 3}`'],
  [
    'insecure no-verify no-verify-ssl skip-tls-verify ssl-no-verify',
    'write `tls: {insecure: true}` in `config` of the step',
  ],
  ['repeat iterations iteration-count', 'write `--repeat-each 10`; with `data:` a flow runs once for each row'],
  ['vus duration rps rate', 'write `testmesh load flow.yaml`'],
  ['durations slow', 'write `--slowest 10`'],
  ['iteration-data data csv', 'rows are given in the flow: `data: rows.csv`'],
  ['watch w', 'there is no such flag: run it again'],
  ['config c project project-dir', '`testmesh.yaml` is looked for in the working directory and above it', 'all'],
  ['random-seed', 'write `--seed 42`'],
  ['random-order randomize random order', 'write `--shuffle`'],
  ['setup teardown', 'with `--only`, write `--with-setup` and `--with-teardown`'],
];
const byWord = new Map(
  FLAGS.flatMap(([words, help, where]) => words.split(' ').map((word) => [word, { help, where }] as const)),
);

/** What stands for a flag of other tools. */
export function suggestForFlag(flag: string, command: string): string | undefined {
  const known = byWord.get(flag.replace(/^-+/, '').replaceAll('_', '-').toLowerCase());
  return known && (known.where === 'all' || command.endsWith(' run')) ? known.help : undefined;
}

const COMMANDS = new Map([
  ...['test', 'exec', 'execute', 'start', 'play', 'go'].map(toPair('write `testmesh run`')),
  ...['lint', 'check'].map(toPair('write `testmesh validate`')),
  ...['plan', 'dry-run'].map(toPair('write `testmesh run --dry-run`')),
  ['ls', 'write `testmesh list`'],
  ...['stub', 'stubs', 'serve', 'server', 'wiremock'].map(toPair('write `testmesh mock stub.yaml`')),
  ...['services', 'compose'].map(toPair('write `testmesh up`')),
  ...['docs', 'doc', 'actions', 'functions', 'man'].map(
    toPair('write `testmesh explain actions`, or `explain functions`'),
  ),
  ...['create', 'generate', 'curl', 'add'].map(toPair('write `testmesh new -- curl …` for a flow of a request')),
  ...['ping', 'health', 'status', 'verify-env'].map(toPair('write `testmesh doctor`')),
  ...['scaffold', 'bootstrap', 'setup', 'start-project'].map(
    toPair('write `testmesh init` for a project that passes at once'),
  ),
  ...['format', 'prettier'].map(toPair('write `testmesh fmt`')),
  ...['merge', 'combine'].map(toPair('write `testmesh merge-reports blobs/`')),
  ['show-report', 'write `testmesh report last`'],
  ['version', 'write `testmesh --version`'],
  ['repl', 'write `testmesh eval EXPRESSION`'],
]);

/** What is meant by a word that is no command: one of other tools, or a file. */
export function suggestForCommand(word: string): string | undefined {
  if (/\.ya?ml(?::\d+)?$|[/\\*]|^\.+$/i.test(word)) return `write \`testmesh run ${word}\``;
  return COMMANDS.get(word.toLowerCase());
}

function toPair(help: string): (word: string) => readonly [string, string] {
  return (word) => [word, help];
}
