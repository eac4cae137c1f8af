import pg from 'pg';
import { systemCode } from '../../../src/kernel/errors.js';
import { createAgency } from '../../support/actors.js';
import { linkOutright } from '../../support/federation.js';
import { tellAffected } from '../../support/incidents.js';
import { leaveCanariesWaiting } from '../../support/leavings.js';
import { addPasskey } from '../../support/passkeys.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { type Applicant, applyTo, publishVacancy } from './applicants.js';
import { type SealedColumn, sealedColumns } from './sealed-columns.js';

const CHECK_VIOLATION = '23514';

const filled = (start: readonly number[] | string, length = 200): Buffer => {
  const head = typeof start === 'string' ? Buffer.from(start) : Buffer.from(start);
  return Buffer.concat([head, Buffer.alloc(Math.max(0, length - head.length), ' ')]);
};

const UNSEALED: readonly (readonly [string, Buffer])[] = [
  ['a text', filled('12 bis quai de la Douane')],
  ['a text that begins with a byte like ours', filled('Åse Ödegård')],
  ['JSON', filled('{"city":"Brest","country":"FR"}')],
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.from([0xc5])],
  ['zeros', Buffer.alloc(200)],
  ['the head alone', Buffer.from([0xc5, 0x01])],
  ['a head with less than the least sealed value after it', filled([0xc5, 0x01], 97)],
  ['another format', filled([0xc5, 0x02])],
  ['the head after something else', filled([0x20, 0xc5, 0x01])],
  ['the head in hexadecimal', filled('c501')],
];

