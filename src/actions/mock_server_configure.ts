import type { ActionDefinition } from '../model/action/definition.ts';
import { countOf } from '../util/count.ts';
import { checkRoutes, checkServer, mentionServer } from './stub/check-routes.ts';
import { createRoutes } from './stub/set-up-stub.ts';
import { type ConfigureSettings, configureSettings, routeReading } from './stub/stub-settings.ts';
import { findStub } from './stub/verify.ts';

/** Gives a stub more routes, before those that it has, or others in their place. */
export const mockServerConfigure: ActionDefinition<ConfigureSettings> = {
  name: 'mock_server_configure',
  summary: 'Adds routes to a running stub, before those that it has or in place of them',
  settings: {
    schema: configureSettings,
    ...routeReading,
    check: (authored) => [...checkServer(authored), ...checkRoutes(authored)],
    mentions: mentionServer,
    note: {
      example: '{ server: users, routes: [{ path: /users/:id, response: { status: 503 } }] }',
      more: ['routes', 'what a route has'],
    },
  },
  result: { keys: { routes: 'number' } },
  judges: true,
  traits: { isLocal: true },
  async run({ server: id, routes, replace = false }, io) {
    const view = findStub(id, io);
    view.configure(createRoutes(routes, io, view), replace);
    return { result: { routes: view.routes.length }, summary: countOf(view.routes.length, 'route') };
  },
};
