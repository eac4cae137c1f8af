import pg from 'pg';
import { record } from '../../support/actors.js';
import { functionsOf, relationsOf } from '../../support/catalogue.js';
import { FORBIDDEN, TryingRole } from '../../support/roles.js';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { requestTo, routesFor } from '../system/routes.ts';
import { auditorsToldAfter } from '../system/told.ts';
import { Intruder } from './intruder.ts';
import type { Attempt, DrillRow } from './row.ts';

const PAGES = 30;
/** Entries that are looked at one by one, with their proofs. */
const CLOSELY = 20;
const READS = [
  'audit.listed',
  'audit.entry_read',
  'audit.proof_read',
  'audit.exported',
  'audit.summary_read',
];

export const a7: DrillRow = {
  id: 'A7',
  attacker: 'an auditor’s account',
  promise: 'who read what and when, under pseudonyms; no personal field, no key',
  noticedWithinMs: 60_000,
  noticedBy: 'auditors, who are shown the entry',
  async play(system) {
    const { auditor } = system.population;
    const intruder = new Intruder(system, auditor.token);
    const since = new Date();
    const told = auditorsToldAfter(system, since, READS, ({ actor }) => record(actor)['id'] === auditor.id);
    const attempts = [
      await readsLedger(intruder),
      await exports(intruder),
      await entersOtherRooms(system, intruder),
      await readsDatabase(system),
      await actsInDatabase(system),
    ];
    return {
      attempts,
      noticedAfterMs: await told,
      naming: null,
    };
  },
};

const isAnswer = { isHarmless: ({ status }: { readonly status: number }): boolean => status === 200 };

function readsLedger(intruder: Intruder): Promise<Attempt> {
  return intruder.attempt(
    `the ledger page by page, up to ${PAGES} pages of each list, ${CLOSELY} entries with their proofs, every count`,
    async () => {
      const entries = await pages(intruder, '/v1/audit/events');
      for (const { id } of entries.slice(0, CLOSELY)) {
        await intruder.ask(`/v1/audit/events/${String(id)}`);
        await intruder.ask(`/v1/audit/events/${String(id)}/proof`);
      }
      await pages(intruder, '/v1/audit/checkpoints');
      await pages(intruder, '/v1/audit/alerts');
      for (const by of ['day', 'actor', 'agency', 'action']) await intruder.ask(`/v1/audit/summary?by=${by}`);
    },
    isAnswer,
  );
}

async function pages(
  intruder: Intruder,
  path: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const found: Readonly<Record<string, unknown>>[] = [];
  let cursor = '';
  for (let page = 0; page < PAGES; page += 1) {
    const { body } = await intruder.ask(`${path}?limit=100${cursor}`);
    const { items, nextCursor } = record(body);
    found.push(...(Array.isArray(items) ? items.map(record) : []));
    if (typeof nextCursor !== 'string') break;
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
  return found;
}

function exports(intruder: Intruder): Promise<Attempt> {
  return intruder.attempt(
    'the whole ledger in every format of the export',
    async () => {
      for (const format of ['ndjson', 'csv', 'ocsf']) await intruder.ask(`/v1/audit/export?format=${format}`);
    },
    isAnswer,
  );
}

/** With ids that are right: those of candidates and applications, as the entries have them. */
async function entersOtherRooms(system: DrilledSystem, intruder: Intruder): Promise<Attempt> {
  const routes = await routesFor(system, 'candidate', 'operator', 'agency');
  const [candidate] = system.population.candidates;
  return intruder.attempt(
    `${routes.length} routes of candidates, agencies and operators`,
    async () => {
      for (const route of routes) {
        const id = route.path.includes('application') ? candidate?.application : candidate?.id;
        await intruder.ask(...requestTo(route, id ?? ''));
      }
    },
    { isHarmless: ({ status }) => status === 401 || status === 403 },
  );
}

/** As whoever has got hold of the role by which the ledger is read for auditors. */
async function readsDatabase({ database, search }: DrilledSystem): Promise<Attempt> {
  const client = new pg.Client({ connectionString: database.auditorUrl });
  await client.connect();
  const rows: Buffer[] = [];
  const read: string[] = [];
  try {
    const relations = await relationsOf(database);
    for (const { name } of relations) {
      const answer = await client
        .query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
        .catch((error: unknown) => {
          if (error instanceof pg.DatabaseError && error.code === FORBIDDEN) return undefined;
          throw error;
        });
      if (answer === undefined) continue;
      read.push(name);
      rows.push(...answer.rows.map(({ row }) => Buffer.from(`${row}\n`)));
    }
    const beyond = read.filter((name) => !name.startsWith('audit.'));
    const obtained = search.inAnyForm(Buffer.concat(rows));
    return {
      tried: `each of ${relations.length} tables and views as the auditors’ database role: ${read.length} readable, ${rows.length} rows`,
      obtained,
      breaches: [
        ...beyond.map((name) => `The auditors’ role reads ${name}.`),
        ...(obtained.people.size === 0 ? [] : [`The auditors’ role reads of ${obtained.describe()}.`]),
      ],
    };
  } finally {
    await client.end();
  }
}

/** Steps by which a role becomes more than it is. */
const STEPS = [
  'SET ROLE sceau_app',
  'SET ROLE sceau_sequencer',
  "SELECT pg_read_file('PG_VERSION')",
  "COPY (SELECT 1) TO PROGRAM 'true'",
  "SELECT lo_import('/etc/hostname')",
  'CREATE TABLE audit.planted (t text)',
] as const;

async function actsInDatabase({ database, search }: DrilledSystem): Promise<Attempt> {
  const role = await TryingRole.connect(database.auditorUrl);
  const functions = await functionsOf(database);
  const callable = await database.query<{ name: string }>(
    `SELECT name FROM unnest($1::text[]) AS name JOIN pg_proc p ON p.oid = name::regprocedure
     WHERE has_function_privilege('sceau_auditor', p.oid, 'EXECUTE')
       AND has_schema_privilege('sceau_auditor', p.pronamespace, 'USAGE')`,
    [functions],
  );
  const allowed = callable.map(({ name }) => name);
  try {
    for (const step of STEPS) if (typeof (await role.attempt(step)) === 'number') allowed.push(step);
  } finally {
    await role.end();
  }
  return {
    tried: `${functions.length} functions and ${STEPS.length} ways to become more as that role: ${allowed.length} allowed`,
    obtained: search.inText(''),
    breaches: allowed.map((what) => `The auditors’ role may do this: ${what}.`),
  };
}
