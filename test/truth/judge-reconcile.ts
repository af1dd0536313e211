import type { LoadSummary } from '../../src/load/metrics/load-summary.ts';
import type { OrderCounts } from './count-orders.ts';

/** What a load says of its orders that SQL and Kafka do not say. */
export function findDifferences({ reconcile }: LoadSummary, { rows, events }: OrderCounts): readonly string[] {
  const inEvents = reconcile?.places.find(({ kind }) => kind === 'events');
  const inRows = reconcile?.places.find(({ kind }) => kind === 'rows');
  if (!reconcile || !inEvents || !inRows) return ['the summary says nothing of what was accepted'];
  const withoutEvent = [...rows].filter((id) => !events.has(id)).length;
  const withoutRow = [...events.keys()].filter((id) => !rows.has(id)).length;
  const twice = [...events.values()].filter((count) => count > 1).length;
  const compared: readonly (readonly [what: string, told: number, counted: number])[] = [
    ['orders in the table', inRows.found, rows.size],
    ['orders with an event', inEvents.found, events.size],
    ['duplicated events', inEvents.duplicated, twice],
    ['duplicated rows', inRows.duplicated, 0],
    // An order that nobody was told of has no event that somebody misses.
    ['orders without an event', inEvents.lost + inRows.unexpected - inEvents.unexpected, withoutEvent],
    ['events without an order', inRows.lost, withoutRow],
    ['orders nobody was told of', inRows.unexpected, rows.size + withoutRow - reconcile.accepted],
  ];
  return compared
    .filter(([, told, counted]) => told !== counted)
    .map(([what, told, counted]) => `${what}: the load says ${told}, SQL and Kafka say ${counted}`);
}

/** `5996 accepted, events: 5996 found, 0 lost …`. */
export function describeCounts({ reconcile, run }: LoadSummary): string {
  const places = (reconcile?.places ?? []).map(
    ({ kind, found, lost, duplicated, unexpected }) =>
      `${kind}: ${found} found, ${lost} lost, ${duplicated} duplicated, ${unexpected} unexpected`,
  );
  const { accepted = 0, uncertain = 0 } = reconcile ?? {};
  return [`${accepted} accepted, ${uncertain} uncertain`, ...places, `exit code ${run.exitCode}`].join(' · ');
}
