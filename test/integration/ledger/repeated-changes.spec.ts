import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { encodeSubjects } from '../../../src/ledger/entry/subject-record.js';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../../src/kernel/ids.js';
import { type SignedEntry, Writer } from '../../../src/ledger/append/writer.js';
import type { Introduction } from '../../../src/ledger/entry/entry.js';
import { readEnvelope } from '../../../src/ledger/entry/envelope-reader.js';
import { leafHash } from '../../../src/ledger/merkle/index.js';
import { leafLine } from '../../../src/ledger/read/export-line.js';
import type { StoredEntry } from '../../../src/ledger/read/ledger-leaf.js';
import { Report } from '../../../src/ledger/verify/report.js';
import { StreamCheck } from '../../../src/ledger/verify/stream-check.js';
import { SmallLog } from '../audit/sinks/checkpoints.js';
import { CONTEXT } from './fixture.js';
import { verifyAlone } from './oracles.js';

/** Entries of one stream of changes, each signed alone. */
function changes(count: number): readonly SignedEntry[] {
  const writer = new Writer(newId<'writer'>(Date.now()), 'changes');
  const key = writer.publicKey.toString('base64url');
  const introduction: Introduction = { writer: writer.id, stream: 'changes', key, mark: 'ours' };
  return Array.from({ length: count }, (_, at) => {
    const entry = writer.place(
      {
        draft: { action: 'vacancy.created', context: CONTEXT },
        introduces: at === 0 ? introduction : undefined,
        origin: { address: 'address', network: 'network' },
        subjects: encodeSubjects([]),
      },
      new Date(),
    );
    return writer.sign([entry]);
  }).flat();
}

describe('changes', () => {
  it('may be missing and come late, but a genuine one that is there again is found', async () => {
    const [one, two, three, four] = changes(6);
    const stored = [one, four, two, two, three].flatMap((entry): StoredEntry[] =>
      entry === undefined ? [] : [{ ...entry, at: new Date(), hash: leafHash(entry.envelope) }],
    );

    const report = new Report();
    const streams = new StreamCheck(report, () => Promise.resolve(true));
    for (const [index, entry] of stored.entries()) {
      const envelope = readEnvelope(entry.envelope);
      if (envelope !== undefined) await streams.check(index, entry, envelope, false);
    }
    expect(report.findings).toEqual([{ first: 3, last: 3, text: 'number 2 of its stream is there before' }]);

    const home = await mkdtemp(join(tmpdir(), 'sceau-ledger-'));
    const file = join(home, 'export.ndjson');
    const lines = stored.map((entry, index) =>
      leafLine({ index, stored: entry, hash: entry.hash, listed: undefined, subjects: [] }),
    );
    await writeFile(file, lines.join(''));
    const { output } = await verifyAlone(file, '--key', new SmallLog().verifier);
    await rm(home, { recursive: true });
    expect(output.match(/^.*its stream.*$/gm)).toEqual([
      'BAD  entry 3: number 2 of its stream is there before',
    ]);
  });
});
