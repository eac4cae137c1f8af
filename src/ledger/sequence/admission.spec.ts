import fc from 'fast-check';
import { encodeSubjects } from '../entry/subject-record.js';
import type { RequestContext } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { type SignedEntry, Writer } from '../append/writer.js';
import type { StreamKind } from '../entry/entry.js';
import { admit, type Evidence, type KnownWriter } from './admission.js';
import { readStaged, type StagedEntry } from './staged-entry.js';

const context: RequestContext = {
  requestId: newId<'request'>(1),
  actor: { kind: 'system', name: 'test' },
  locale: 'fr',
  address: 'local',
};

/** A stream whose first entry introduces it. */
function streamOf(length: number, kind: StreamKind = 'reads', at = 1_000): readonly SignedEntry[] {
  const writer = new Writer(newId<'writer'>(at), kind);
  const key = writer.publicKey.toString('base64url');
  const introduction = { writer: writer.id, stream: kind, key, mark: 'ours' };
  const entries = Array.from({ length }, (_, place) =>
    writer.place(
      {
        draft: { action: 'ledger.writer_registered', context },
        introduces: place === 0 ? introduction : undefined,
        origin: { address: 'a', network: 'n' },
        subjects: encodeSubjects([]),
      },
      new Date(at + place),
    ),
  );
  return writer.sign(entries);
}

function staged(entry: SignedEntry, waited_ms = 0): StagedEntry {
  const read = readStaged({
    ...entry,
    entry_id: entry.entryId,
    n: String(entry.n),
    waited_ms,
  });
  if (read === undefined) throw new Error('Not an entry.');
  return read;
}

const evidenceFor = (entries: readonly StagedEntry[], more: Partial<Evidence> = {}): Evidence => ({
  known: new Map(),
  genuine: new Set(entries.filter(({ envelope }) => envelope.introduces !== undefined)),
  signed: new Set(entries),
  followed: new Set(),
  ...more,
});

const placesOf = (entries: readonly StagedEntry[]) => entries.map(({ writer, n }) => `${writer}/${n}`);

describe('admission', () => {
  it('takes every entry of every stream once and in order, whatever comes when and in which portions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 7 }),
        fc.infiniteStream(fc.nat()),
        (lengths, portion, picks) => {
          const pool = lengths.flatMap((length, at) =>
            streamOf(length, 'reads', 1_000 + at).map((e) => staged(e)),
          );
          const total = pool.length;
          let waiting: StagedEntry[] = [];
          const known = new Map<string, KnownWriter>();
          const tree: StagedEntry[] = [];
          for (let round = 0; pool.length + waiting.length > 0 && round < 1_000; round += 1) {
            for (let taken = 0; taken < portion && pool.length > 0; taken += 1)
              waiting.push(...pool.splice((picks.next().value ?? 0) % pool.length, 1));
            const admission = admit(waiting, evidenceFor(waiting, { known }));
            expect([admission.refused, admission.gaps]).toEqual([[], []]);
            tree.push(...admission.admitted);
            admission.writers.forEach((writer, id) => known.set(id, writer));
            waiting = waiting.filter((entry) => !admission.admitted.includes(entry));
          }
          expect(new Set(placesOf(tree)).size).toBe(total);
          for (const stream of Map.groupBy(tree, ({ writer }) => writer).values())
            expect(stream.map(({ n }) => n)).toEqual(stream.map((_, at) => at + 1));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('waits for a missing entry, then records the gap and goes on', () => {
    const [first, , third, fourth] = streamOf(4);
    if (first === undefined || third === undefined || fourth === undefined) throw new Error('No stream.');
    const early = [staged(first), staged(third), staged(fourth)];
    const waiting = admit(early, evidenceFor(early));
    expect(placesOf(waiting.admitted)).toEqual([`${first.writer}/1`]);
    expect(waiting.gaps).toEqual([]);
    const late = [staged(third, 5_000), staged(fourth, 5_000)];
    const admission = admit(late, evidenceFor(late, { known: waiting.writers }));
    expect(placesOf(admission.admitted)).toEqual([`${first.writer}/3`, `${first.writer}/4`]);
    expect(admission.gaps).toEqual([{ writer: first.writer, from: 2, to: 2 }]);
  });

  it('finds no gap where what is missing is known to be staged', () => {
    const [first, , third] = streamOf(3);
    if (first === undefined || third === undefined) throw new Error('No stream.');
    const entries = [staged(first, 9_000), staged(third, 9_000)];
    const followed = new Set([first.writer]);
    const admission = admit(entries, evidenceFor(entries, { followed }));
    expect(placesOf(admission.admitted)).toEqual([`${first.writer}/1`]);
    expect([admission.gaps, admission.refused]).toEqual([[], []]);
  });

  it('does not mind missing numbers of changes', () => {
    const [first, , third] = streamOf(3, 'changes').map((entry) => staged(entry));
    if (first === undefined || third === undefined) throw new Error('No stream.');
    const admission = admit([first, third], evidenceFor([first, third]));
    expect(admission.admitted).toHaveLength(2);
    expect(admission.gaps).toEqual([]);
  });

  it('refuses what is not signed, what is out of order, and what nobody has introduced', () => {
    const [first, second] = streamOf(2).map((entry) => staged(entry));
    const [stranger] = streamOf(1).map((entry) => staged(entry));
    const [, other] = streamOf(2).map((entry) => staged(entry));
    if (!first || !second || !stranger || !other) throw new Error('No stream.');
    const unsigned = admit([first], evidenceFor([first], { signed: new Set() }));
    expect(unsigned.refused).toMatchObject([{ objection: 'wrong_signature' }]);
    const known = admit([first], evidenceFor([first])).writers;
    const broken = { ...second, previous: other.previous };
    expect(admit([broken], evidenceFor([broken], { known })).refused).toMatchObject([
      { objection: 'wrong_order' },
    ]);
    const again = admit([first], evidenceFor([first], { known }));
    expect(again.refused).toMatchObject([{ objection: 'wrong_order' }]);
    expect(admit([stranger], evidenceFor([stranger], { genuine: new Set() })).refused).toEqual([]);
    const late = { ...stranger, waitedMs: 5_000 };
    expect(admit([late], evidenceFor([late], { genuine: new Set() })).refused).toMatchObject([
      { objection: 'unknown_writer' },
    ]);
  });
});
