import type { SteadyDefect } from '../../demo-services/shared/defects.ts';

/** Where a defect has to be caught, and what the report of it has to say. */
export interface Claim {
  /** The file in `examples/`. */
  flow: string;
  /** The step that makes the claim: the first that fails. */
  step: string;
  /** Texts that the report must hold, so that a stranger learns what is wrong. */
  cause: readonly string[];
}

const inFile =
  (flow: string) =>
  (step: string, ...cause: string[]): Claim => ({ flow, step, cause });

const reading = inFile('02-capture-and-use.yaml');
const health = inFile('01-one-request.yaml');
const journey = inFile('08-order-journey.yaml');
const signUp = inFile('09-sign-up-and-log-in.yaml');
const usersRefused = inFile('10-users-refused.yaml');
const product = inFile('11-product-and-inventory.yaml');
const order = inFile('12-order-to-the-cent.yaml');
const ordersRefused = inFile('13-orders-refused.yaml');
const orderEvent = inFile('14-order-event-in-detail.yaml');
const redelivered = inFile('24-redelivery-changes-nothing.yaml');
const effects = inFile('26-what-an-order-changes.yaml');
const between = inFile('boundaries/flows/order-asks-user-service.yaml');
const slowBrokers = inFile('boundaries/flows/broker-slow.yaml');
const told = inFile('15-notifications.yaml');

