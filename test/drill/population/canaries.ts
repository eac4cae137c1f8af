import type { VacancyId } from '../../../src/kernel/ids.js';
import { CanaryOrders } from '../../../src/modules/canaries/index.js';
import { Accounts } from '../../../src/modules/identity/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { type AgencyActor, systemContext } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import type { Candidate, Ground } from './candidate.ts';
import { hasDocument, personOf } from './person.ts';

/** A process of the API looks every ten seconds; the rest is for signing up and applying. */
const PATIENCE_MS = 120_000;

/** One more applicant for each of the agencies, whom nobody is: numbered after everybody else. */
export async function plantCanaries(
  ground: Ground,
  agencies: readonly { readonly agency: AgencyActor; readonly vacancy: VacancyId }[],
  from: number,
): Promise<readonly Candidate[]> {
  // A canary has no document.
  const numbers = Array.from({ length: 2 * agencies.length }, (_, at) => from + at)
    .filter((number) => !hasDocument(number))
    .slice(0, agencies.length);
  const numbered = numbers.flatMap((number, at) => {
    const place = agencies[at];
    return place === undefined ? [] : [{ number, ...place }];
  });
  const orders = ground.app.get(CanaryOrders, { strict: false });
  for (const { number, vacancy } of numbered) {
    const { email, profile, education, experience, language, motivation, answers } = personOf(number);
    const lists = { education: [education], experience: [experience], languages: [language] };
    const person = { email, address: '192.0.2.7', profile, ...lists, motivation, answers };
    await orders.place(systemContext(), vacancy, 0, () => [person]);
  }
  await eventually(
    'the canaries’ applications',
    async () => {
      const waiting = await ground.database.query('SELECT FROM canaries.planting');
      return waiting.length === 0 ? true : undefined;
    },
    PATIENCE_MS,
  );
  return Promise.all(
    numbered.map(async ({ number, agency, vacancy }) => ({
      person: number,
      ...(await found(ground, personOf(number).email)),
      agency: agency.agencyId,
      vacancy,
      status: 'submitted',
      isCanary: true,
    })),
  );
}

async function found(
  { app, database }: Ground,
  email: string,
): Promise<Pick<Candidate, 'id' | 'application'>> {
  const accounts = app.get(Accounts, { strict: false });
  const account = await app
    .get(Database, { strict: false })
    .run({ kind: 'system' }, (manager) => accounts.findByAddress(systemContext(), manager, email));
  const [row] = await database.query<Pick<Candidate, 'id' | 'application'>>(
    'SELECT candidate_id AS id, id AS application FROM applications.application WHERE candidate_id = $1',
    [account?.id],
  );
  if (row === undefined) throw new Error('The canary has not applied.');
  return row;
}
