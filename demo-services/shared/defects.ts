import type { ServiceName } from './names.ts';

/** The faults that can be planted, by the service that carries them: adding one is a line here and a use there. */
const sentences = {
  'user-service': {
    user_status_200: 'a new user is answered with 200 instead of 201',
    user_name_mojibake: 'the UTF-8 of a name is read as Latin-1 before it is stored',
    user_email_lowered: 'the e-mail address is stored in lower case, not as it was given',
    user_email_unchecked: 'a text without @ is accepted as an e-mail address',
    user_overwritten: 'a second user with the same e-mail address replaces the first instead of being refused',
    user_taken_is_500: 'an e-mail address that is taken is answered with 500 instead of 409',
    user_unknown_is_empty: 'an unknown user is answered with 200 and {} instead of 404',
    user_read_another: 'a user read by id is the one created before the one that was asked for',
    user_list_capped: 'the list of users ends after 20: the newest are missing',
    user_password_in_body: 'the answer to a new user holds the hash of a password',
    user_created_at_shifted: 'created_at is given two hours late: local time marked as UTC',
    user_not_committed: 'the transaction of a new user is rolled back, though it is answered with 201 and announced',
    user_event_missing: 'user.created is never published',
    user_event_twice: 'user.created is published twice',
    user_event_of_previous: 'user.created has the user_id of the user before',
    user_event_wrong_topic: 'user.created is published to user.login',
    user_event_field_renamed: 'user.created says `mail` instead of `email`',
    user_event_too_early: 'user.created is published before the e-mail address is found to be taken',
    login_event_missing: 'user.login is never published',
    login_token_of_another: 'the token of a login belongs to the user created before',
    login_token_reused: 'every login of the process gets the token of the first',
    login_unknown_is_404: 'a login with an unknown e-mail address is answered with 404 instead of 401',
    login_verifies_anything: 'every token is said to be valid',
    user_health_degraded: 'GET /health answers 200 with the status "degraded"',
  },
  'product-service': {
    product_price_text: 'the price is given as text',
    product_price_rounded: 'the price is stored without its cents',
    product_description_lost: 'the description is not stored',
    product_created_at_without_zone: 'created_at is given without its Z',
    product_content_type_wrong: 'answers are JSON with the content type text/plain',
    product_read_stale: 'a product that was read once is answered from a cache that no update clears',
    product_event_missing: 'product.created is never published',
    product_event_price_in_cents: 'the price in product.created is in cents',
    product_event_field_renamed: 'product.created says `productId` instead of `product_id`',
    inventory_event_type_wrong: 'product.inventory.changed has the event_type "product.updated"',
    inventory_event_swapped: 'old_inventory and new_inventory have changed places',
    inventory_added: 'PUT inventory adds to the inventory instead of setting it',
    inventory_of_all: 'PUT inventory forgets its WHERE: the newest 20 products get the inventory',
    inventory_negative_accepted: 'a negative inventory is accepted and stored as 0',
    inventory_updated_at_kept: 'PUT inventory leaves updated_at as it was',
    inventory_not_lowered: 'an order does not lower the inventory',
    inventory_lowered_twice: 'an order lowers the inventory by twice its quantity',
    inventory_when_redelivered: 'an order.placed that is delivered again lowers the inventory again',
    inventory_lowered_by_one: 'an order lowers the inventory by 1, whatever its quantity',
    inventory_of_first_item: 'an order lowers the inventory of its first item only',
  },
  'order-service': {
    order_total_wrong: 'the total of an order is one cent too high',
    order_total_rounded: 'the total of an order is rounded to a whole number',
    order_total_float: 'the total of an order is a sum of doubles, with their drift',
    order_total_text: 'the total of an order is given as text',
    order_total_not_stored: 'the total of an order is answered rightly and stored as 0',
    order_total_stored_tenfold: 'the total of an order is answered rightly and stored ten times as high',
    order_status_stored_confirmed: 'an order is answered as "pending" and stored as "confirmed"',
    order_stored_for_another_user: 'an order is answered rightly and stored for a user that nobody knows',
    order_quantity_stored_too_high: 'the quantity of an item is answered rightly and stored one too high',
    order_line_of_one: 'the price of an item is that of one, not that of its quantity',
    order_items_not_stored: 'an order is stored without its items',
    order_item_dropped: 'only the first item of an order is taken',
    order_not_committed: 'the transaction of an order is rolled back, though it is answered with 201 and announced',
    order_stored_twice: 'an order is stored a second time, with an id that nobody is told',
    order_of_another_confirmed: 'an order confirms the newest order of another user',
    order_stored_twice_at_times: 'one order in 500 is stored a second time, with an id that nobody is told',
    order_left_as_draft: 'an order leaves a row in a table of drafts',
    order_status_wrong: 'an order is answered as "confirmed" while it is pending',
    order_unknown_is_empty: 'an unknown order is answered with 200 and {} instead of 404',
    order_list_of_everyone: 'the list of orders ignores user_id: the newest 20 of everybody',
    order_user_unverified: 'an order is taken without asking the user service',
    order_stock_unchecked: 'an order is taken for more than there is',
    order_quantity_unchecked: 'a quantity of 0 or less is accepted',
    order_waits_for_ever: 'an order waits for the answer of the user service without a limit of time',
    order_failure_ignored: 'an order is taken when the user service fails or cannot be reached',
    order_retried_when_slow: 'an order whose announcement takes longer than a second is placed again',
    order_refusal_is_500: 'an order of an unknown product is answered with 500 instead of 400',
    order_error_tells_password: 'a refusal ends with the address of the database and its password',
    order_event_missing: 'orders are stored, but order.placed is never published',
    order_event_lost_at_times: 'order.placed is not published for one order in 500',
    order_event_twice: 'order.placed is published twice',
    order_event_twice_at_times: 'order.placed is published twice for one order in 500',
    order_event_on_another_topic: 'order.placed is published to user.login too',
    order_event_late: 'order.placed is published 25 s late',
    order_event_of_previous: 'order.placed has the order_id of the order before',
    order_event_for_another_user: 'order.placed has the user_id of the order before',
    order_event_without_items: 'order.placed has an empty list of items',
    order_event_total_in_cents: 'the total in order.placed is in cents',
    order_event_price_of_one: 'the price of an item in order.placed is that of one',
    order_event_quantity_text: 'the quantity of an item in order.placed is text',
    order_event_type_wrong: 'order.placed has the event_type "order.created"',
    order_event_trace_dropped: 'order.placed does not pass the traceparent header on',
    order_event_too_early:
      'order.placed is published, without its items, before the order is checked, also when it is refused',
  },
  'notification-service': {
    welcome_missing: 'user.created makes no notification',
    notification_missing: 'order.placed makes no notification',
    notification_twice: 'order.placed makes two notifications',
    notification_when_redelivered: 'an order.placed that is delivered again makes another notification',
    notification_text_wrong: 'the message of an order says "undefined" instead of the total',
    notification_type_wrong: 'the type of an order\'s notification is "order" instead of "order_placed"',
    notification_for_previous_user: 'a notification of an order goes to the user of the order before',
    notification_read_already: 'notifications of orders are made as read',
    notification_data_text: 'the data of a notification is given as JSON text',
    notification_count_wrong: 'the count beside the notifications is one too high',
    notification_oldest_first: 'notifications are listed oldest first',
    notification_of_everyone: 'the list of notifications is not limited to the user',
    notification_page_short: 'the list of notifications ends after 10',
    unread_with_read: 'the unread notifications include those that were read',
  },
} as const satisfies Record<ServiceName, Record<string, string>>;

