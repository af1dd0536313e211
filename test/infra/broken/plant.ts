import { expect, vi } from 'vitest';
import { type DefectName, defects } from '../../../demo-services/shared/defects.ts';
import { type ServiceName, serviceNames } from '../../../demo-services/shared/names.ts';
import type { Stack } from '../../../demo-services/stack/stack.ts';
import { send } from '../../support/stack/json-client.ts';

interface Health {
  readonly name: ServiceName;
  readonly status: number;
  readonly defect: unknown;
}

/** Gives the one service that carries it a defect, and takes away what was planted before. */
export async function plant(stack: Stack, defect: DefectName | undefined): Promise<void> {
  const carrier = defect && defects[defect].service;
  const healths = await readHealths(stack);
  const changing = healths.filter(({ name, defect: planted }) => name === carrier || planted !== undefined);
  await Promise.all(
    changing.map(async ({ name }) => {
      await stack.stopService(name);
      await stack.startService(name, { defect: name === carrier ? defect : undefined });
    }),
  );
}

/** Takes away what the suite before planted, and waits until the services have found their broker and database again. */
export async function mend(stack: Stack): Promise<void> {
  const expectHealth = async () =>
    expect((await readHealths(stack)).filter(({ status }) => status !== 200)).toEqual([]);
  await vi.waitFor(expectHealth, { timeout: 60_000, interval: 100 });
  await plant(stack, undefined);
}

async function readHealths(stack: Stack): Promise<Health[]> {
  const { user, product, order, notification } = stack.urls;
  const urls: Record<ServiceName, string> = {
    'user-service': user,
    'product-service': product,
    'order-service': order,
    'notification-service': notification,
  };
  return Promise.all(
    serviceNames.map(async (name) => {
      const { status, body } = await send('GET', `${urls[name]}/health`);
      return { name, status, defect: body['defect'] };
    }),
  );
}
