/** The steps of a flow whose rows, events and requests all bear the e-mail addresses that begin with NAME, and which removes them by these. */
export const INTERRUPTED_FLOW = `
name: rows that go again
env: { DB_URL: x, KAFKA_BROKERS: x, USER_SERVICE_URL: x, NOTIFICATION_SERVICE_URL: x, NAME: x }
setup:
  - id: note
    action: database_query
    config: { connection: "{{DB_URL}}", query: "INSERT INTO interrupted_rows VALUES ($1)", params: ["{{NAME}}-0"] }
steps:
  - id: create
    action: http_request
    config:
      method: POST
      url: "{{USER_SERVICE_URL}}/api/v1/users"
      body: { name: "Grace Hopper", email: "{{NAME}}-1@example.com" }
    assert: [status == 201]
    output: { user_id: $.body.id }
  - id: announced
    action: kafka_consumer
    config:
      brokers: "{{KAFKA_BROKERS}}"
      topic: user.created
      timeout: 15s
      match: { value: { user_id: "{{user_id}}" } }
  - id: greeted
    action: poll
    config:
      timeout: 15s
      interval: 50ms
      until: body.count == 1
      step: { action: http_request, config: { url: "{{NOTIFICATION_SERVICE_URL}}/api/v1/notifications/{{user_id}}" } }
  - id: slow_row
    action: database_query
    config:
      connection: "{{DB_URL}}"
      query: "INSERT INTO interrupted_rows SELECT $1 FROM pg_sleep(0.2)"
      params: ["{{NAME}}-2"]
  - id: more
    action: parallel
    config:
      branches:
        - name: second
          steps:
            - id: create_second
              action: http_request
              config:
                method: POST
                url: "{{USER_SERVICE_URL}}/api/v1/users"
                body: { name: "Ada", email: "{{NAME}}-2@example.com" }
              assert: [status == 201]
        - name: others
          steps:
            - id: create_others
              action: for_each
              config:
                items: [3, 4, 5]
                steps:
                  - id: create_one
                    action: http_request
                    config:
                      method: POST
                      url: "{{USER_SERVICE_URL}}/api/v1/users"
                      body: { name: "Ada", email: "{{NAME}}-{{item}}@example.com" }
                    assert: [status == 201]
  - { id: pause, action: delay, config: { duration: 100ms } }
teardown:
  - id: remove_rows
    action: database_query
    config: { connection: "{{DB_URL}}", query: "DELETE FROM interrupted_rows WHERE name LIKE $1", params: ["{{NAME}}-%"] }
  - id: remove_users
    action: database_query
    config:
      connection: "{{DB_URL}}"
      query: "DELETE FROM user_service.users WHERE email LIKE $1 RETURNING id"
      params: ["{{NAME}}-%"]
    output: { ids: "map(rows, .id)" }
  - id: greetings_made
    action: poll
    when: len(ids) > 0
    config:
      timeout: 20s
      interval: 50ms
      until: first_row.n == len(ids)
      step:
        action: database_query
        config:
          connection: "{{DB_URL}}"
          query: "SELECT count(*) AS n FROM notification_service.notifications WHERE user_id = ANY($1::text[])"
          params: ["{{ids}}"]
  - id: remove_greetings
    action: database_query
    when: len(ids) > 0
    config:
      connection: "{{DB_URL}}"
      query: "DELETE FROM notification_service.notifications WHERE user_id = ANY($1::text[])"
      params: ["{{ids}}"]
`;
