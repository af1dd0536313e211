/** Flows of the tests of faults: each claims one thing after the other, with short timeouts, and has a teardown. */

/** What teardown leaves in the database, and says. */
const TEARDOWN = `
teardown:
  - { id: said, action: log, config: { message: "teardown was here" } }
`;

/** The four services, one step each, in the order in which they need each other. */
export const SERVICES_FLOW = `
name: "The services answer"
env:
  DB_URL: "postgresql://root:admin@localhost:5432/postgres"
  USER_SERVICE_URL: "http://localhost:5001"
  PRODUCT_SERVICE_URL: "http://localhost:5002"
  ORDER_SERVICE_URL: "http://localhost:5003"
  NOTIFICATION_SERVICE_URL: "http://localhost:5004"
steps:
  - id: create_user
    action: http_request
    timeout: 3s
    config: { method: POST, url: "{{USER_SERVICE_URL}}/api/v1/users", body: { name: Ada, email: "ada-{{UUID}}@example.com" } }
    assert: [status == 201]
    output: { user_id: $.body.id }
  - id: create_product
    action: http_request
    config: { method: POST, url: "{{PRODUCT_SERVICE_URL}}/api/v1/products", body: { name: Lamp, price: 29.99, inventory: 5 }, timeout: 3s }
    assert: [status == 201]
    output: { product_id: $.body.id }
  - id: create_order
    action: http_request
    timeout: 3s
    config:
      method: POST
      url: "{{ORDER_SERVICE_URL}}/api/v1/orders"
      body: { user_id: "{{user_id}}", items: [{ product_id: "{{product_id}}", quantity: 1 }] }
    assert: [status == 201]
  - id: read_notifications
    action: http_request
    timeout: 3s
    config: { url: "{{NOTIFICATION_SERVICE_URL}}/api/v1/notifications/{{user_id}}" }
    assert: [status == 200]
${TEARDOWN}
  - id: answered
    action: database_query
    config: { connection: "{{DB_URL}}", query: "SELECT 'teardown ran' AS text" }
    assert: ['first_row.text == "teardown ran"']
`;

export const DATABASE_FLOW = `
name: "The database answers"
env: { DB_URL: "postgresql://root:admin@localhost:5432/postgres" }
steps:
  - id: look
    action: database_query
    timeout: 3s
    config: { connection: "{{DB_URL}}", query: "SELECT 1 AS one" }
    assert: [first_row.one == 1]
${TEARDOWN}`;

export const CONSUMER_FLOW = `
name: "The broker answers a wait"
env: { KAFKA_BROKERS: "localhost:9092" }
setup:
  - { id: prepare, action: log, config: { message: "setup was here" } }
steps:
  - { id: trigger, action: log, config: { message: "the trigger was here" } }
  - id: wait
    action: kafka_consumer
    config: { brokers: "{{KAFKA_BROKERS}}", topic: order.placed, timeout: 3s, match: { value: { order_id: none } } }
${TEARDOWN}`;

export const PRODUCER_FLOW = `
name: "The broker takes a message"
env: { KAFKA_BROKERS: "localhost:9092" }
steps:
  - id: send
    action: kafka_producer
    timeout: 3s
    config: { brokers: "{{KAFKA_BROKERS}}", topic: faults, value: { n: 1 } }
${TEARDOWN}`;

export const POLL_FLOW = `
name: "The service is polled"
env: { USER_SERVICE_URL: "http://localhost:5001" }
steps:
  - id: wait
    action: poll
    config:
      timeout: 3s
      interval: 100ms
      until: status == 200
      step: { id: look, action: http_request, config: { url: "{{USER_SERVICE_URL}}/health" } }
${TEARDOWN}`;