/** Which step of which example catches each defect: one that nobody claims to catch is an error of types. */
export const claims: Record<SteadyDefect, Claim> = {
  user_status_200: reading('create_user', 'status   int 200'),
  user_name_mojibake: signUp('sign_up', 'body.name   string "ZoÃ« ', 'the value is UTF-8 that was read as Latin-1'),
  user_email_lowered: signUp('sign_up', 'body.email', 'string "zoe.', 'string "Zoe.'),
  user_email_unchecked: usersRefused('no_email_address', 'status   int 201'),
  user_overwritten: usersRefused('second_is_refused', 'status   int 201', '"name": "Second"'),
  user_taken_is_500: usersRefused('second_is_refused', 'status   int 500', '"internal error"'),
  user_unknown_is_empty: usersRefused(
    'unknown_user',
    'status   int 200',
    'body.error   is missing: expected string "user not found"',
  ),
  user_read_another: signUp('read_user', 'body.name', 'got string "Neighbour"'),
  user_list_capped: signUp('list_users', 'array (20)', 'holds for none of 20 items'),
  user_password_in_body: signUp('sign_up', 'is not expected: got string "password_hash"'),
  user_created_at_shifted: signUp('user_stored', 'rows[0].created_at', 'exactly 2 h apart'),
  user_not_committed: signUp('user_stored', 'rows[0]   is missing', '0 rows'),
  user_event_missing: signUp('sign_up_announced', 'got none of 0 seen within 15 s'),
  user_event_twice: signUp('sign_up_announced', 'expected exactly 1 message', 'got 2 of '),
  user_event_of_previous: signUp('sign_up_announced', 'got none of 2 seen', 'value.user_id: expected string'),
  user_event_wrong_topic: signUp('sign_up_announced', 'got none of 0 seen', 'on `user.login` would match'),
  user_event_field_renamed: signUp(
    'sign_up_announced',
    'message.value.email   is missing',
    'message.value.mail    is not expected',
  ),
  user_event_too_early: usersRefused(
    'second_is_not_announced',
    'expected no message on `user.created` that matches, got 1',
    '"name": "Second"',
  ),
  login_event_missing: signUp('log_in_announced', 'on `user.login` that matches, got none of 0 seen within 15 s'),
  login_token_of_another: signUp('token_is_mine', 'body.user_id   expected string'),
  login_token_reused: signUp('neighbour_logs_in', '`body.token != token` is false'),
  login_unknown_is_404: usersRefused('unknown_login', 'status   int 404'),
  login_verifies_anything: signUp('forged_token', 'body.valid   expected bool false', 'got bool true'),
  user_health_degraded: health('health', 'body.status   string "degraded"'),

  product_price_text: product('create_product', 'body.price', 'got string "29.99"'),
  product_price_rounded: product('create_product', 'body.price', 'got int 30'),
  product_description_lost: product('create_product', 'body.description', '"short and stout"', 'got string ""'),
  product_created_at_without_zone: product('create_product', 'one side has no time zone'),
  product_content_type_wrong: product('create_bystander', 'content_type   string "text/plain'),
  product_read_stale: product('read_after', 'body.inventory    expected int 42', 'got int 7'),
  product_event_missing: product(
    'product_announced',
    'on `product.created` that matches, got none of 0 seen within 15 s',
  ),
  product_event_price_in_cents: product(
    'product_announced',
    'message.value.price',
    'got int 2999',
    'cents and whole units',
  ),
  product_event_field_renamed: product(
    'product_announced',
    'value.product_id: expected string',
    'got nothing',
    '"productId":',
  ),
  inventory_event_type_wrong: product('change_announced', 'message.value.event_type', 'got string "product.updated"'),
  inventory_event_swapped: product(
    'change_announced',
    'message.value.old_inventory',
    'got int 42',
    'message.value.new_inventory',
    'got int 7',
  ),
  inventory_added: product('set_inventory', 'body.inventory   int 49'),
  inventory_of_all: product('both_in_the_end', '"inventory": 11}', 'is not expected: got map'),
  inventory_negative_accepted: product('negative_inventory', 'status   int 200'),
  inventory_updated_at_kept: product('set_inventory', 'date(body.updated_at) > date(create_product.body.updated_at)'),
  inventory_not_lowered: order('stocks_lowered', 'rows[0].inventory', 'got int 10', 'got int 100'),
  inventory_when_redelivered: redelivered(
    'nothing_happens',
    '1 row changed in `product_service.products`',
    'inventory 8 → 6',
  ),
  inventory_lowered_twice: order('stocks_lowered', '`fail_when` holds', 'rows[0].inventory', 'int 6'),
  inventory_lowered_by_one: order('stocks_lowered', 'rows[0].inventory', 'got int 9', 'got int 99'),
  inventory_of_first_item: order('stocks_lowered', 'rows[1].inventory', 'got int 100'),

  order_total_wrong: journey('create_order', 'body.total   float 59.99'),
  order_total_rounded: order('place_order', 'body.total   int 60'),
  order_total_float: order('place_order', 'body.total   float 60.279999999999994', 'as calculations with floats do'),
  order_total_text: order('place_order', 'body.total   string "60.28"', 'a text never equals a number'),
  order_total_not_stored: order('order_stored', 'rows[0].total', 'got int 0'),
  order_total_stored_tenfold: order('order_stored', 'rows[0].total', 'got float 602.8'),
  order_status_stored_confirmed: order('order_stored', 'rows[0].status', 'got string "confirmed"'),
  order_stored_for_another_user: order('order_stored', 'rows[0].user_id   expected string'),
  order_quantity_stored_too_high: order('items_stored', 'rows[0].quantity', 'got int 3'),
  order_line_of_one: order('items_stored', 'rows[0].price', 'got float 29.99'),
  order_items_not_stored: order('items_stored', 'rows[0]   is missing', '0 rows'),
  order_item_dropped: order('place_order', '[1]   is missing', 'body.total   float 59.98'),
  order_not_committed: order('order_stored', 'rows[0]   is missing', '0 rows'),
  order_stored_twice: effects('effects', '`order_service.orders`: expected 1 row added, got 2 rows added'),
  order_of_another_confirmed: effects(
    'effects',
    '`order_service.orders`: expected 1 row added, got 1 row added, 1 row changed',
    ': status "',
  ),
  order_left_as_draft: effects('effects', '`order_service.order_drafts`: expected no change, got 1 row added'),
  order_status_wrong: order('place_order', 'body.status   string "confirmed"'),
  order_unknown_is_empty: ordersRefused(
    'unknown_order',
    'status   int 200',
    'body.error   is missing: expected string "order not found"',
  ),
  order_list_of_everyone: order('list_orders', 'array (20)', '[1]   is not expected'),
  order_user_unverified: ordersRefused(
    'unknown_user',
    'status   int 201',
    'is missing: expected string "user verification failed',
  ),
  order_stock_unchecked: ordersRefused('more_than_there_is', 'status   int 201', '3 there, 4 wanted'),
  order_quantity_unchecked: ordersRefused('negative_quantity', 'status   int 201'),
  order_waits_for_ever: between('cases', '[3] order', 'int 201', 'no answer within 3000 ms'),
  order_failure_ignored: between('cases', '[2] order', 'int 201', 'it answers 500'),
  order_retried_when_slow: slowBrokers('announced', 'expected exactly 1 message', 'got 2 of '),
  order_refusal_is_500: ordersRefused('unknown_user', 'status   int 500', '"internal error"'),
  order_error_tells_password: ordersRefused('unknown_user', 'goes on with " (postgresql://root:admin@'),
  order_event_missing: orderEvent('first_announced', 'on `order.placed` that matches, got none of 0 seen within 15 s'),
  order_event_twice: orderEvent('first_announced', 'expected exactly 1 message', 'got 2 of '),
  order_event_on_another_topic: effects('effects', '`user.login`: expected no message, got 1 message', 'order_id'),
  order_event_late: orderEvent('first_announced', 'on `order.placed` that matches, got none of 0 seen within 15 s'),
  order_event_of_previous: orderEvent('first_announced', 'message.value.total', 'got float 149.85'),
  order_event_for_another_user: orderEvent('first_announced', 'message.value.user_id   expected string'),
  order_event_without_items: orderEvent('first_announced', 'message.value.items[0]   is missing'),
  order_event_total_in_cents: orderEvent('first_announced', 'message.value.total', 'got int 9990'),
  order_event_price_of_one: orderEvent('first_announced', 'message.value.items[0].price', 'got float 49.95'),
  order_event_quantity_text: orderEvent('first_announced', 'message.value.items[0].quantity', 'got string "2"'),
  order_event_type_wrong: orderEvent('first_announced', 'message.value.event_type', 'got string "order.created"'),
  order_event_trace_dropped: orderEvent('first_announced', '`message.headers` has no `traceparent`'),
  order_event_too_early: ordersRefused(
    'nothing_announced',
    'expected no message on `order.placed` that matches, got 1',
  ),

  welcome_missing: told('welcomed', 'body.count   int 0', 'not within 15 s'),
  notification_missing: told('told_of_order', 'body.count   int 1', 'is missing: expected string "order_placed"'),
  notification_twice: told('told_of_order', 'array (3) ["order_placed", "order_placed", "welcome"]'),
  notification_when_redelivered: redelivered('nothing_happens', '1 row added to `notification_service.notifications`'),
  notification_text_wrong: told('told_of_order', 'for undefined has been placed'),
  notification_type_wrong: told('told_of_order', 'got string "order"'),
  notification_for_previous_user: told(
    'told_of_order',
    'body.count   int 1',
    'is missing: expected string "order_placed"',
  ),
  notification_read_already: told('told_of_order', 'none(body.notifications, .read)   holds for'),
  notification_data_text: told('told_of_order', 'is a text that holds JSON'),
  notification_count_wrong: told('welcomed', 'body.count   int 2'),
  notification_oldest_first: told('told_of_order', 'same items, different order'),
  notification_of_everyone: told('welcomed', 'body.count   int 50'),
  notification_page_short: told('newest_page', 'body.count   int 10'),
  unread_with_read: told('one_unread', 'body.count   int 2'),
};
