/** What docker says of itself, and what there is to be done. */
const FAULTS: readonly (readonly [said: RegExp, text: string])[] = [
  [
    /is not a docker command|unknown shorthand flag: 'f'|unknown command:? "?(?:docker )?compose|unknown flag: --file/i,
    '`docker` has no `compose`: install its compose plugin (`docker compose version` shows whether it is there), or start the service with `command:`',
  ],
  [
    /permission denied.*(?:docker|socket)/i,
    'this user may not use docker: add it to the group `docker`, or set `DOCKER_HOST` to a daemon that it may use',
  ],
  [
    /cannot connect to the docker daemon|is the docker daemon running|error during connect|failed to connect to the docker API/i,
    'the docker daemon does not answer: start it (`docker info` shows whether it runs), or set `DOCKER_HOST`',
  ],
  [
    /no such service/i,
    'the compose file has no such service: `docker compose config --services` lists them, and `compose: {service: …}` names one',
  ],
];

/** Why a command of docker did not work, by what it printed or why it could not be started; undefined where that says it. */
export function explainDocker(printed: readonly string[]): string | undefined {
  if (printed.some((line) => line.startsWith('could not be started: there is no program')))
    return '`docker` is not on the PATH: install it with its compose plugin, or start the service with `command:`';
  return FAULTS.find(([said]) => printed.some((line) => said.test(line)))?.[1];
}
