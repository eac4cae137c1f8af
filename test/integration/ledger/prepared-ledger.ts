import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { NDJSON } from '../../../src/api/audit/export/ndjson.js';
import {
  LedgerExport,
  LedgerVerifier,
  OriginHasher,
  Retention,
  TreeReader,
} from '../../../src/ledger/index.js';
import { SinkStore } from '../../../src/ledger/witness/sink-store.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { MovableClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { startLedger } from '../../support/ledger-process.js';
import { testSettings } from '../../support/settings.js';
import { CONTEXT, eventually, LedgerProcess, reading } from './fixture.js';
import { verifyAlone } from './oracles.js';

/** What both verifiers say. */
export interface Opinion {
  /** 0: in order, 1: tampered. */
  readonly code: number;
  /** The first bad entry, from and to. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly output: string;
}

/** A ledger that has been in use for months, as its database was at two moments, and what was kept outside. */
export class PreparedLedger {
  readonly home: string;
  readonly clock = new MovableClock();
  readonly #settings: (database: TestDatabase) => Settings;
  #databases: TestDatabase[] = [];
  /** An hour ago. */
  old: TestDatabase;
  /** Now. */
  now: TestDatabase;

  private constructor(home: string) {
    this.home = home;
    this.#settings = (database) => testSettings(database, home, 0);
  }

