import { BROKERS, DEADLINE, type SettingDocs } from './shared.ts';

export const KAFKA_DOCS: Readonly<Record<string, SettingDocs>> = {
  kafka_consumer: {
    ...BROKERS,
    topic: ['the topic, or a list of them'],
    timeout: ['how long it is waited for messages', DEADLINE],
    match: [
      'which message is meant: what `value`, `key` and `headers` have to hold, `path` conditions, `where` an expression, `trace: current`',
      'any that no earlier wait took',
    ],
    count: ['how many messages, or `{min, max}`; 0 waits the whole time for none', '1'],
    exactly: ['whether it looks on, so that one too many is seen', 'false'],
    settle: ['how long it looks on', '500ms'],
    after: ['with `count: 0`: it ends as soon as the consumer group has read past this message'],
    since: [
      'from where it reads: `step:<id>`, `now`, `earliest`, `-10m`',
      'where the topic ended before the first step',
    ],
    group_id: ['of other tools: without effect, for no group is joined'],
    from_beginning: [
      'of other tools: from the beginning of this run, as without it; the whole topic is `since: earliest`',
    ],
    auto_offset_reset: ['of other tools: `earliest` means as much'],
  },
  kafka_producer: {
    ...BROKERS,
    topic: ['the topic'],
    value: ['the message: a map or list as JSON, a text as it is, nil as a tombstone'],
    key: ['its key'],
    headers: ['its headers'],
    partition: ['the partition', 'by the key, as other clients do'],
    messages: ['several messages at once, each `{value, key, headers, partition}`'],
    compression: ['how the batch is packed', 'none'],
    acks: ['who has to confirm it', 'all'],
    timeout: ['how long it may take', DEADLINE],
  },
  kafka_group: {
    ...BROKERS,
    group: ['the consumer group'],
    topic: ['the topic that it reads'],
    until: ['`caught_up` waits until it has read all that is there now', 'it is looked once'],
    timeout: ['how long it is waited', DEADLINE],
  },
  kafka_redeliver: {
    ...BROKERS,
    message: ['the message that an earlier wait took: `{{placed.message}}`'],
    times: ['how often it is sent', '1'],
    timeout: ['how long it may take', DEADLINE],
  },
};
