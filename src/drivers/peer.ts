/** `localhost:5432`: how messages name a peer. */
export function namePeer({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
