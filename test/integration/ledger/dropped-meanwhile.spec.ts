import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { spyOn } from 'jest-mock';
import { LedgerExport, LedgerVerifier, Retention } from '../../../src/ledger/index.js';
import { AuditorConnection } from '../../../src/ledger/read/auditor-connection.js';
import { eventually, LedgerFixture, type LedgerProcess } from './fixture.js';
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

  /** Drops what is due right before the first statement about a view is sent. @returns how many months went */
  function dropBefore(view: string): () => Promise<number> {
    const connection = process.context.get(AuditorConnection);
    let dropped: Promise<readonly unknown[]> | undefined;
    const drop = async (text: string): Promise<void> => {
      if (dropped !== undefined || !text.includes(view)) return;
      const dropping = process.context.get(Retention).drop();
      dropped = dropping;
      await Promise.race([dropping, eventually(isWaiting)]);
    };
    const query = connection.query.bind(connection);
    spyOn(connection, 'query').mockImplementation(async (text, values) => {
      await drop(text);
      return query(text, values);
    });
    const snapshot = connection.snapshot.bind(connection);
    spyOn(connection, 'snapshot').mockImplementation((work) =>
      snapshot((ask) =>
        work(async (text, values) => {
          await drop(text);
          return ask(text, values);
        }),
      ),
    );
    return async () => (await dropped)?.length ?? 0;
  }

  /** Whether somebody waits for a lock. */
  async function isWaiting(): Promise<true | undefined> {
    const waiting = await fixture.database.query(
      'SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND NOT l.granted',
    );
    return waiting.length > 0 ? true : undefined;
  }

  it.each([...MOMENTS, 'audit.hours'])(
    'is no tampering for the verifier, before it asks for %s',
    async (view) => {
      const dropped = dropBefore(view);
      const { report } = await process.context.get(LedgerVerifier).verify({});
      expect(report.findings).toEqual([]);
      expect(await dropped()).toBeGreaterThan(0);
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
      expect(await dropped()).toBeGreaterThan(0);
    },
    30_000,
  );
});
