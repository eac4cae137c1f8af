import { newId } from '../../../src/kernel/ids.js';
import { LedgerVerifier, SubjectHistory, SubjectTies } from '../../../src/ledger/index.js';
import { CONTEXT, eventually, LedgerFixture, reading } from './fixture.js';

const UNAVAILABLE = { code: 'ledger_unavailable' };

describe('whom a pseudonym stands for', () => {
  const fixture = new LedgerFixture();
  const [one, other, third] = [
    newId<'candidate'>(Date.now()),
    newId<'candidate'>(Date.now()),
    newId<'candidate'>(Date.now()),
  ];
  const candidates = [one, other, third];
  const referenceOf = async (candidate: string): Promise<string> => {
    const [row] = await fixture.database.query<{ reference: string }>(
      'SELECT reference::text FROM audit.subject_reference WHERE candidate_id = $1',
      [candidate],
    );
    return row?.reference ?? '';
  };
  const told = (action: string) =>
    fixture.database.query<{ resource: string }>(
      `SELECT e -> 'resource' ->> 'id' AS resource
       FROM audit.staging, LATERAL (SELECT convert_from(envelope, 'UTF8')::jsonb AS e) AS t WHERE e ->> 'action' = $1`,
      [action],
    );

  beforeEach(async () => {
    const { ledger } = await fixture.start();
    for (const candidate of candidates) await ledger.append(reading(candidate), 'staged');
  });

  /** As whoever may write to the table can. */
  async function exchange(): Promise<void> {
    const spare = '00000000-0000-4000-8000-000000000000';
    const [of, ofOther] = [await referenceOf(one), await referenceOf(other)];
    const tie = (candidate: string, reference: string) =>
      fixture.database.query('UPDATE audit.subject_reference SET reference = $2 WHERE candidate_id = $1', [
        candidate,
        reference,
      ]);
    await tie(one, spare);
    await tie(other, of);
    await tie(one, ofOther);
  }

  /** With the marks going along: each is one of ours, of another tie. */
  async function exchangeWithMarks(): Promise<void> {
    await exchange();
    await fixture.database.query(
      `UPDATE audit.subject_reference s SET mark = o.mark FROM audit.subject_reference o
       WHERE s.candidate_id IN ($1, $2) AND o.candidate_id IN ($1, $2) AND o.candidate_id <> s.candidate_id`,
      [one, other],
    );
  }

  const forget = (): Promise<unknown> =>
    fixture.database.query(`UPDATE audit.subject_reference SET mark = '' WHERE candidate_id IN ($1, $2)`, [
      one,
      other,
    ]);

  it.each([
    ['two candidates were exchanged', exchange],
    ['two candidates were exchanged and their marks with them', exchangeWithMarks],
    ['the marks are gone', forget],
  ])('is told to nobody when %s, and recorded as an alert once', async (_, tamper) => {
    await tamper();
    const { ledger, context } = await fixture.start();
    const references = [await referenceOf(one), await referenceOf(other)];
    for (const candidate of [one, other, one]) {
      await expect(ledger.append(reading(candidate), 'staged')).rejects.toMatchObject(UNAVAILABLE);
      await expect(context.get(SubjectHistory).of(candidate, 10)).rejects.toMatchObject(UNAVAILABLE);
    }
    for (const reference of references)
      await expect(context.get(SubjectTies).candidateOf(reference)).rejects.toMatchObject(UNAVAILABLE);
    await eventually(async () => ((await told('ledger.tie_altered')).length >= 2 ? true : undefined));
    const alarms = await told('ledger.tie_altered');
    expect(alarms.map(({ resource }) => resource).toSorted()).toEqual(references.toSorted());
    expect(await told('application.disclosed')).toHaveLength(candidates.length);
  });

  it('stays what it is for everybody else, in every process', async () => {
    await exchange();
    const before = await referenceOf(third);
    const { ledger, context } = await fixture.start();
    await ledger.append(reading(third), 'staged');
    expect(await context.get(SubjectTies).candidateOf(before)).toBe(third);
    expect(await referenceOf(third)).toBe(before);
  });

  it('is one for all processes that meet a candidate at once', async () => {
    const processes = [await fixture.start(), await fixture.start()];
    const strangers = Array.from({ length: 40 }, () => newId<'candidate'>(Date.now()));
    await Promise.all(
      processes.flatMap(({ ledger }) =>
        strangers.map((candidate) => ledger.append(reading(candidate), 'staged')),
      ),
    );
    const [found] = await fixture.database.query<{ subjects: number; ties: number }>(
      `SELECT (SELECT count(DISTINCT convert_from(s.subjects, 'UTF8')::jsonb ->> 'subject') FROM audit.staging s WHERE s.subjects <> '')::integer AS subjects,
              (SELECT count(*) FROM audit.subject_reference)::integer AS ties`,
    );
    const everybody = strangers.length + candidates.length;
    expect(found).toEqual({ subjects: everybody, ties: everybody });
  });

  it('is missed by the verifier where it was removed without an erasure', async () => {
    const process = await fixture.startSequencing();
    await process.append(1, 'sequenced');
    const opinion = async () => {
      const { report } = await process.context.get(LedgerVerifier).verify({});
      return report.findings.map(({ first, text }) => `${first}: ${text}`);
    };
    expect(await opinion()).toEqual([]);
    const erasure = {
      action: 'candidate.erased',
      context: CONTEXT,
      resource: one,
      reason: 'own_wish',
    } as const;
    await process.ledger.append({ ...erasure, subjects: [{ candidate: one, fields: [] }] }, 'sequenced');
    expect(await process.context.get(SubjectTies).cut(one)).toBe(true);
    expect(await opinion()).toEqual([]);
    const [given] = await fixture.database.query<{ index: number }>(
      'SELECT leaf_index::integer AS index FROM audit.subject_record WHERE subject = $1',
      [await referenceOf(other)],
    );
    await fixture.database.query('DELETE FROM audit.subject_reference WHERE candidate_id = $1', [other]);
    expect(await opinion()).toEqual([
      expect.stringMatching(
        new RegExp(`^${given?.index}: whose data it gave cannot be told: .* \\(1 records\\)$`),
      ),
    ]);
  });
});
