import { PgBoss } from 'pg-boss';
import { type AgencyId, type ApplicationId, newId, type VacancyId } from '../../../src/kernel/ids.js';
import { ApplicationObservers, type ApplicationStatus } from '../../../src/modules/applications/index.js';
import { type DeliveryStatus, DueWork } from '../../../src/modules/webhooks/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { type AgencyActor, record } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import type { Sceau } from '../../support/sceau.js';

export interface RegisteredEndpoint {
  readonly id: string;
  readonly path: string;
  readonly secret: string;
  readonly revision: number;
}

export const ALL_EVENTS = ['application.submitted', 'application.under_review', 'application.withdrawn'];

/** Registers where events go, through the API. */
export async function register(
  { client }: AgencyActor,
  url: string,
  events: readonly string[] = ALL_EVENTS,
): Promise<RegisteredEndpoint> {
  const answer = await client.request('/v1/agency/webhooks', { body: { url, events } });
  if (answer.status !== 201) throw new Error(`Not registered: ${JSON.stringify(answer.body)}`);
  const { id, secret, revision } = record(answer.body);
  return {
    id: String(id),
    path: `/v1/agency/webhooks/${String(id)}`,
    secret: String(secret),
    revision: Number(revision),
  };
}

/** An application that nobody has sent in, of which agencies are told all the same. */
export interface Told {
  readonly application: ApplicationId;
  readonly revision: number;
}

/** Has an application of an agency move, as far as those know who observe applications. */
export async function tell(
  sceau: Sceau,
  agencyId: AgencyId,
  { application, revision }: Told,
  status: ApplicationStatus = 'submitted',
): Promise<void> {
  const observers = sceau.app.get(ApplicationObservers, { strict: false });
  await sceau.app.get(Database, { strict: false }).run({ kind: 'system' }, async (manager) => {
    // As ApplicationChanges.tick() does: the row stays locked, so that moments rise as transactions commit.
    const [row]: { last: Date }[] = await manager.query(
      `INSERT INTO applications.agency_clock AS c (agency_id, last) VALUES ($1, $2)
       ON CONFLICT (agency_id) DO UPDATE SET last = greatest(excluded.last, c.last + interval '1 millisecond')
       RETURNING last`,
      [agencyId, sceau.clock.now()],
    );
    if (row === undefined) throw new Error('The statement returns its row.');
    const vacancyId: VacancyId = newId<'vacancy'>(Date.now());
    const at = row.last;
    await observers.applicationChanged(manager, {
      id: application,
      vacancyId,
      agencyId,
      status,
      revision,
      at,
    });
  });
}

export const newApplication = (): ApplicationId => newId<'application'>(Date.now());

/** What the worker does every minute, now. */
export const minutePasses = (sceau: Sceau): Promise<void> =>
  sceau.worker.get(DueWork, { strict: false }).run();

/**
 * So much of the time that deliveries wait for is over. The clock stays: agencies' clients prove who they are by that
 * of the machine.
 */
export async function timePasses(sceau: Sceau, interval: string): Promise<void> {
  await sceau.database.query(
    `UPDATE webhooks.delivery SET due_at = due_at - $1::interval, expires_at = expires_at - $1::interval
     WHERE status = 'pending'`,
    [interval],
  );
  await minutePasses(sceau);
}

export interface LoggedDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly type: string;
  readonly applicationId: string | null;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly lastOutcome: string | null;
}

export async function deliveriesOf(
  { client }: AgencyActor,
  { path }: RegisteredEndpoint,
  query = '',
): Promise<readonly LoggedDelivery[]> {
  const answer = await client.request(`${path}/deliveries?limit=100${query}`);
  if (answer.status !== 200) throw new Error(`No log: ${JSON.stringify(answer.body)}`);
  const body: { items: LoggedDelivery[] } = JSON.parse(JSON.stringify(answer.body));
  return body.items;
}

/** The first delivery of an endpoint that is as wanted, waited for. */
export function delivery(
  agency: AgencyActor,
  endpoint: RegisteredEndpoint,
  what: string,
  isWanted: (delivery: LoggedDelivery) => boolean,
): Promise<LoggedDelivery> {
  return eventually(what, async () => (await deliveriesOf(agency, endpoint)).find(isWanted));
}

/** What the ledger says of an endpoint or a delivery, in one action. */
export async function entriesOf(
  { database }: Sceau,
  id: string,
  action: string,
): Promise<readonly Record<string, unknown>[]> {
  const rows = await database.query<{ entry: Record<string, unknown> }>(
    `SELECT e AS entry FROM (
       SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.staging
       UNION ALL SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.leaf) AS t (e)
     WHERE e->>'action' = $2 AND e->'resource'->>'id' = $1`,
    [id, action],
  );
  return rows.map(({ entry }) => entry);
}

/** As when a job's time is over: jobs that died with their worker are there to be done again. */
export async function lostJobsReturn({ database }: Sceau): Promise<void> {
  await database.query(
    `UPDATE jobs.job SET started_on = started_on - interval '1 hour' WHERE name LIKE 'webhook%' AND state = 'active'`,
  );
  // As if nobody had looked for them just now.
  await database.query(
    `UPDATE jobs.queue SET monitor_claim_on = NULL, monitor_on = NULL WHERE name LIKE 'webhook%'`,
  );
  const boss = new PgBoss({
    connectionString: database.ownerUrl,
    schema: 'jobs',
    schedule: false,
    supervise: false,
  });
  await boss.start();
  try {
    for (const queue of ['webhook_event', 'webhook', 'webhook_due']) await boss.supervise(queue);
  } finally {
    await boss.stop({ graceful: false });
  }
}
