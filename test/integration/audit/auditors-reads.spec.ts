import type { OpenAPIObject } from '@nestjs/swagger';
import type { PersonClient } from '../../../tools/client/person.ts';
import { signInStaff } from '../../support/staff.js';
import { operationsOf } from '../../support/operations.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { items } from './fixture.js';

/** Each route of the auditors, as it is asked, and what it leaves behind. */
const READS = [
  ['/v1/audit/events', 'audit.listed'],
  ['/v1/audit/events/{id}', 'audit.entry_read'],
  ['/v1/audit/events/{id}/proof', 'audit.proof_read'],
  ['/v1/audit/checkpoints', 'audit.checkpoints_listed'],
  ['/v1/audit/consistency?from=1&to=2', 'audit.consistency_read'],
  ['/v1/audit/summary?by=action', 'audit.summary_read'],
  ['/v1/audit/alerts', 'audit.alerts_listed'],
  ['/v1/audit/export?format=ndjson', 'audit.exported'],
  ['/v1/audit/export?format=csv', 'audit.exported'],
  ['/v1/audit/export?format=ocsf', 'audit.exported'],
] as const;

describe('auditors’ reads', () => {
  let sceau: Sceau;
  let auditor: PersonClient;
  let id: string;

  beforeAll(async () => {
    sceau = await startSceau();
    auditor = await signInStaff(sceau, 'auditor');
    const [first] = items((await auditor.request('/v1/audit/events?limit=1')).body);
    id = String(first?.['id']);
  }, 60_000);

  afterAll(() => sceau.stop());

  const signedEntries = (requestId: string | null) =>
    sceau.database.query<{ action: string; actor_kind: string; outcome: string }>(
      `SELECT e.action, e.actor_kind, e.outcome FROM audit.entry e
       WHERE e.request_id = $1 AND e.leaf_index < (SELECT size FROM audit.signed_head)`,
      [requestId],
    );

  it.each(READS)('%s is in the signed tree before it is answered', async (path, action) => {
    const answer = await auditor.request(path.replace('{id}', id), { headers: { accept: '*/*' } });
    expect(answer.status).toBe(200);
    expect(await signedEntries(answer.headers.get('x-request-id'))).toEqual([
      { action, actor_kind: 'auditor', outcome: 'allowed' },
    ]);
  });

  it('leaves no route of the auditors out', async () => {
    const contract: OpenAPIObject = JSON.parse(JSON.stringify((await auditor.request('/openapi.json')).body));
    const routes = operationsOf(contract).filter(({ audience }) => audience === 'auditor');
    const covered = new Set(READS.map(([path]) => path.split('?')[0]));
    expect(routes.filter(({ path }) => !covered.has(path)).map(({ path }) => path)).toEqual([]);
    expect(routes).toHaveLength(covered.size);
  });

  it('gives nothing away while the ledger cannot be written', async () => {
    await sceau.database.query(
      'REVOKE EXECUTE ON FUNCTION audit.append(uuid[], uuid[], bigint[], bytea[], bytea[], bytea[]) FROM sceau_app',
    );
    try {
      const statuses: number[] = [];
      for (const [path] of READS) {
        const answer = await auditor.request(path.replace('{id}', id), { headers: { accept: '*/*' } });
        statuses.push(answer.status);
      }
      expect(statuses).toEqual(READS.map(() => 503));
    } finally {
      await sceau.database.query(
        'GRANT EXECUTE ON FUNCTION audit.append(uuid[], uuid[], bigint[], bytea[], bytea[], bytea[]) TO sceau_app',
      );
    }
  });
});
