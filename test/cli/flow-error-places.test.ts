import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-places-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FLOW = `name: f
setup:
  - id: users
    action: mock_server_start
    config:
      unmatched: fail
      routes:
        - path: /u
          then:
            - { http: { url: "http://127.0.0.1:1/cb" } }
  - { id: way, action: fault_proxy_start, config: { upstream: "{{users.url}}", protocol: http } }
steps:
  - { id: call, action: http_request, config: { url: "{{users.url}}/u" }, assert: [status == 200] }
  - { id: other, action: http_request, config: { url: "{{users.url}}/none" }, assert: [status == 404] }
  - id: slow
    action: fault_set
    config:
      proxy: way
      faults: { latency: 10ms }
`;
const PLACES = [
  ['POST http://127.0.0.1:1/cb failed', 'f.yaml:10:15', '- { http: { url: "http://127.0.0.1:1/cb" } }'],
  ['stub users: 1 request matched no route', 'f.yaml:6:18', 'unmatched: fail'],
  ['`latency` met nothing', 'f.yaml:19:15', 'faults: { latency: 10ms }'],
] as const;

describe('what a stub or a proxy finds wrong when the steps are over', () => {
  it('stands at its setting, in all reports', async () => {
    writeFileSync(join(folder, 'f.yaml'), FLOW);
    const reporters = ['tree', 'junit=j.xml', 'ndjson=n.json'].flatMap((one) => ['--reporter', one]);
    const { output } = await callCommand(['run', 'f.yaml', '--color', 'never', ...reporters], { cwd: folder });
    const junit = readFileSync(join(folder, 'j.xml'), 'utf8');
    for (const [message, place, line] of PLACES)
      for (const text of [output, junit.replaceAll('&quot;', '"')]) {
        const block = text.slice(text.lastIndexOf(message, text.indexOf(`${place}\n`)));
        expect(block.startsWith(message)).toBe(true);
        expect(block.split('\n').slice(1, 4).join('\n')).toContain(place);
        expect(block.split('\n').slice(1, 5).join('\n')).toContain(line);
      }
    expect(output.match(/^ *\(the flow\) +\S+/gm)?.map((text) => text.replace(/.* /, ''))).toEqual(
      PLACES.map(([, place]) => place.replace(/:\d+$/, '')),
    );
    const events = readFileSync(join(folder, 'n.json'), 'utf8').trim().split('\n');
    const finished = events.map((one) => JSON.parse(one)).find(({ type }) => type === 'flow_finished');
    const places = finished.problems.map(
      ({ location: { file, line, column } }: { location: { file: string; line: number; column: number } }) =>
        `${file}:${line}:${column}`,
    );
    expect(places).toEqual(PLACES.map(([, place]) => place));
  });

  it('stands in testmesh.yaml for a stub of the run, and at the step for a fault of a proxy of the run', async () => {
    const project = `stubs:
  users:
    unmatched: fail
    routes: [{ path: /u }]
proxies:
  way: { upstream: "{{stubs.users.url}}", protocol: http }
`;
    const flow = `name: g
steps:
  - { id: slow, action: fault_set, config: { proxy: way, faults: { latency: 10ms } } }
  - { id: other, action: http_request, config: { url: "{{stubs.users.url}}/none" }, assert: [status == 404] }
`;
    writeFileSync(join(folder, 'testmesh.yaml'), project);
    writeFileSync(join(folder, 'g.yaml'), flow);
    const { output } = await callCommand(['run', 'g.yaml', '--color', 'never'], { cwd: folder });
    expect(output).toMatch(/stub users: 1 request matched no route\n +testmesh\.yaml:3:16\n/);
    expect(output).toMatch(/`latency` met nothing: .*\n +g\.yaml:3:66\n/);
  });
});
