import type { Meaning } from '../read/keys.ts';

const COMPOSE = 'a service of a compose file is named: `compose: {file: docker-compose.yml, service: …}`';

/** What keys of an environment are called elsewhere. */
const OF_ENVIRONMENTS: Readonly<Record<string, string>> = {
  ...{ environment: 'env', variables: 'env', vars: 'env', values: 'env', env_vars: 'env' },
  ...{ dotenv: 'env_file', envFile: 'env_file', env_files: 'env_file' },
};

/** The key that one of other tools stands for in an environment. */
export function explainOtherEnvironmentKey(word: string): Meaning | undefined {
  const key = Object.hasOwn(OF_ENVIRONMENTS, word) ? OF_ENVIRONMENTS[word] : undefined;
  return key === undefined ? undefined : { help: `did you mean \`${key}\`?`, insteadOf: key };
}

/** Keys of a service in compose files and other tools, how they are written here, and the key that does the same. */
const WAYS: readonly (readonly [words: string, help: string, key?: string])[] = [
  ['environment env_vars environ variables vars', 'did you mean `env`?', 'env'],
  ['depends_on dependsOn requires after links depends', 'write `needs: [db]`', 'needs'],
  [
    'healthcheck health_check health readiness readinessProbe wait_for waitFor check wait ready_when',
    'write `ready: {http: "http://localhost:5003/health"}`, `{tcp: "localhost:5432"}` or `{log: "listening on"}`',
    'ready',
  ],
  ['image build container docker', COMPOSE, 'compose'],
  [
    'ports port expose',
    'a port is a variable of the service, as in `env: {PORT: "5003"}`, and `url: "http://localhost:5003"` is its address',
  ],
  ['working_dir workdir workingDirectory dir directory path', 'did you mean `cwd`?', 'cwd'],
  ['cmd run exec entrypoint script start start_command', 'did you mean `command`?', 'command'],
  ['args arguments', 'write them behind the command: `command: [node, server.js, --port, "0"]`'],
  ['before setup init pre_start migrate', 'did you mean `prepare`?', 'prepare'],
  ['stop_signal stopSignal', 'write `stop: {signal: SIGINT}`', 'stop'],
  ['stop_grace_period stop_timeout kill_timeout', 'write `stop: {timeout: 10s}`', 'stop'],
  [
    'timeout start_timeout startup_timeout',
    'write it below `ready:`, as in `ready: {tcp: "localhost:5432", timeout: 60s}`',
  ],
  ['dotenv envFile', 'did you mean `env_file`?', 'env_file'],
  ['base_url baseUrl address host', 'did you mean `url`?', 'url'],
  ['restart', 'a service that ends is an error of the run: leave it out'],
  ['volumes networks container_name platform privileged', `${COMPOSE}; this stands in that file`],
];
const byWord = new Map(
  WAYS.flatMap(([words, help, insteadOf]) =>
    words.split(' ').map((word) => [fold(word), { help, insteadOf }] as const),
  ),
);

/** What a key of a service means in other tools. */
export function explainOtherServiceKey(word: string): Meaning | undefined {
  return byWord.get(fold(word));
}

/** The same of testmesh.yaml: what stands in compose files and in flows. */
export function explainOtherProjectKey(word: string): Meaning | undefined {
  if (/^(?:version|networks|volumes|secrets|configs|name)$/.test(word))
    return { help: `leave it out: \`${word}:\` is of compose files; ${COMPOSE}` };
  if (/^(?:env|environment|steps|setup|teardown|tags)$/.test(word))
    return { help: `\`${word}:\` is of a flow: write it there` };
  return /^(?:proxy|faults?|toxiproxy|fault_proxies)$/.test(word)
    ? { help: 'did you mean `proxies`?', insteadOf: 'proxies' }
    : undefined;
}

function fold(word: string): string {
  return word.replaceAll('_', '').toLowerCase();
}
