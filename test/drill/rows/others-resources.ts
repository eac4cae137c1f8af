import type { OpenAPIObject } from '@nestjs/swagger';
import { exampleBodies } from '../../support/example-bodies.js';
import type { Operation } from '../../support/operations.js';
import type { Candidate } from '../population/candidate.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { requestTo, routesFor } from '../system/routes.ts';
import type { Intruder } from './intruder.ts';
import type { Attempt } from './row.ts';

/** Of each kind, so many of others' are tried. */
const EACH = 20;

interface Kind {
  /** With which the routes begin that take its ids. */
  readonly path: string;
  readonly table: string;
  readonly owner: 'candidate_id' | 'account_id';
}

const KINDS = {
  education: { path: '/v1/me/profile/education/', table: 'candidates.education', owner: 'candidate_id' },
  experience: { path: '/v1/me/profile/experience/', table: 'candidates.experience', owner: 'candidate_id' },
  languages: { path: '/v1/me/profile/languages/', table: 'candidates.language', owner: 'candidate_id' },
  documents: { path: '/v1/me/documents/', table: 'documents.document', owner: 'candidate_id' },
  applications: { path: '/v1/me/applications/', table: 'applications.application', owner: 'candidate_id' },
  sessions: { path: '/v1/me/sessions/', table: 'identity.session', owner: 'account_id' },
} as const satisfies Readonly<Record<string, Kind>>;

/**
 * What belongs to others, by its ids and with bodies that are right: only whose it is can be why it is refused. Anything
 * but 404 contradicts the promise, a 422 too: then ownership was never asked for.
 */
export async function othersById(
  system: DrilledSystem,
  intruder: Intruder,
  victim: Candidate,
): Promise<Attempt> {
  const contract: OpenAPIObject = JSON.parse(await (await fetch(`${system.url}/openapi.json`)).text());
  const bodies = exampleBodies(contract);
  const bodyFor = ({ method, path }: Operation): unknown =>
    bodies.find((example) => example.method === method && example.path === path)?.body;
  const routes = (await routesFor(system, 'candidate', 'person')).filter(({ hasId }) => hasId);
  const wishes = await Promise.all(
    Object.values(KINDS).map(async (kind) => ({
      routes: routes.filter(({ path }) => path.startsWith(kind.path)),
      ids: await idsOf(system, kind, victim),
    })),
  );
  const tried = wishes.reduce((sum, { routes: own }) => sum + own.length, 0);
  return intruder.attempt(
    `${Object.keys(KINDS).join(', ')} of others by their ids, with bodies that are right, on ${tried} routes`,
    async () => {
      for (const { routes: own, ids } of wishes)
        for (const route of own)
          for (const id of ids) {
            const headers = { 'if-match': '*', 'idempotency-key': crypto.randomUUID() };
            const [path, options] = requestTo(route, id, headers);
            const body = route.hasBody ? { body: bodyFor(route) ?? {} } : {};
            await intruder.ask(path, { ...options, ...body });
          }
    },
    { isHarmless: ({ status }) => status === 404 },
  );
}

async function idsOf(
  { database }: DrilledSystem,
  { table, owner, path }: Kind,
  victim: Candidate,
): Promise<readonly string[]> {
  const rows = await database.query<{ id: string }>(
    `SELECT id FROM ${table} WHERE ${owner} <> $1 ORDER BY id LIMIT ${EACH}`,
    [victim.id],
  );
  if (rows.length === 0) throw new Error(`Nobody else has anything under ${path}.`);
  return rows.map(({ id }) => id);
}
