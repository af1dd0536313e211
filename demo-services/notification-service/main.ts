import { runService } from '../shared/service.ts';
import { faults } from './faults.ts';
import { addRoutes, greetUser, reportOfOrder, tables } from './notifications.ts';

void runService({
  name: 'notification-service',
  port: 5004,
  schema: 'notification_service',
  tables,
  publishes: [],
  consumes: { 'user.created': greetUser, 'order.placed': reportOfOrder },
  faults,
  forgetsEvents: ({ hasDefect }) => hasDefect('notification_when_redelivered'),
  addRoutes,
});
