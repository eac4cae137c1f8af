import { MovableClock } from '../../support/clock.js';
import { runCommand } from '../../support/command-line.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { readSinks } from '../../../src/platform/config/sink-urls.js';
import { eventually } from './fixture.js';

/** Nobody listens there. */
const NOWHERE = 'syslog://127.0.0.1:9';

/** A ledger of which no checkpoint has left the house for so many hours. */
async function unseenFor(hours: number): Promise<Sceau> {
  const clock = new MovableClock();
  clock.advance({ hours: -hours });
  const targets = readSinks(NOWHERE, true) ?? [];
  const sceau = await startSceau({
    clock,
    adjust: (settings) => {
      const sinks = { ...settings.ledger.sinks, targets };
      return new Settings({ ...settings, ledger: { ...settings.ledger, sinks } });
    },
  });
  await eventually(async () => {
    const rows = await sceau.database.query('SELECT 1 FROM audit.sinks WHERE behind_since IS NOT NULL');
    return rows.length === 0 ? undefined : true;
  });
  return sceau;
}

describe('sceau ledger export', () => {
  it.each([
    { hours: 3, code: 0, outcome: 'allowed', output: /"count":\d+/ },
    { hours: 5, code: 1, outcome: 'refused', output: /\(witnesses_unreachable\)\n$/ },
  ])(
    'after $hours hours without any witness ends with $code, on record',
    async ({ hours, ...expected }) => {
      const sceau = await unseenFor(hours);
      try {
        const { code, output } = await runCommand(sceau, ['ledger', 'export'], { LEDGER_SINKS: NOWHERE });
        expect(code).toBe(expected.code);
        expect(output).toMatch(expected.output);
        // In the signed tree before anything was written: whoever exports waits for that, unless told otherwise.
        const rows = await sceau.database.query(
          `SELECT outcome, actor_id AS actor, reason FROM audit.entry WHERE action = 'audit.exported'
         AND leaf_index < (SELECT size FROM audit.signed_head)`,
        );
        expect(rows).toEqual([{ outcome: expected.outcome, actor: 'ledger.export', reason: 'ndjson' }]);
      } finally {
        await sceau.stop();
      }
    },
    60_000,
  );
});
