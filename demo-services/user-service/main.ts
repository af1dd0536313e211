import { runService } from '../shared/service.ts';
import { faults } from './faults.ts';
import { addPictureRoutes, pictureTable } from './pictures.ts';
import { addPostRoutes, postTable } from './posts.ts';
import { addRoutes } from './routes.ts';
import { tables } from './users.ts';

void runService({
  name: 'user-service',
  port: 5001,
  schema: 'user_service',
  tables: tables + pictureTable + postTable,
  publishes: ['user.created', 'user.login'],
  consumes: {},
  faults,
  addRoutes(app, parts) {
    addRoutes(app, parts);
    addPictureRoutes(app, parts);
    addPostRoutes(app, parts);
  },
});
