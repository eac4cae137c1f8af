import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LedgerExport, LedgerVerifier, Retention } from '../../../src/ledger/index.js';
import { CONTEXT, LedgerFixture, type LedgerProcess } from './fixture.js';
import { verifyAlone } from './oracles.js';

const HOURS_A_MONTH = 31 * 24;

describe('a ledger of which even what speaks of dropping is dropped in its turn', () => {
  const fixture = new LedgerFixture();
  const { clock } = fixture;

  async function fillMonths(process: LedgerProcess, months: number): Promise<void> {
    for (let month = 0; month < months; month += 1) {
      await process.append(3, 'sequenced');
      clock.advance({ hours: HOURS_A_MONTH });
    }
  }

  async function requireInOrder(process: LedgerProcess): Promise<void> {
    const { report } = await process.context.get(LedgerVerifier).verify({});
    expect(report.findings).toEqual([]);
    const file = join(fixture.home, 'export.ndjson');
    await pipeline(Readable.from(process.context.get(LedgerExport).lines()), createWriteStream(file));
    const key = join(fixture.stateDirectory, 'checkpoint-key.vkey');
    expect(await verifyAlone(file, '--key', key)).toMatchObject({ code: 0 });
  }

  it.each([
    ['', 0],
    [' when the process is killed between saying so and doing it', 1],
    [' when that is said twice', 2],
  ])(
    'is in order before and afterwards%s',
    async (_, times) => {
      clock.advance({ hours: -29 * HOURS_A_MONTH });
      const process = await fixture.startSequencing(fixture.patientSettings);
      const retention = process.context.get(Retention);
      await fillMonths(process, 15);
      expect(await retention.drop()).not.toEqual([]);
      await requireInOrder(process);
      const speaking = clock.now().toISOString().slice(0, 7);
      await fillMonths(process, 14);
      await retention.drop({ before: speaking });
      await requireInOrder(process);

      const [month] = await fixture.database.query<{ entries: number; said: number }>(
        `SELECT entries::integer, said::integer FROM audit.months WHERE month = '${speaking}' AND NOT dropped`,
      );
      const { entries = 0, said = 0 } = month ?? {};
      expect(said).toBeGreaterThan(0);
      for (let time = 0; time < times; time += 1) {
        await process.ledger.append(
          { action: 'ledger.month_dropped', context: CONTEXT, resource: speaking, count: entries + said },
          'sequenced',
        );
        await requireInOrder(process);
      }
      expect(await retention.drop()).toContainEqual({ month: speaking, entries, state: 'dropped' });
      await requireInOrder(process);
    },
    90_000,
  );
});
