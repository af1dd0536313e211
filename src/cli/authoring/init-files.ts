import { writeSchema } from '../commands/schema-command.ts';
import { SCHEMA_FILE } from './editor-line.ts';

/** What a new project is about. */
export interface NewProject {
  /** Of the service: `shop`. */
  readonly name: string;
  /** Where it is reached on this machine. */
  readonly url: string;
}

const PROJECT_SCHEMA_FILE = 'project.schema.json';

/** The files of a new project, by their paths: it passes at once, against a stub. */
export function listProjectFiles({ name, url }: NewProject): Readonly<Record<string, string>> {
  const variable = nameVariable(name);
  return {
    'testmesh.yaml': writeProject({ name, url, variable }),
    [`stubs/${name}.yaml`]: writeStub(name),
    'flows/order-is-taken.yaml': writeFlow(name, variable),
    '.github/workflows/flows.yaml': WORKFLOW,
    '.gitignore': '.testmesh/\nreports/\n.env\n.env.*\n',
    [SCHEMA_FILE]: `${JSON.stringify(writeSchema('flow'))}\n`,
    [PROJECT_SCHEMA_FILE]: `${JSON.stringify(writeSchema('project'))}\n`,
  };
}

/** The variable that has a service's address. */
export function nameVariable(service: string): string {
  return `${service.toUpperCase()}_URL`;
}

function writeProject({ name, url, variable }: NewProject & { readonly variable: string }): string {
  return `# yaml-language-server: $schema=${PROJECT_SCHEMA_FILE}
# What holds for all flows: testmesh explain testmesh.yaml
default_environment: stub

environments:
  stub: { env: { ${variable}: "" } } # the stub below stands in for the service
  local: { env: { ${variable}: "${url}" } } # testmesh run -e local

stubs:
  ${name}: { file: stubs/${name}.yaml } # testmesh mock stubs/${name}.yaml runs it on its own
`;
}

function writeStub(name: string): string {
  return `# Stands in for ${name}, as far as the flows need it: testmesh explain routes
routes:
  - method: POST
    path: /orders
    response: { status: 201, body: { id: "{{UUID}}", item: "{{request.body.item}}", status: accepted } }
  - { method: GET, path: /orders/unknown, response: { status: 404, body: { error: there is no such order } } }
  - method: GET
    path: /orders/:id
    response: { body: { id: "{{request.params.id}}", item: lamp, status: accepted } }
`;
}

function writeFlow(name: string, variable: string): string {
  return `# yaml-language-server: $schema=../${SCHEMA_FILE}
name: An order is taken
tags: [smoke]

env:
  ${variable}: "" # an environment of testmesh.yaml gives it
  ORDERS: "{{(${variable} == '' ? stubs.${name}.url : ${variable}) + '/orders'}}"

steps:
  - id: place_order
    action: http_request
    config: { method: POST, url: "{{ORDERS}}", body: { item: lamp } }
    assert:
      - status == 201
      - body.item == "lamp"
      - is_uuid(body.id)
    output:
      order_id: $.body.id # known to later steps

  - id: read_order
    action: http_request
    config: { url: "{{ORDERS}}/{{order_id}}" }
    assert:
      - status == 200
      - body.id == order_id
      - body.status == "accepted"

  - id: read_unknown_order
    action: http_request
    config: { url: "{{ORDERS}}/unknown" }
    assert: [status == 404]
`;
}

const WORKFLOW = `name: flows
on: [push, pull_request]
jobs:
  flows:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npm ci # testmesh is among the devDependencies
      - run: npx testmesh run --reporter tree --reporter junit=reports/junit.xml --reporter html=reports/run.html
      - uses: actions/upload-artifact@v4
        if: always()
        with: { name: reports, path: reports }
`;
