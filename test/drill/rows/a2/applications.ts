import { newId } from '../../../../src/kernel/ids.js';
import type { Candidate } from '../../population/candidate.ts';
import { Loot } from '../../population/loot.ts';
import type { DrilledAgency } from '../../population/population.ts';
import { bestPurpose } from '../release.ts';
import type { Attempt } from '../row.ts';
import { type Scene, told } from './swaps.ts';
import { AS_SYSTEM } from './writer.ts';

const TABLE = 'applications.application';
const PURPOSES = ['review', 'interview', 'offer', 'onboarding'] as const;
/** What decides who reads an application, and how much. */
const DECISIVE = ['candidate_id', 'vacancy_id', 'agency_id', 'status', 'answer_by', 'record_revision', 'mac'];

/** The moment of a change is its agency's clock's, which the role may set as well. */
const TICK = `INSERT INTO applications.agency_clock AS c (agency_id, last) VALUES ($1, now())
              ON CONFLICT (agency_id) DO UPDATE SET last = greatest(excluded.last, c.last + interval '1 millisecond')
              RETURNING last`;

interface Move {
  readonly what: string;
  /** Whose application is written to, and then asked for. */
  readonly target: Candidate;
  readonly write: () => Promise<readonly (number | string)[]>;
  /** What is asked for, where it is another than the target's. */
  readonly asked?: string;
  /** Whose credential it is asked for with, where it is another's than the scene's. */
  readonly by?: DrilledAgency;
}

/**
 * Whoever holds an agency's live credential besides (A4) has applications become that agency's, or come further than
 * they have, and reads them through the API.
 */
export async function applicationsTaken(scene: Scene): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const move of await movesOf(scene)) {
    const { target, what, write, asked = target.application, by = scene.agency } = move;
    const outcomes: (number | string)[] = [];
    const rows = [
      [TABLE, 'id', target.application],
      [TABLE, 'id', scene.thief.application],
      ['vacancies.vacancy', 'id', target.vacancy],
    ] as const;
    const obtained = await scene.writer.whileChanged(rows, async () => {
      outcomes.push(...(await write()));
      return everythingShown(scene, by, asked);
    });
    await scene.system.database.query(`DELETE FROM ${TABLE} WHERE id = $1 AND id <> $2`, [
      asked,
      target.application,
    ]);
    attempts.push(told(`with an agency’s live credential besides (A4), ${what}`, outcomes, obtained));
  }
  return attempts;
}

async function movesOf(scene: Scene): Promise<readonly Move[]> {
  const { writer, agency, thief, victim, system } = scene;
  const foreign = system.population.candidates.find(
    (candidate) => candidate.agency !== agency.agencyId && candidate.status === 'submitted',
  );
  const own = agency.applicants.find(
    ({ id, status, isCanary }) =>
      !isCanary && bestPurpose(status) !== undefined && id !== thief.id && id !== victim.id,
  );
  // Whoever is rejected here is needed by no other row.
  const other = system.population.agencies[3];
  const ended = other?.applicants.find(({ status }) => status === 'submitted' || status === 'interview');
  if (foreign === undefined || own === undefined || other === undefined || ended === undefined)
    throw new Error('Some have applied elsewhere, and some here.');
  const [open] = await system.database.query<{ status: string; revision: number; mac: Buffer }>(
    `SELECT status, record_revision AS revision, mac FROM ${TABLE} WHERE id = $1`,
    [ended.application],
  );
  await reject(other, ended);
  const planted = newId<'application'>(Date.now());
  const update = async (
    target: Candidate,
    changes: string,
    values: readonly unknown[],
    { agencyId } = agency,
  ) => [
    await writer.write(
      `WITH clock AS (${TICK}) UPDATE ${TABLE} AS a SET ${changes}, updated_at = (SELECT last FROM clock) WHERE a.id = $2`,
      [agencyId, target.application, ...values],
      AS_SYSTEM,
    ),
  ];
  return [
    {
      what: 'an application to another agency is moved to an own vacancy',
      target: foreign,
      write: () => update(foreign, 'agency_id = $1, vacancy_id = $3', [agency.vacancy]),
    },
    {
      what: 'one is moved and said to be accepted',
      target: foreign,
      write: () => update(foreign, `agency_id = $1, vacancy_id = $3, status = 'accepted'`, [agency.vacancy]),
    },
    {
      what: 'one is given the place and the MAC of an own applicant’s',
      target: foreign,
      write: async () => {
        const set = DECISIVE.filter((name) => name !== 'candidate_id').map((name) => `${name} = b.${name}`);
        const from = `${set.join(', ')}, anonymous_review = b.anonymous_review`;
        const values = [agency.agencyId, foreign.application, thief.application];
        const statement = `WITH clock AS (${TICK}) UPDATE ${TABLE} AS a SET ${from}, updated_at = (SELECT last FROM clock)
                           FROM ${TABLE} AS b WHERE a.id = $2 AND b.id = $3`;
        return [await writer.write(statement, values, AS_SYSTEM)];
      },
    },
    {
      what: 'the vacancy that it was sent to is given to the own agency',
      target: foreign,
      write: async () => [
        await writer.write(
          'UPDATE vacancies.vacancy SET agency_id = $1 WHERE id = $2',
          [agency.agencyId, foreign.vacancy],
          AS_SYSTEM,
        ),
      ],
    },
    {
      what: 'a new application is written for a candidate of another agency',
      target: foreign,
      asked: planted,
      write: async () => [
        await writer.write(
          `INSERT INTO ${TABLE} SELECT (jsonb_populate_record(a, $2)).* FROM ${TABLE} AS a WHERE a.id = $1`,
          [
            foreign.application,
            { id: planted, agency_id: agency.agencyId, vacancy_id: agency.vacancy, status: 'accepted' },
          ],
          AS_SYSTEM,
        ),
      ],
    },
    {
      what: 'an own applicant’s is said to be accepted',
      target: own,
      write: () => update(own, `status = 'accepted'`, []),
    },
    {
      what: 'one that was rejected is put back as it was before',
      target: ended,
      by: other,
      write: () =>
        update(
          ended,
          'status = $3, record_revision = $4, mac = $5',
          [open?.status, open?.revision, open?.mac],
          other,
        ),
    },
  ];
}

async function reject({ client }: DrilledAgency, { application }: Candidate): Promise<void> {
  const { status } = await client.request(`/v1/agency/applications/${application}/transitions`, {
    body: { to: 'rejected', reason: 'other' },
    headers: { 'if-match': '*' },
  });
  if (status !== 200) throw new Error(`The application is not rejected: ${status}.`);
}

/** By every way and for every purpose. */
async function everythingShown(
  { system }: Scene,
  { client }: DrilledAgency,
  application: string,
): Promise<Loot> {
  const obtained = new Loot();
  const answers = [await client.request('/v1/agency/applications?limit=100')];
  for (const purpose of PURPOSES) {
    answers.push(await client.request(`/v1/agency/applications/${application}`, { headers: { purpose } }));
    const body = { ids: [application], purpose };
    answers.push(await client.request('/v1/agency/applications/disclosures', { body }));
  }
  for (const { body } of answers) obtained.addAll(system.search.inText(JSON.stringify(body ?? '')));
  return obtained;
}