/** Whatever way plaintext takes to a column that holds sealed values, it is refused there. */
describe('columns of sealed values', () => {
  let sceau: Sceau;
  let applicant: Applicant;
  let agencyId: string;
  let columns: readonly SealedColumn[];
  let app: pg.Pool;
  let owner: pg.Pool;

  beforeAll(async () => {
    sceau = await startSceau();
    const agency = await createAgency(sceau);
    agencyId = agency.agencyId;
    applicant = await applyTo(sceau, await publishVacancy(agency, sceau.clock.now()), 'Nolwenn');
    const path = `/v1/agency/applications/${applicant.application}/transitions`;
    await agency.client.request(path, {
      body: { to: 'under_review', publicNote: 'Merci.' },
      headers: { 'if-match': '"r3"' },
    });
    const read = { headers: { purpose: 'review' } };
    await agency.client.request(`/v1/agency/applications/${applicant.application}`, read);
    await tellAffected(sceau, agencyId);
    await leaveCanariesWaiting(sceau);
    const webhook = { url: 'https://127.0.0.1/', events: ['application.submitted'] };
    await agency.client.request('/v1/agency/webhooks', { body: webhook });
    const agreements = [{ purpose: 'talent_pool', version: 1 }];
    await applicant.client.request('/v1/me/consents', { method: 'PUT', body: { agreements } });
    const equality = { method: 'PUT', body: { sex: 'female' }, headers: { 'if-match': '"r0"' } };
    await applicant.client.request('/v1/me/diversity', equality);
    await addPasskey(applicant.actor.client);
    await applicant.actor.client.request('/v1/me/totp', { method: 'POST', body: {} });
    await linkOutright(sceau, applicant.id);
    await applicant.client.request('/v1/registrations', {
      body: { email: 'lien@example.fr', password: applicant.actor.password, locale: 'fr' },
    });
    await sceau.mailTo('lien@example.fr');
    await sceau.worker.close();
    // Nobody looks into it, or sends it, any more.
    const [recoveryCode] = applicant.actor.recoveryCodes;
    const { email, password } = applicant.actor;
    await applicant.client.request('/v1/sessions', {
      body: { email, password, recoveryCode, transport: 'token' },
    });
    await applicant.client.request('/v1/registrations', {
      body: { email: 'personne@example.fr', password: applicant.actor.password, locale: 'fr' },
    });
    await applicant.client.request('/v1/password/forgotten', { body: { email: 'personne@example.fr' } });
    columns = await sealedColumns(sceau.database);
    app = new pg.Pool({ connectionString: sceau.database.appUrl, max: 1 });
    owner = new pg.Pool({ connectionString: sceau.database.ownerUrl, max: 1 });
  }, 60_000);

  afterAll(async () => {
    await app.end();
    await owner.end();
    await sceau.app.close();
    await sceau.database.drop();
  });

  /** A row that the product has written, or would. */
  async function rowOf({ name, column }: SealedColumn): Promise<object> {
    const rows = await sceau.database.query<{ row: object }>(
      `SELECT to_jsonb(t) AS row FROM ${name} t ORDER BY "${column}" IS NULL LIMIT 1`,
    );
    const [found] = rows;
    if (found === undefined)
      throw new Error(`Nothing stands in ${name} yet: have this test’s set-up write there.`);
    return found.row;
  }

  /** The row once more with these bytes in the column. @returns the SQLSTATE that refused it */
  async function refusal(
    client: Pick<pg.ClientBase, 'query'>,
    { name, column }: SealedColumn,
    row: object,
    bytes: Buffer,
  ): Promise<string> {
    const names = Object.keys(row)
      .map((field) => `"${field}"`)
      .join(', ');
    const changed = { ...row, [column]: `\\x${bytes.toString('hex')}` };
    const insert = `INSERT INTO ${name} (${names}) SELECT ${names} FROM jsonb_populate_record(NULL::${name}, $1)`;
    await client.query('SAVEPOINT before');
    try {
      await client.query(insert, [changed]);
      return 'accepted';
    } catch (error) {
      await client.query('ROLLBACK TO before');
      return systemCode(error) ?? 'unknown';
    }
  }

  async function inTransaction(
    pool: pg.Pool,
    scope: Record<string, string>,
    work: (client: pg.PoolClient) => Promise<void>,
  ) {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      for (const [name, value] of Object.entries(scope)) {
        await client.query('SELECT set_config($1, $2, true)', [`sceau.${name}`, value]);
      }
      await work(client);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  }

  const scopes = (): readonly Record<string, string>[] => [
    { scope: 'system' },
    { scope: 'identity' },
    { scope: 'candidate', candidate_id: applicant.id },
    { scope: 'agency', agency_id: agencyId },
  ];

  it('are found in the catalogue', () => {
    expect(columns.length).toBeGreaterThanOrEqual(22);
  });

  it('refuse the owner', async () => {
    await inTransaction(owner, {}, async (client) => {
      for (const column of columns) {
        const row = await rowOf(column);
        for (const [what, bytes] of UNSEALED) {
          const outcome = await refusal(client, column, row, bytes);
          expect([column.name, column.column, what, outcome]).toEqual([
            column.name,
            column.column,
            what,
            CHECK_VIOLATION,
          ]);
        }
      }
    });
  });

  it('refuse the application, in whatever scope it may write there', async () => {
    for (const column of columns) {
      const row = await rowOf(column);
      const outcomes = new Set<string>();
      for (const scope of scopes()) {
        await inTransaction(app, scope, async (client) => {
          for (const [, bytes] of UNSEALED) outcomes.add(await refusal(client, column, row, bytes));
        });
      }
      // Where row-level security or a missing right does not stop it first, the CHECK does.
      outcomes.delete('42501');
      expect([column.name, column.column, ...outcomes]).toEqual([
        column.name,
        column.column,
        CHECK_VIOLATION,
      ]);
    }
  });

  it('take what has the form of a sealed value: only that the row is there already stands in its way', async () => {
    await inTransaction(owner, {}, async (client) => {
      for (const column of columns) {
        const outcome = await refusal(client, column, await rowOf(column), filled([0xc5, 0x01], 98));
        expect([column.name, column.column, outcome]).toEqual([column.name, column.column, '23505']);
      }
    });
  });
});
