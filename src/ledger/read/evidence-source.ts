import { Injectable } from '@nestjs/common';
import type { StreamKind } from '../entry/entry.js';
import { AuditorConnection, type AuditorQuery } from './auditor-connection.js';

/** Of a stream, what the sequencer has noted. */
export interface NotedWriter {
  readonly writer: string;
  readonly stream: StreamKind;
  /** Raw Ed25519 public key. */
  readonly key: Buffer;
  readonly mark: string;
  /** Highest number in the tree, or beyond which the ledger says that all are missing. */
  readonly sequenced: number;
  /** SHA-256 of the bytes of the entry with that number. */
  readonly last: Buffer | null;
}

/** Refused entries that are kept for the inquiry, by the objection to them. */
export type RefusedCounts = ReadonlyMap<string, number>;

/** What the sequencer had noted at one moment, none of it signed. */
export interface SequencerNotes {
  readonly head: { readonly epoch: number; readonly size: number; readonly root: Buffer };
  /** The newest checkpoint; 0 and 0 before the first. */
  readonly signed: { readonly epoch: number; readonly size: number };
  readonly writers: readonly NotedWriter[];
  readonly refused: RefusedCounts;
}

/** A cosignature, and what it is kept under. */
export interface KeptCosignature {
  readonly sink: string;
  readonly n: number;
  readonly epoch: number;
  readonly size: number;
  readonly line: string;
  readonly mark: string;
  /** Whether the checkpoint is kept that it is over. */
  readonly hasCheckpoint: boolean;
}

/** What is said of a sink: how many numbered cosignatures there are of it. */
export interface CosignedSink {
  readonly name: string;
  readonly cosigned: number;
}

/** Cosignatures read at once. */
const PAGE = 1_024;

type Numbers<Row, Name extends keyof Row> = Omit<Row, Name> & Readonly<Record<Name, string>>;

/** Reads what the database has beside the tree, as role `sceau_auditor`. */
@Injectable()
export class EvidenceSource {
  readonly #auditor: AuditorConnection;

  constructor(auditor: AuditorConnection) {
    this.#auditor = auditor;
  }

  notes(): Promise<SequencerNotes> {
    return this.#auditor.snapshot(async (query) => {
      const [head] = await query<Numbers<SequencerNotes['head'], 'size'>>(
        'SELECT epoch, size::text, root FROM audit.head',
      );
      const [signed] = await query<Numbers<SequencerNotes['signed'], 'size'>>(
        'SELECT epoch, size::text FROM audit.newest_checkpoint',
      );
      const writers = await query<Numbers<NotedWriter, 'sequenced'>>(
        'SELECT writer::text, stream, public_key AS key, mark, sequenced::text, last FROM audit.writers',
      );
      return {
        head: { epoch: head?.epoch ?? 0, size: Number(head?.size ?? 0), root: head?.root ?? Buffer.alloc(0) },
        signed: { epoch: signed?.epoch ?? 0, size: Number(signed?.size ?? 0) },
        writers: writers.map((row) => ({ ...row, sequenced: Number(row.sequenced) })),
        refused: await refusedIn(query),
      };
    });
  }

  refused(): Promise<RefusedCounts> {
    return refusedIn(this.#auditor.queryPatiently.bind(this.#auditor));
  }

  sinks(): Promise<readonly CosignedSink[]> {
    return this.#auditor
      .query<Numbers<CosignedSink, 'cosigned'>>('SELECT name, cosigned::text FROM audit.sinks ORDER BY name')
      .then((rows) => rows.map((row) => ({ ...row, cosigned: Number(row.cosigned) })));
  }

  /** Numbered cosignatures of a sink, in their order, up to a number. */
  async *cosignatures(sink: string, last: number): AsyncGenerator<KeptCosignature, void> {
    let after = 0;
    for (;;) {
      const rows = await this.#auditor.query<Numbers<KeptCosignature, 'n' | 'size'>>(
        `SELECT w.sink, w.n::text, w.epoch, w.size::text, w.line, w.mark,
           EXISTS (SELECT FROM audit.checkpoints c WHERE (c.epoch, c.size) = (w.epoch, w.size)) AS "hasCheckpoint"
         FROM audit.cosignatures w WHERE w.sink = $1 AND w.n > $2 AND w.n <= $3 ORDER BY w.n LIMIT ${PAGE}`,
        [sink, after, last],
      );
      for (const row of rows) yield { ...row, n: Number(row.n), size: Number(row.size) };
      const end = rows.at(-1);
      if (end === undefined) return;
      after = Number(end.n);
    }
  }
}

async function refusedIn(query: AuditorQuery): Promise<RefusedCounts> {
  const rows = await query<{ objection: string; count: string }>(
    'SELECT objection, count(*)::text AS count FROM audit.refused GROUP BY objection ORDER BY objection',
  );
  return new Map(rows.map(({ objection, count }) => [objection, Number(count)]));
}
