import { EventBuilder, failedAssertion, refusedConnection } from '../support/events.ts';
import { answerHttp, sendHttp } from '../support/exchanges.ts';

const exchange = answerHttp(
  sendHttp('POST http://localhost:5003/api/v1/orders', {
    headers: { 'content-type': 'application/json' },
    body: '{"user_id":"7f0c","items":[{"product_id":"9c1e","quantity":2}]}',
  }),
  { status: 201, contentType: 'application/json', body: '{"id":"51d2","total":60.98,"status":"pending"}' },
);

const connectionExchange = sendHttp('GET http://localhost:5003/orders');

export function passingFlow(): EventBuilder {
  return new EventBuilder()
    .run()
    .flow()
    .step('setup/cleanup', { action: 'database_query', durationMs: 9, summary: '2 rows affected' })
    .step('create_user', { exchange, captures: [{ name: 'user_id', value: '7f0c', isSecret: false }] })
    .step('login', {
      captures: [{ name: 'token', isSecret: true }],
      result: { status: 200, body: { token: '***' } },
      summary: '200',
    })
    .step('teardown/remove_user', { action: 'database_query', durationMs: 1250, summary: '1 row affected' })
    .endFlow('passed')
    .endRun('passed');
}

export function failingFlow(): EventBuilder {
  return new EventBuilder()
    .run()
    .flow({ overrides: [{ name: 'ORDER_URL', from: 'environment', target: 'localhost:5003' }] })
    .step('create_user')
    .step('create_order', {
      outcome: 'failed',
      durationMs: 18,
      assertionCount: 3,
      problems: [failedAssertion()],
      exchange,
      details: [{ title: 'nearest messages', lines: ['orders[0]@12  {"id":"51d2"}'] }],
      notes: ['the answer came after a redirect'],
    })
    .skip('not reached', 'verify_event', 'verify_db', 'verify_mail')
    .step('teardown/remove_user', { action: 'database_query', summary: '1 row affected' })
    .endFlow('failed')
    .endRun('failed');
}

export function erroredFlow(): EventBuilder {
  return new EventBuilder()
    .run({ isSeedFixed: true })
    .flow()
    .step('get_orders', {
      outcome: 'errored',
      summary: '',
      durationMs: 3,
      problems: [refusedConnection()],
      exchange: connectionExchange,
    })
    .skip('when is false', 'discount')
    .skip('not reached', 'pay')
    .endFlow('errored')
    .endRun('errored');
}

export function nestedFlow(): EventBuilder {
  return new EventBuilder()
    .run()
    .flow()
    .start('each', { action: 'for_each' })
    .step('each[0]>check')
    .log('each[0]>check', 'item done')
    .start('each[1]>check')
    .finish('each[1]>check', { outcome: 'failed', problems: [failedAssertion()], exchange: connectionExchange })
    .skip('not reached', 'each[2]>check', 'each[3]>check')
    .finish('each', {
      action: 'for_each',
      outcome: 'failed',
      durationMs: 30,
      summary: '1 of 4 items failed',
      assertionCount: 0,
      problems: [failedAssertion()],
    })
    .endFlow('failed')
    .endRun('failed');
}

export function pollingFlow(): EventBuilder {
  const builder = new EventBuilder().run().flow().start('wait_paid', { action: 'poll' });
  for (let look = 0; look < 3; look++) {
    builder.progress('wait_paid', `status == "paid"   ${look} of 30 s`);
    builder.step('wait_paid>probe', { role: 'look', outcome: 'failed', problems: [failedAssertion()], durationMs: 4 });
  }
  return builder
    .finish('wait_paid', {
      action: 'poll',
      outcome: 'failed',
      durationMs: 30_000,
      summary: '3 looks in 30 s',
      assertionCount: 0,
      problems: [{ outcome: 'failed', kind: 'expectation', message: '`status == "paid"` did not come true in 30 s' }],
      details: [{ title: 'looks', lines: ['0 ms      status "open"', '20.01 s   status "packed"'] }],
    })
    .endFlow('failed')
    .endRun('failed');
}

export function teardownFailure(): EventBuilder {
  return (
    new EventBuilder()
      .run()
      .flow()
      .step('create_order', { attempts: 3 })
      .step('teardown/remove_user', { outcome: 'errored', summary: '', problems: [refusedConnection()] })
      // The engine names a failed teardown again as a problem of the flow; the step has told it.
      .endFlow('errored', {
        problems: [{ ...refusedConnection(), kind: 'teardown', message: 'teardown step errored' }],
      })
      .endRun('errored')
  );
}

/** Two signals: the second one while teardown runs. */
export function interruptedTwice(): EventBuilder {
  const interrupted = {
    outcome: 'errored',
    kind: 'interrupted',
    message: 'interrupted by SIGINT',
    signal: 'SIGINT',
  } as const;
  const location = refusedConnection().location;
  return new EventBuilder()
    .run()
    .flow()
    .step('create_order', { outcome: 'errored', summary: 'interrupted', problems: [{ ...interrupted, location }] })
    .skip('not reached', 'pay')
    .step('teardown/remove', { outcome: 'errored', summary: 'interrupted', problems: [{ ...interrupted, location }] })
    .skip('not reached', 'teardown/log_out')
    .endFlow('errored', { problems: [interrupted, { ...interrupted, kind: 'teardown' }] })
    .endRun('errored', { interrupted: 'SIGINT' });
}

export function severalFlows(): EventBuilder {
  return new EventBuilder()
    .run({ flowCount: 4 })
    .flow({ id: 'one', name: 'One', file: 'flows/one.yaml' })
    .step('create_user')
    .endFlow('passed')
    .note('warning', 'the record cannot be written')
    .flow({ id: 'two', name: 'Two', file: 'flows/it two.yaml' })
    .step('create_order', { outcome: 'failed', problems: [failedAssertion()] })
    .step('pay', { outcome: 'failed', problems: [failedAssertion()] })
    .step('teardown/remove', { outcome: 'errored', problems: [refusedConnection()] })
    .endFlow('errored')
    .flow({ id: 'three', name: 'Three', file: 'flows/three.yaml' })
    .endFlow('skipped', { skip: { kind: 'skip', reason: 'waits for ticket 12' } })
    .flow({ id: 'four', name: 'Four', file: '<inline>' })
    .endFlow('errored', {
      problems: [{ outcome: 'errored', kind: 'timeout', message: 'the flow took longer than its timeout of 2 m' }],
    })
    .endRun('errored', { interrupted: 'SIGINT' });
}

export function logs(): EventBuilder {
  return new EventBuilder()
    .run()
    .flow()
    .start('say', { action: 'log' })
    .log('say', 'order 51d2\nis on its way', { data: { id: '51d2', total: 60.98 } })
    .log('say', 'careful', { level: 'warn' })
    .log('say', 'only with -v', { level: 'debug' })
    .finish('say', { action: 'log', summary: '', assertionCount: 0, durationMs: 0 })
    .endFlow()
    .endRun();
}

/** A loop of which an error was expected, and beside it what really failed. */
export function forgivenFlow(): EventBuilder {
  return new EventBuilder()
    .run()
    .flow()
    .start('each', { action: 'for_each' })
    .step('each[0]>check', { outcome: 'failed', problems: [failedAssertion()] })
    .step('each[1]>check', { outcome: 'errored', problems: [refusedConnection()] })
    .step('each[2]>check')
    .finish('each', { action: 'for_each', summary: 'expected error child' })
    .step('other', { outcome: 'failed', problems: [failedAssertion()] })
    .endFlow('failed')
    .endRun('failed');
}
