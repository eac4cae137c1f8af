import type { PersonClient } from '../../../tools/client/person.ts';
import { AgencyClient } from '../../../tools/client/agency.ts';
import { AGENCY_SCOPES } from '../../../src/modules/agencies/index.js';
import { type AgencyActor, createAgency, record } from '../../support/actors.js';
import type { Sceau } from '../../support/sceau.js';
import { type Applicant, applyTo, publishVacancy } from '../sealing/applicants.js';

/** An agency whose key was stolen, with three applicants to its one vacancy. */
export interface Theft {
  readonly agency: AgencyActor;
  readonly applicants: readonly [Applicant, Applicant, Applicant];
  /** With the agency's own private key, and a DPoP key of their own. */
  readonly thief: AgencyClient;
}

export async function stealKey(sceau: Sceau): Promise<Theft> {
  const agency = await createAgency(sceau);
  const vacancy = await publishVacancy(agency, sceau.clock.now());
  const applicants = [
    await applyTo(sceau, vacancy, 'Nolwenn'),
    await applyTo(sceau, vacancy, 'Malo'),
    await applyTo(sceau, vacancy, 'Enora'),
  ] as const;
  const thief = await AgencyClient.connect(sceau.url, agency.credentials);
  await thief.authorise(AGENCY_SCOPES);
  return { agency, applicants, thief };
}

/** Reads one application, of which nothing is asserted. */
export async function readApplication(
  client: AgencyClient,
  { application }: Applicant,
  purpose = 'review',
  fields = '',
): Promise<number> {
  const query = fields === '' ? '' : `?fields=${fields}`;
  const path = `/v1/agency/applications/${application}${query}`;
  return (await client.request(path, { headers: { purpose } })).status;
}

/** @returns the id of the incident */
export async function openIncident(operator: PersonClient, criteria: object): Promise<string> {
  const body = { title: 'La clé d’un logiciel a fui', ...criteria };
  const { status, body: answer } = await operator.request('/v1/operator/incidents', { body });
  if (status !== 201) throw new Error(`No incident: ${status} ${JSON.stringify(answer)}`);
  return String(record(answer)['id']);
}

/** The pseudonym of a candidate, as a test knows it who has the database. */
export async function pseudonymOf({ database }: Sceau, { id }: Pick<Applicant, 'id'>): Promise<string> {
  const [row] = await database.query<{ reference: string }>(
    'SELECT reference::text AS reference FROM audit.subject_reference WHERE candidate_id = $1',
    [id],
  );
  if (row === undefined) throw new Error('The ledger does not know this candidate.');
  return row.reference;
}

export const items = (body: unknown): readonly Record<string, unknown>[] => {
  const list = record(body)['items'];
  return Array.isArray(list) ? list.map(record) : [];
};

/** A stolen key has read two of an agency's three applicants, and an incident is open about its client. */
export async function incidentOf(
  sceau: Sceau,
  operator: PersonClient,
): Promise<{ readonly theft: Theft; readonly incident: string }> {
  // All of them come from one address, and only so many sign up from it in an hour.
  await sceau.database.query('DELETE FROM platform.rate_limit');
  const theft = await stealKey(sceau);
  const [, malo, enora] = theft.applicants;
  for (const victim of [malo, enora]) await readApplication(theft.thief, victim);
  return { theft, incident: await openIncident(operator, { client: theft.agency.clientId }) };
}
