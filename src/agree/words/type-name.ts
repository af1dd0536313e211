/** Words of a name, in lower case: `PurchaseOrder`, `purchase_orders` and `purchase-orders` have two. */
export function splitWords(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** The type that a name is of, in one form for one thing and many: that of `order_service.orders` is the one of `Order`. */
export function toType(name: string): string {
  const last = name.split('.').at(-1) ?? name;
  return joinType(splitWords(last));
}

/** Words as a type. */
export function joinType(words: readonly string[]): string {
  return [...words.slice(0, -1), toStem(words.at(-1) ?? '')].join('_');
}

/** One form for one and many, which need be no word: `categories` and `category`, `purchases` and `purchase`. */
function toStem(word: string): string {
  let stem = word;
  for (let length = 0; length !== stem.length; ) {
    length = stem.length;
    if (stem.length > 3) stem = stem.replace(/(?<!s)s$/, '').replace(/(?<=s|x|z|ch|sh)e$/, '');
  }
  return stem.replace(/(?:ie|y)$/, 'i');
}

/** The type that a reference is to: `order_id` and `orderId` are to `order`; undefined of what is no reference. */
export function typeOfReference(field: string): string | undefined {
  const words = splitWords(field);
  return words.length > 1 && words.at(-1) === 'id' ? joinType(words.slice(0, -1)) : undefined;
}

/** A type as a word: `categori` is that of a category. */
export function nameType(type: string): string {
  return type.replace(/i$/, 'y');
}
