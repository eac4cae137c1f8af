import { spyOn } from 'jest-mock';
import fc from 'fast-check';
import type { Exchange } from '../../../tools/client/exchange.ts';
import { findTransition } from '../../../src/modules/applications/application.machine.js';
import type { EventEntity } from '../../../src/modules/applications/persistence/event.entity.js';
import { Notices } from '../../../src/modules/identity/index.js';
import { RecordRevisions } from '../../../src/sealing/records/record-revisions.js';
import { Sealer } from '../../../src/sealing/index.js';
import { record } from '../../support/actors.js';
import { type Act, atOnce as haveAtOnce, type Hold } from '../../support/at-once.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { idOf, Recruitment, stateOf, tagOf } from './fixture.js';

describe('changes of one application at the same time', () => {
  let sceau: Sceau;
  let recruitment: Recruitment;

  beforeAll(async () => {
    sceau = await startSceau();
    recruitment = await Recruitment.begin(sceau);
  }, 90_000);

  afterAll(() => sceau.stop());

  const holdClock: Hold = (manager) =>
    manager.query('SELECT FROM applications.agency_clock WHERE agency_id = $1 FOR UPDATE', [
      recruitment.agency.agencyId,
    ]);

  /** Has them meet at what is held, the agency's clock unless told. */
  const atOnce = async (acts: readonly Act[], hold = holdClock): Promise<string[]> =>
    (await haveAtOnce(sceau, acts, hold)).map(stateOf);

  const eventsOf = (id: string): Promise<Pick<EventEntity, 'from' | 'to' | 'by'>[]> =>
    sceau.database.query(
      `SELECT from_status AS from, to_status AS to, actor_kind AS by FROM applications.event
       WHERE application_id = $1 ORDER BY at`,
      [id],
    );
  const now = async (id: string): Promise<Record<string, unknown>> =>
    record((await recruitment.read(id)).body);

  const ETAG = { 'if-match': '*' };
  const CONTESTS: readonly [from: string, acts: readonly [name: string, act: (id: string) => Act][]][] = [
    [
      'under_review',
      [
        ['shortlisted', (id) => () => recruitment.step(id, 'shortlisted')],
        ['rejected', (id) => () => recruitment.step(id, 'rejected', { reason: 'other' })],
        ['withdrawn', (id) => () => recruitment.act(id, 'withdraw', ETAG)],
      ],
    ],
    [
      'offered',
      [
        ['accepted', (id) => () => recruitment.act(id, 'accept', ETAG)],
        ['declined', (id) => () => recruitment.act(id, 'decline', ETAG)],
        ['withdrawn', (id) => () => recruitment.act(id, 'withdraw', ETAG)],
      ],
    ],
    [
      'accepted',
      [
        ['hired', (id) => () => recruitment.step(id, 'hired')],
        ['hired', (id) => () => recruitment.step(id, 'hired')],
        ['withdrawn', (id) => () => recruitment.act(id, 'withdraw', ETAG)],
      ],
    ],
  ];

  it.each(CONTESTS)('have one winner from “%s”, and the others are told', async (from, contenders) => {
    const id = await recruitment.reach(from);
    const before = await eventsOf(id);
    // The winner's process dies before it can note that its change is settled.
    const settling = spyOn(sceau.app.get(RecordRevisions, { strict: false }), 'settle').mockResolvedValue();
    const outcomes = await atOnce(contenders.map(([, act]) => act(id)));
    settling.mockRestore();
    const won = outcomes.filter((outcome) => outcome.startsWith('200'));
    expect(won).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === '412 precondition_failed')).toHaveLength(2);
    const events = await eventsOf(id);
    expect(events).toHaveLength(before.length + 1);
    expect(won).toEqual([`200 ${String(events.at(-1)?.to)}`]);
    expect((await now(id))['status']).toBe(events.at(-1)?.to);
    expect((await recruitment.disclose(id, 'review')).status).toBe(200);
  });

  it('are told of by mail while business has all of its connections', async () => {
    const id = await recruitment.reach('submitted');
    const { poolSize } = sceau.settings.database;
    const notices = sceau.app.get(Notices, { strict: false });
    const write = notices.write.bind(notices);
    const all = Promise.withResolvers<void>();
    let writing = 0;
    const spy = spyOn(notices, 'write').mockImplementation(async (account, notice) => {
      writing += 1;
      if (writing === poolSize) all.resolve();
      await all.promise;
      return write(account, notice);
    });
    try {
      const steps = Array.from({ length: poolSize }, () => recruitment.step(id, 'under_review'));
      expect((await Promise.all(steps)).map(stateOf).toSorted()).toEqual([
        '200 under_review',
        ...Array<string>(poolSize - 1).fill('412 precondition_failed'),
      ]);
    } finally {
      spy.mockRestore();
    }
  });

  it('submit a draft once, however many times it is sent off', async () => {
    const draft = await recruitment.begin(await recruitment.publish());
    const written = await recruitment.write(draft, { motivation: 'Servir.' });
    const id = idOf(written);
    const outcomes = await atOnce([1, 2, 3].map(() => () => recruitment.act(id, 'submit', tagOf(written))));
    expect(outcomes.toSorted()).toEqual([
      '200 submitted',
      '412 precondition_failed',
      '412 precondition_failed',
    ]);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('overwrite nothing that was written into the same draft meanwhile', async () => {
    const draft = await recruitment.begin(await recruitment.publish());
    const acts = ['Servir.', 'Classer.'].map((motivation) => () => recruitment.write(draft, { motivation }));
    const outcomes = await atOnce(acts, (manager) =>
      manager.query('SELECT FROM applications.application WHERE id = $1 FOR UPDATE', [idOf(draft)]),
    );
    expect(outcomes).toEqual(['200 draft', '412 precondition_failed']);
    expect(await now(idOf(draft))).toMatchObject({ motivation: 'Servir.', revision: 2 });
  });

  it('begin one application for a vacancy', async () => {
    const vacancyId = await recruitment.publish();
    const begun = await Promise.all([1, 2, 3, 4, 5].map(() => recruitment.begin(vacancyId)));
    expect(begun.map(stateOf).toSorted()).toEqual([
      '201 draft',
      ...Array<string>(4).fill('409 application_exists'),
    ]);
  });

  it.each([
    [
      ['archived', 'submitted', 'moved'],
      ['200 archived', '409 vacancy_not_open', '412 precondition_failed'],
    ],
    [
      ['submitted', 'archived', 'moved'],
      [
        '200 submitted',
        '200 archived',
        expect.stringMatching(/^(200 under_review|412 precondition_failed)$/),
      ],
    ],
    [
      ['moved', 'archived', 'submitted'],
      ['200 under_review', '200 archived', '409 vacancy_not_open'],
    ],
  ])('leave no open application with an archived vacancy: %j', async (order, outcomes) => {
    const vacancyId = await recruitment.publish();
    const written = await recruitment.write(await recruitment.begin(vacancyId), { motivation: 'Servir.' });
    const other = await recruitment.withAnother(sceau);
    const review = await other.reach('submitted', vacancyId);
    const acts: Record<string, Act> = {
      archived: () => recruitment.toVacancy(vacancyId, 'archive'),
      submitted: () => recruitment.act(idOf(written), 'submit', tagOf(written)),
      moved: () => recruitment.step(review, 'under_review'),
    };
    expect(await atOnce(order.flatMap((name) => acts[name] ?? []))).toEqual(outcomes);
    expect((await now(idOf(written)))['status']).toBe(order[0] === 'submitted' ? 'lapsed' : 'draft');
    expect(record((await other.read(review)).body)['status']).toBe('lapsed');
  });

  it.each([
    ['before', ['submit', 'ask'], ['200 submitted', '422 invalid_request']],
    ['after', ['ask', 'submit'], ['200 published', '422 application_incomplete']],
  ])(
    'never answer other questions than the vacancy asks: one comes %s they change',
    async (_, order, outcomes) => {
      const vacancyId = await recruitment.publish();
      const written = await recruitment.write(await recruitment.begin(vacancyId), { motivation: 'Servir.' });
      const questions = [{ id: 'permis', label: 'Permis ?', kind: 'yes_no', required: true, choices: [] }];
      const path = `/v1/agency/vacancies/${vacancyId}`;
      const acts: Record<string, Act> = {
        submit: () => recruitment.act(idOf(written), 'submit', tagOf(written)),
        ask: () =>
          recruitment.agency.client.request(path, { method: 'PATCH', body: { questions }, headers: ETAG }),
      };
      expect(await atOnce(order.flatMap((name) => acts[name] ?? []))).toEqual(outcomes);
    },
  );

  it('leave a history by the table, whoever does what in whichever order', async () => {
    const acts: Record<string, (id: string) => Promise<Exchange>> = {
      review: (id) => recruitment.step(id, 'under_review'),
      shortlist: (id) => recruitment.step(id, 'shortlisted'),
      interview: (id) => recruitment.step(id, 'interview'),
      offer: (id) => recruitment.step(id, 'offered'),
      reject: (id) => recruitment.step(id, 'rejected', { reason: 'other' }),
      accept: (id) => recruitment.act(id, 'accept', ETAG),
      withdraw: (id) => recruitment.act(id, 'withdraw', ETAG),
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('submitted', 'under_review', 'interview', 'offered'),
        fc.array(fc.constantFrom(...Object.keys(acts)), { minLength: 3, maxLength: 8 }),
        async (from, names) => {
          const id = await recruitment.reach(from);
          const before = await eventsOf(id);
          const answers = await Promise.all(names.flatMap((name) => acts[name]?.(id) ?? []));
          const events = await eventsOf(id);
          const won = answers.filter(({ status }) => status === 200).length;
          expect(events).toHaveLength(before.length + won);
          expect(answers.map(({ status }) => status)).not.toContain(500);
          let status = 'draft';
          for (const { from: left, to, by } of events) {
            expect([left, findTransition(left, to, by)]).toEqual([status, expect.objectContaining({ to })]);
            status = to;
          }
          expect(await now(id)).toMatchObject({ status, revision: 2 + events.length });
        },
      ),
      { numRuns: 10 },
    );
  }, 60_000);

  it('never wait for a sealing: whatever is sealed is sealed before the agency’s clock is taken', async () => {
    const { agencyId } = recruitment.agency;
    const sealer = sceau.app.get(Sealer, { strict: false });
    const seal = sealer.seal.bind(sealer);
    const sealed = new Set<string>();
    const spy = spyOn(sealer, 'seal').mockImplementation(async (place, position, value) => {
      // An answer is kept in the transaction of its effect, see docs/idempotency.md.
      if (place.name !== 'platform_idempotency.answer') {
        sealed.add(place.name);
        await sceau.database.query(
          'SELECT FROM applications.agency_clock WHERE agency_id = $1 FOR UPDATE NOWAIT',
          [agencyId],
        );
      }
      return seal(place, position, value);
    });
    try {
      const vacancyId = await recruitment.publish();
      const id = await recruitment.reach('offered', vacancyId);
      expect(stateOf(await recruitment.act(id, 'accept'))).toBe('200 accepted');
      const other = await recruitment.reach('submitted');
      expect(
        stateOf(await recruitment.step(other, 'rejected', { reason: 'other', feedback: 'Merci.' })),
      ).toBe('200 rejected');
      const third = await recruitment.publish();
      await recruitment.reach('submitted', third);
      expect(stateOf(await recruitment.toVacancy(third, 'archive'))).toBe('200 archived');
    } finally {
      spy.mockRestore();
    }
    expect(sealed).toEqual(
      new Set([
        'applications_application.motivation',
        'applications_application.snapshot',
        'applications_application.decision_note',
        'platform_outgoing_mail.message',
      ]),
    );
  });
});
