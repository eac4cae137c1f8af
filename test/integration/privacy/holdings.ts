import { type CandidateId, parseId } from '../../../src/kernel/ids.js';
import { SEALED_COLUMNS } from '../../../src/sealing/rotation/sealed-columns.js';
import { relationsOf } from '../../support/catalogue.js';
import type { PopulatedCandidate } from '../../support/populated.js';
import { eventually } from '../../support/eventually.js';
import type { Sceau } from '../../support/sceau.js';
import { valuesOf } from '../sealing/sealed-values.js';

/** Sealed for the installation or an agency: nobody's that could ask for it by who they are. */
export const NOBODYS: ReadonlySet<string> = new Set([
  'agencies_client.metadata',
  'webhooks_endpoint.url',
  'webhooks_endpoint.secrets',
  'oauth_signing_key.jwk',
  'oauth_record.payload',
  // Which agency and when, and what an operator wrote of it: of whom, the ledger says.
  'incidents_incident.details',
  // Somebody whom nobody is.
  'canaries_planting.content',
  // Somebody's who has no account yet, or has not been looked for: a day at most.
  'identity_registration_request.content',
  'identity_request.content',
]);

/** Tables with a column of persons that hold no candidate's rows, and why. */
export const NOT_CANDIDATES: Readonly<Record<string, string>> = {
  'identity.staff': 'which accounts are staff',
  'privacy.erasure': 'who is being erased, until they are',
};

/** Where an erased candidate's id may still stand, and why. */
export const STAYS: Readonly<Record<string, string>> = {
  'keys.tombstone': 'that this key never comes back; an id alone',
  'keys.record_revision': 'that no row of before counts again; an id alone',
  'audit.leaf': 'the ledger: what an account has done, under an id that leads nowhere',
  'audit.entry': 'the same, to search by',
  'jobs.job': 'of the erasure itself: its own id',
};
/** The same until the tie is cut. */
export const STAYS_FOR_NOW = [...Object.keys(STAYS), 'audit.subject_reference', 'privacy.erasure'];

export const idOf = ({ id }: PopulatedCandidate): CandidateId => {
  const parsed = parseId<CandidateId>(id);
  if (parsed === undefined) throw new Error('No candidate has this id.');
  return parsed;
};

/** Every text and number within a JSON value. */
export function leavesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

/** Tables in whose rows a text stands, as it is or as bytes. */
export async function tablesWith({ database }: Sceau, needle: string): Promise<readonly string[]> {
  const found: string[] = [];
  const hex = Buffer.from(needle).toString('hex');
  for (const { name, isView } of await relationsOf(database)) {
    if (isView) continue;
    const rows = await database.query(
      `SELECT FROM ${name} t WHERE position($1 IN t::text) > 0 OR position($2 IN t::text) > 0 LIMIT 1`,
      [needle, hex],
    );
    if (rows.length > 0) found.push(name);
  }
  // A partitioned table and its partition are one.
  return found.filter((name) => !['audit.leaf', 'audit.subject_record'].includes(name));
}

export async function tablesWithAny(sceau: Sceau, needles: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { name, isView } of await relationsOf(sceau.database)) {
    if (isView) continue;
    const rows = await sceau.database.query(
      `SELECT FROM ${name} t WHERE EXISTS (SELECT FROM unnest($1::text[]) AS n WHERE position(n IN t::text) > 0) LIMIT 1`,
      [needles],
    );
    if (rows.length > 0) found.add(name);
  }
  return [...found];
}

/** The nonce and first bytes of everything that is sealed for somebody, in hex. */
export async function sealedBytesOf({ database }: Sceau, subject: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { table, column, owned } of Object.values(SEALED_COLUMNS)) {
    const rows = await database.query<{ start: string }>(
      `SELECT encode(substring(${column} FROM 7 FOR 28), 'hex') AS start FROM ${table} WHERE ${column} IS NOT NULL AND (${owned})`,
      [subject],
    );
    found.push(...rows.map(({ start }) => start));
  }
  return found;
}

/** Every table that has a column of persons, the ledger's and the key store's own apart. */
export async function personalTables({ database }: Sceau): Promise<readonly string[]> {
  const relations = await relationsOf(database);
  const personal = relations.filter(
    ({ isView, columns, schema, name }) =>
      !isView &&
      schema !== 'keys' &&
      (name === 'identity.account' ||
        columns.some((column) => ['candidate_id', 'account_id', 'actor'].includes(column.name))),
  );
  return personal.map(({ name }) => name).toSorted();
}

/** What of somebody anybody else could still be shown: gone at the moment of the answer, whatever the worker does later. */
export function rowsAtOnce({ database }: Sceau, candidate: string): Promise<readonly { of: string }[]> {
  return database.query<{ of: string }>(
    `SELECT 'application' AS of FROM applications.application WHERE candidate_id = $1
     UNION ALL SELECT 'event' FROM applications.event WHERE candidate_id = $1
     UNION ALL SELECT 'account' FROM identity.account WHERE id = $1
     UNION ALL SELECT 'session' FROM identity.session WHERE account_id = $1
     UNION ALL SELECT 'mail' FROM platform.outgoing_mail WHERE account_id = $1`,
    [candidate],
  );
}

/** What somebody's profile and applications say, for comparison: mails come and go, and sessions of the tests with them. */
export async function lastingValuesOf({ database, app }: Sceau, candidate: CandidateId): Promise<string> {
  const values = await valuesOf(database, app, candidate);
  const lasting = values.filter(({ place }) => /^(candidates|applications)_/.test(place));
  return JSON.stringify(lasting.toSorted((a, b) => (a.row + a.place < b.row + b.place ? -1 : 1)));
}

/** What an agency is told of an application. Once that is handed out, what its endpoint does not want is gone. */
export function toldOf(sceau: Sceau, application: string): Promise<readonly object[]> {
  return eventually('the events being handed out', async () => {
    const events = await sceau.database.query<{ told: object; pending: boolean }>(
      `SELECT jsonb_build_object('type', type, 'revision', application_revision) AS told, pending
       FROM webhooks.event WHERE application_id = $1 ORDER BY at`,
      [application],
    );
    return events.some(({ pending }) => pending) ? undefined : events.map(({ told }) => told);
  });
}
