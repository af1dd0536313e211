/** Where a broker is reached. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What another address stands in the place of an address. */
export type Replace = (address: Address) => Address;

export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
