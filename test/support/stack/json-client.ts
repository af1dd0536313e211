export type Json = Record<string, unknown>;

export interface JsonAnswer {
  status: number;
  body: Json;
}

/** Sends a request with a JSON body, or with `text` as it is, and reads the JSON of the answer. */
export async function send(
  method: string,
  url: string,
  request: { body?: unknown; text?: string; headers?: Record<string, string> } = {},
): Promise<JsonAnswer> {
  const payload = request.text ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  const response = await fetch(url, {
    method,
    headers: { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers },
    ...(payload === undefined ? {} : { body: payload }),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

let lastNumber = 0;

/** An e-mail address that no other test of this run uses. */
export function makeEmail(): string {
  lastNumber += 1;
  return `user-${process.pid}-${performance.now().toString(36).replace('.', '')}-${lastNumber}@example.com`;
}

/** Creates a user and returns it. */
export async function createUser(userUrl: string, name = 'Ada'): Promise<Json> {
  return (await send('POST', `${userUrl}/api/v1/users`, { body: { email: makeEmail(), name } })).body;
}

/** Creates a product and returns it. */
export async function createProduct(productUrl: string, product: Json = {}): Promise<Json> {
  const body = { name: 'Widget', price: 29.99, inventory: 100, ...product };
  return (await send('POST', `${productUrl}/api/v1/products`, { body })).body;
}

/** The notifications of a user, newest first. */
export async function readNotifications(notificationUrl: string, userId: unknown): Promise<Json[]> {
  return (await send('GET', `${notificationUrl}/api/v1/notifications/${userId}`)).body['notifications'] as Json[];
}
