/**
 * One process more of the compiled API, which ends as by `kill -9` at a step of the first request with an
 * Idempotency-Key: `kept`, when effect and answer are written and not committed, or `committed`, when they are and the
 * answer has not been sent.
 */
import pg from 'pg';

const step = process.argv[3];
const keeping = new WeakSet();
const query = Object.getOwnPropertyDescriptor(pg.Client.prototype, 'query').value;

const die = () => process.kill(process.pid, 'SIGKILL');

pg.Client.prototype.query = function (...given) {
  const answer = query.apply(this, given);
  const text = typeof given[0] === 'string' ? given[0] : '';
  if (text.includes('INSERT INTO platform.idempotency')) {
    keeping.add(this);
    if (step === 'kept') void answer.then(die);
  }
  if (text === 'COMMIT' && keeping.has(this) && step === 'committed') void answer.then(die);
  return answer;
};

await import('./api-process.mjs');
