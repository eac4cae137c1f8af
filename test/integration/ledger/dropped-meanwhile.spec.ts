import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { spyOn } from 'jest-mock';
import { LedgerExport, LedgerVerifier, Retention } from '../../../src/ledger/index.js';
import { AuditorConnection } from '../../../src/ledger/read/auditor-connection.js';
import { LedgerFixture, type LedgerProcess } from './fixture.js';
import { verifyAlone } from './oracles.js';

const HOURS_A_MONTH = 31 * 24;

/** The statements of a page; what was asked for before one of them is answered from before the month went. */
const MOMENTS = ['audit.entries', 'audit.subject_records', 'audit.leaves'];

describe('a month that is dropped while the ledger is read', () => {
  const fixture = new LedgerFixture();
  let process: LedgerProcess;

  beforeEach(async () => {
    fixture.clock.advance({ hours: -15 * HOURS_A_MONTH });
    process = await fixture.startSequencing(fixture.patientSettings);
    for (let month = 0; month < 15; month += 1) {
      await process.append(3, 'sequenced');
      fixture.clock.advance({ hours: HOURS_A_MONTH });
    }
  }, 60_000);

  /** Drops what is due right before the first statement about a view is sent. */
  function dropBefore(view: string): { readonly months: () => number } {
    const connection = process.context.get(AuditorConnection);
    const query = connection.query.bind(connection);
    let isDue = true;
    let months = 0;
    spyOn(connection, 'query').mockImplementation(async (text, values) => {
      if (isDue && text.includes(view)) {
        isDue = false;
        months = (await process.context.get(Retention).drop()).length;
      }
      return query(text, values);
    });
    return { months: () => months };
  }

  it.each([...MOMENTS, 'audit.hours'])(
    'is no tampering for the verifier, before it asks for %s',
    async (view) => {
      const dropped = dropBefore(view);
      const { report } = await process.context.get(LedgerVerifier).verify({});
      expect(report.findings).toEqual([]);
      expect(dropped.months()).toBeGreaterThan(0);
    },
    30_000,
  );

  it.each([...MOMENTS, 'audit.months'])(
    'is no tampering for whoever has the export, before it asks for %s',
    async (view) => {
      const dropped = dropBefore(view);
      const file = join(fixture.home, 'export.ndjson');
      await pipeline(Readable.from(process.context.get(LedgerExport).lines()), createWriteStream(file));
      const key = join(fixture.stateDirectory, 'checkpoint-key.vkey');
      expect(await verifyAlone(file, '--key', key)).toMatchObject({ code: 0 });
      expect(dropped.months()).toBeGreaterThan(0);
    },
    30_000,
  );
});
