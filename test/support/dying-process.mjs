/**
 * One process more, of the script that is named, which ends as by `kill -9` at the first statement with the given text:
 * `kept`, when it was carried out and not committed, or `committed`, when it was and nobody has been told.
 */
import pg from 'pg';

const [, , , script, statement, step] = process.argv;
const watched = new WeakSet();
const query = Object.getOwnPropertyDescriptor(pg.Client.prototype, 'query').value;

const die = () => process.kill(process.pid, 'SIGKILL');

pg.Client.prototype.query = function (...given) {
  const answer = query.apply(this, given);
  const text = typeof given[0] === 'string' ? given[0] : (given[0].text ?? '');
  if (text.includes(statement)) {
    watched.add(this);
    if (step === 'kept') void answer.then(die);
  }
  if (text === 'COMMIT' && watched.has(this) && step === 'committed') void answer.then(die);
  return answer;
};

await import(`./${script}`);