  /** In use over two months. */
  static async make(): Promise<PreparedLedger> {
    const ledger = new PreparedLedger(await mkdtemp(join(tmpdir(), 'sceau-ledger-')));
    ledger.now = await createTestDatabase();
    await ledger.#use((process) => ledger.#read(process, 30, 20));
    ledger.old = await createTestDatabase(ledger.now.name);
    ledger.clock.advance({ hours: 24 * 32 });
    await ledger.#use(async (process) => {
      await ledger.#forge();
      await ledger.#read(process, 20, 20);
    });
    return ledger;
  }

  /** In use over months until now, when the oldest are dropped; the old one has only been told that the first goes. */
  static async makeDropped(months: number): Promise<PreparedLedger> {
    const ledger = new PreparedLedger(await mkdtemp(join(tmpdir(), 'sceau-ledger-')));
    ledger.now = await createTestDatabase();
    ledger.clock.advance({ hours: -24 * 31 * months });
    await ledger.#use(async (process) => {
      for (let month = 0; month < months; month += 1) {
        await ledger.#read(process, 4, 1);
        ledger.clock.advance({ hours: 24 * 31 });
      }
      const [first] = await process.context.get(Retention).months();
      if (first === undefined) throw new Error('There is no month.');
      await process.ledger.append(
        { action: 'ledger.month_dropped', context: CONTEXT, resource: first.month, count: first.entries },
        'sequenced',
      );
    });
    ledger.old = await createTestDatabase(ledger.now.name);
    await ledger.#use((process) => process.context.get(Retention).drop());
    return ledger;
  }

  get verifierFile(): string {
    return join(this.home, 'ledger', 'checkpoint-key.vkey');
  }

  /** Checkpoints that somebody has kept. */
  get kept(): string {
    return join(this.home, 'kept');
  }

  /** A database like another one, to be tampered with. */
  async copy(of: TestDatabase): Promise<TestDatabase> {
    const copy = await createTestDatabase(of.name);
    this.#databases.push(copy);
    return copy;
  }

  /** As if a witness had signed the oldest checkpoints of those that are kept. */
  async cosign(database: TestDatabase, sink: string, times: number): Promise<void> {
    const settings = this.#elsewhere(database);
    const context = await startLedger(settings, this.clock);
    const store = new SinkStore(settings, context.get(OriginHasher));
    const now = this.clock.now();
    await store.introduce(sink, now);
    const rows = await database.query<{ epoch: number; size: number; note: string; at: Date }>(
      'SELECT epoch, size::integer, note, at FROM audit.checkpoint ORDER BY epoch, size LIMIT $1',
      [times],
    );
    for (const checkpoint of rows) await store.accept(sink, checkpoint, `line over ${checkpoint.size}`, now);
    await store.onApplicationShutdown();
    await context.close();
    await database.rest();
  }

  /** The product's own verifier, without the sequencer's folder: an auditor has none. */
  async verify(database: TestDatabase, kept?: string): Promise<Opinion> {
    const context = await startLedger(this.#elsewhere(database), this.clock);
    try {
      const keys = (await readFile(this.verifierFile, 'utf8')).trim().split('\n');
      const { report } = await context.get(LedgerVerifier).verify({ keys, kept });
      return {
        code: report.count === 0 ? 0 : 1,
        first: report.firstBad?.first,
        last: report.firstBad?.last,
        output: [...report.notices, ...report.findings.map((found) => `${found.first}: ${found.text}`)].join(
          '\n',
        ),
      };
    } finally {
      await context.close();
    }
  }

  /** The standalone verifier, from nothing but an export. */
  async verifyAlone(database: TestDatabase, kept?: string): Promise<Opinion> {
    const file = await this.export(database);
    const folder = kept === undefined ? [] : ['--kept', kept];
    const { code, output } = await verifyAlone(file, '--key', this.verifierFile, ...folder);
    const [, first, last = first] =
      /the first bad entry is (?:between )?(\d+)(?: and (\d+))?\./.exec(output) ?? [];
    return {
      code,
      first: first === undefined ? undefined : Number(first),
      last: last === undefined ? undefined : Number(last),
      output,
    };
  }

  /** As the command line writes it. */
  export(database: TestDatabase): Promise<string> {
    return this.#write(database, (context) => context.get(LedgerExport).lines());
  }

  /** As the API writes it. */
  exportForAuditors(database: TestDatabase): Promise<string> {
    return this.#write(database, async function* (context) {
      const newest = await context.get(TreeReader).newestCheckpoint();
      if (newest === undefined) throw new Error('There is no checkpoint.');
      let count = 0;
      for await (const places of context.get(LedgerExport).places({}, newest.size)) {
        yield NDJSON.lines(places);
        count += places.length;
      }
      yield NDJSON.end(count, newest.note, {});
    });
  }

  async remove(): Promise<void> {
    for (const database of [...this.#databases, this.old, this.now]) await database.drop();
    await rm(this.home, { recursive: true, force: true });
  }

  async #use(work: (process: LedgerProcess) => Promise<unknown>): Promise<void> {
    const process = new LedgerProcess(await startLedger(this.#settings(this.now), this.clock));
    await process.sequencer.start();
    await work(process);
    await process.context.close();
    await this.#settle();
    await this.now.rest();
  }

  /** Readings, some of them one by one, so that there are several checkpoints, of which one is kept. */
  async #read(process: LedgerProcess, atOnce: number, oneByOne: number): Promise<void> {
    await process.append(atOnce, 'sequenced');
    for (let at = 0; at < oneByOne; at += 1) {
      await process.ledger.append(reading(), 'sequenced');
      this.clock.advance({ seconds: 2 });
    }
    await this.#keep(process);
    await process.append(5, 'sequenced');
  }

  /** Somebody stages what no writer of ours has written; it is refused, kept and told of. */
  async #forge(): Promise<void> {
    await this.now.query(
      `INSERT INTO audit.staging (entry_id, writer, n, envelope, subjects, signature)
       SELECT gen_random_uuid(), '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b', n, 'forged', '', decode(repeat('00', 68), 'hex')
       FROM generate_series(1, 3) AS g (n)`,
    );
  }

  async #keep(process: LedgerProcess): Promise<void> {
    const newest = await process.tree.newestCheckpoint();
    if (newest === undefined) throw new Error('There is no checkpoint.');
    await mkdir(this.kept, { recursive: true });
    await writeFile(join(this.kept, `${newest.size}.txt`), newest.note);
  }

  /** The closing entry is staged when the sequencer may have stopped already: the next one takes it. */
  async #settle(): Promise<void> {
    const last = new LedgerProcess(await startLedger(this.#settings(this.now), this.clock));
    await last.sequencer.start();
    await eventually(async () => {
      const rows = await this.now.query('SELECT 1 FROM audit.staging LIMIT 1');
      return rows.length === 0 ? true : undefined;
    });
    await last.context.close();
  }

  async #write(
    database: TestDatabase,
    lines: (context: INestApplicationContext) => AsyncIterable<string>,
  ): Promise<string> {
    const context = await startLedger(this.#elsewhere(database), this.clock);
    const file = join(this.home, `${database.name}.ndjson`);
    try {
      await pipeline(Readable.from(lines(context)), createWriteStream(file));
    } finally {
      await context.close();
    }
    return file;
  }

  #elsewhere(database: TestDatabase): Settings {
    const settings = this.#settings(database);
    const nowhere = join(this.home, 'nowhere');
    return new Settings({
      ...settings,
      ledger: { ...settings.ledger, stateDirectory: nowhere, heartbeatDirectory: nowhere },
    });
  }
}
