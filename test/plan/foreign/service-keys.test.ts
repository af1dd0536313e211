import { describe, expect, it } from 'vitest';
import { explainOtherProjectKey, explainOtherServiceKey } from '../../../src/plan/foreign/service-keys.ts';

describe('keys of compose files in testmesh.yaml', () => {
  it.each([
    ['depends_on', 'write `needs: [db]`', 'needs'],
    ['environment', 'did you mean `env`?', 'env'],
    ['working_dir', 'did you mean `cwd`?', 'cwd'],
    ['cmd', 'did you mean `command`?', 'command'],
    ['image', 'a service of a compose file is named: `compose: {file: docker-compose.yml, service: …}`', 'compose'],
    ['stop_grace_period', 'write `stop: {timeout: 10s}`', 'stop'],
  ])('%s of a service', (word, help, insteadOf) => {
    expect(explainOtherServiceKey(word)).toEqual({ help, insteadOf });
  });

  it('are left out at the top, and what stands for proxies is named', () => {
    expect(explainOtherProjectKey('version')?.help).toMatch(/^leave it out: `version:` is of compose files/);
    expect(explainOtherProjectKey('proxy')).toEqual({ help: 'did you mean `proxies`?', insteadOf: 'proxies' });
    expect(explainOtherProjectKey('servics')).toBeUndefined();
  });
});