export type DefectName = { [Name in ServiceName]: keyof (typeof sentences)[Name] }[ServiceName];

/** Those that show every time; the others show at times, where no flow by itself finds them, but a load that reconciles does. */
export type SteadyDefect = Exclude<DefectName, `${string}_at_times`>;

export interface Defect {
  service: ServiceName;
  /** What is wrong. */
  sentence: string;
}

/** Every fault by its name. */
export const defects = Object.fromEntries(
  Object.entries(sentences).flatMap(([service, faults]) =>
    Object.entries(faults).map(([name, sentence]) => [name, { service, sentence }]),
  ),
) as Record<DefectName, Defect>;

/** Reads the value of DEFECT; nothing and the empty text mean none, a name that is not in the registry is an error. */
export function parseDefect(text: string | undefined): DefectName | undefined {
  if (text === undefined || text === '') return undefined;
  if (isDefectName(text)) return text;
  const known = Object.keys(defects).sort().join('`, `');
  throw new Error(`unknown defect \`${text}\`; known are \`${known}\``);
}

/** The defect that this service has to show, if the one given is its own. */
export function ownDefect(service: ServiceName, defect: DefectName | undefined): DefectName | undefined {
  return defect !== undefined && defects[defect].service === service ? defect : undefined;
}

function isDefectName(text: string): text is DefectName {
  return Object.hasOwn(defects, text);
}

/** The faults that show every time. */
export function listSteadyDefects(): SteadyDefect[] {
  return (Object.keys(defects) as DefectName[]).filter((name): name is SteadyDefect => !name.endsWith('_at_times'));
}
