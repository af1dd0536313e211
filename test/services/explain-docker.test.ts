import { describe, expect, it } from 'vitest';
import { explainDocker } from '../../src/services/explain-docker.ts';

describe('what docker says of itself', () => {
  it.each([
    ["docker: 'compose' is not a docker command.", 'has no `compose`'],
    ["unknown shorthand flag: 'f' in -f", 'has no `compose`'],
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'daemon does not answer',
    ],
    [
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
      'this user may not',
    ],
    ['no such service: orders', 'the compose file has no such service'],
    ['could not be started: there is no program `docker` on the PATH', '`docker` is not on the PATH'],
  ])('%s', (line, why) => {
    expect(explainDocker([line, "See 'docker --help'"])).toContain(why);
  });

  it('is not explained where it says more itself', () => {
    expect(explainDocker(['yaml: line 3: did not find expected key'])).toBeUndefined();
    expect(explainDocker(['could not be started: there is no folder /x'])).toBeUndefined();
  });
});
