import { record } from '../../../support/actors.js';
import { PersonClient } from '../../../../tools/client/person.ts';
import { Authenticator } from '../../../../tools/client/authenticator.ts';
import type { Candidate } from '../../population/candidate.ts';
import { Loot } from '../../population/loot.ts';
import { personOf } from '../../population/person.ts';
import type { DrilledAgency } from '../../population/population.ts';
import type { DrilledSystem } from '../../system/drilled-system.ts';
import type { Attempt } from '../row.ts';
import { asCandidate, type Writer } from './writer.ts';

/** Somebody with SQL who is also a candidate, who is somebody else's victim, and an agency that both have applied to. */
export interface Scene {
  readonly system: DrilledSystem;
  readonly writer: Writer;
  readonly thief: Candidate;
  readonly victim: Candidate;
  readonly agency: DrilledAgency;
  /** The thief, signed in as themself. */
  readonly client: PersonClient;
}

export async function signIn({ url }: DrilledSystem, candidate: Candidate): Promise<PersonClient> {
  const { email, password, totpSecret } = personOf(candidate.person);
  const client = new PersonClient(url);
  const code = await new Authenticator(totpSecret).code();
  const { status, body } = await client.request('/v1/sessions', {
    body: { email, password, code, transport: 'token' },
  });
  if (status !== 201) throw new Error(`Person ${candidate.person} cannot sign in: ${status}.`);
  client.useToken(String(record(body)['token']));
  return client;
}

const PROFILE_COLUMNS = ['identity', 'contact', 'address', 'accommodations'] as const;
const APPLICATION_COLUMNS = ['motivation', 'answers', 'snapshot'] as const;
const LISTS = ['education', 'experience', 'language'] as const;

/** The victim's sealed values into the thief's rows and into other columns; then everything of theirs is read. */
export async function swapped(scene: Scene): Promise<Attempt> {
  const { writer, thief, victim } = scene;
  const outcomes: (number | string)[] = [];
  const obtained = new Loot();
  const mine = asCandidate(thief.id);
  const swaps: readonly (readonly [
    table: string,
    key: string,
    from: string,
    to: string,
    column: string,
    other: string,
  ])[] = [
    ...PROFILE_COLUMNS.flatMap((column, at) => [
      ['candidates.profile', 'candidate_id', victim.id, thief.id, column, column] as const,
      [
        'candidates.profile',
        'candidate_id',
        victim.id,
        thief.id,
        PROFILE_COLUMNS[(at + 1) % PROFILE_COLUMNS.length] ?? column,
        column,
      ] as const,
    ]),
    ...LISTS.map(
      (list) => [`candidates.${list}`, 'candidate_id', victim.id, thief.id, 'entry', 'entry'] as const,
    ),
    ...APPLICATION_COLUMNS.map(
      (column) =>
        ['applications.application', 'id', victim.application, thief.application, column, column] as const,
    ),
  ];
  for (const [table, key, from, to, source, column] of swaps) {
    const [found] = await scene.system.database.query<{ value: Buffer }>(
      `SELECT ${source} AS value FROM ${table} WHERE ${key} = $1`,
      [from],
    );
    obtained.addAll(
      await writer.whileChanged([[table, key, to]], async () => {
        const statement = `UPDATE ${table} SET ${column} = $1 WHERE ${key} = $2`;
        outcomes.push(await writer.write(statement, [found?.value, to], mine));
        return everythingRead(scene);
      }),
    );
  }
  return told(
    `${swaps.length} sealed values of another candidate put into own rows and other columns`,
    outcomes,
    obtained,
  );
}

/** The victim's wrapped key for the thief's. Another process reads, which has no key in memory yet. */
export async function keyMoved(scene: Scene): Promise<Attempt> {
  const { writer, thief, victim, system } = scene;
  const url = await system.secondApi();
  const outcomes: (number | string)[] = [];
  const obtained = await writer.whileChanged([['keys.subject_key', 'subject_id', thief.id]], async () => {
    const statement = `UPDATE keys.subject_key SET wrapped = (SELECT wrapped FROM keys.subject_key WHERE subject_id = $1)
                       WHERE subject_id = $2`;
    outcomes.push(await writer.write(statement, [victim.id, thief.id], {}));
    return writer.whileChanged([['candidates.profile', 'candidate_id', thief.id]], async () => {
      for (const column of PROFILE_COLUMNS) {
        const [row] = await system.database.query<{ value: Buffer }>(
          `SELECT ${column} AS value FROM candidates.profile WHERE candidate_id = $1`,
          [victim.id],
        );
        const own = `UPDATE candidates.profile SET ${column} = $1 WHERE candidate_id = $2`;
        outcomes.push(await writer.write(own, [row?.value, thief.id], asCandidate(thief.id)));
      }
      return everythingRead({ ...scene, client: scene.client.at(url) });
    });
  });
  return told('another candidate’s wrapped key and profile for the own', outcomes, obtained);
}

/** Whatever the thief can see as themself, and their agency of their application. */
async function everythingRead({ system, client, thief, agency }: Scene): Promise<Loot> {
  const obtained = new Loot();
  const paths = [
    '/v1/me/profile',
    ...LISTS.map((list) => `/v1/me/profile/${list === 'language' ? 'languages' : list}`),
    `/v1/me/applications/${thief.application}`,
    `/v1/me/applications/${thief.application}/timeline`,
  ];
  const answers = [
    ...(await Promise.all(paths.map((path) => client.request(path)))),
    await agency.client.request(`/v1/agency/applications/${thief.application}`, {
      headers: { purpose: 'review' },
    }),
  ];
  for (const { body } of answers) obtained.addAll(system.search.inText(JSON.stringify(body ?? '')));
  return obtained.beyond((person) => person === thief.person);
}

export function told(what: string, outcomes: readonly (number | string)[], obtained: Loot): Attempt {
  const written = outcomes.filter((outcome) => typeof outcome === 'number' && outcome > 0).length;
  return {
    tried: `${what}: ${written} of ${outcomes.length} writes accepted, ${obtained.people.size} candidate(s) read`,
    obtained,
    breaches: [
      ...(written === 0 ? [`Not tried, as every write was refused: ${what}.`] : []),
      ...(obtained.people.size === 0 ? [] : [`By ${what}: ${obtained.describe()}.`]),
    ],
  };
}
