import { runService } from '../shared/service.ts';
import { faults } from './faults.ts';
import { tables } from './orders.ts';
import { addRoutes } from './routes.ts';

void runService({
  name: 'order-service',
  port: 5003,
  schema: 'order_service',
  tables,
  publishes: ['order.placed'],
  consumes: {},
  faults,
  addRoutes,
});
