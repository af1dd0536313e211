import { runService } from '../shared/service.ts';
import { faults } from './faults.ts';
import { lowerInventories } from './orders.ts';
import { tables } from './products.ts';
import { addRoutes } from './routes.ts';

void runService({
  name: 'product-service',
  port: 5002,
  schema: 'product_service',
  tables,
  publishes: ['product.created', 'product.inventory.changed'],
  consumes: { 'order.placed': lowerInventories },
  faults,
  forgetsEvents: ({ hasDefect }) => hasDefect('inventory_when_redelivered'),
  addRoutes,
});
