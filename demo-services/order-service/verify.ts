import { askService } from '../shared/client.ts';
import { HttpProblem } from '../shared/http.ts';
import type { Parts } from '../shared/service.ts';
import type { Settings } from '../shared/settings.ts';
import type { Trace } from '../shared/trace.ts';
import type { PricedItem } from './orders.ts';

export interface WantedItem {
  product_id: string;
  quantity: number;
}

/** Asks the user service; 400 when it does not know the user. */
export async function verifyUser({ settings, hasDefect }: Parts, userId: string, trace: Trace): Promise<void> {
  const url = `${settings.userServiceUrl}/api/v1/users/${encodeURIComponent(userId)}`;
  try {
    const { status, body } = await askService('user-service', url, trace, {
      isPatient: hasDefect('order_waits_for_ever'),
    });
    if (status !== 200) throw new HttpProblem(400, `user verification failed: ${describeAnswer(status, body)}`);
  } catch (error) {
    const isIgnored = hasDefect('order_failure_ignored') && error instanceof HttpProblem && error.status === 503;
    if (!isIgnored) throw error;
  }
}

/** Asks the product service for each product once; 400 when one is unknown or there is not enough of it. */
export async function priceItems(
  settings: Settings,
  items: WantedItem[],
  { trace, isStockChecked }: { trace: Trace; isStockChecked: boolean },
): Promise<PricedItem[]> {
  const wanted = new Map<string, number>();
  for (const { product_id, quantity } of items) wanted.set(product_id, (wanted.get(product_id) ?? 0) + quantity);
  const prices = new Map<string, number>();
  for (const [id, quantity] of wanted) {
    const url = `${settings.productServiceUrl}/api/v1/products/${encodeURIComponent(id)}`;
    const { status, body } = await askService('product-service', url, trace);
    const { price, inventory } = body;
    if (status !== 200 || typeof price !== 'number' || typeof inventory !== 'number') {
      throw new HttpProblem(400, `product ${id} verification failed: ${describeAnswer(status, body)}`);
    }
    if (inventory < quantity && isStockChecked) {
      throw new HttpProblem(400, `insufficient inventory for product ${id}: ${inventory} there, ${quantity} wanted`);
    }
    prices.set(id, price);
  }
  return items.map(({ product_id, quantity }) => ({ product_id, quantity, price: prices.get(product_id) ?? 0 }));
}

function describeAnswer(status: number, body: Record<string, unknown>): string {
  return typeof body['error'] === 'string' ? body['error'] : `the answer has status ${status}`;
}
