/** The nearest step around the one at this address that satisfies `isKnown`; undefined for a step of the flow itself. */
export function findParent(address: string, isKnown: (address: string) => boolean): string | undefined {
  for (let at = address.lastIndexOf('>'); at !== -1; at = address.lastIndexOf('>', at - 1)) {
    const prefix = address.slice(0, at);
    if (isKnown(prefix)) return prefix;
    const bare = prefix.replace(/\[\d+\]$/, '');
    if (bare !== prefix && isKnown(bare)) return bare;
    if (at === 0) return undefined;
  }
  return undefined;
}

/** Whether an address is that of a step inside a control. */
export function isBelow(address: string, control: string): boolean {
  return address.startsWith(`${control}>`) || address.startsWith(`${control}[`);
}

/** How a step is called below its parent: its name, with the item or branch that it belongs to: `[3] check`. */
export function labelBelow(parent: string | undefined, address: string, name: string): string {
  if (parent === undefined) return name;
  const rest = address.slice(parent.length).replace(/^>/, '');
  const between = rest.slice(0, Math.max(0, rest.lastIndexOf('>')));
  return between === '' ? name : `${between} ${name}`;
}
