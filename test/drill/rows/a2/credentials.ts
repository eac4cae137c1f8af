import { createHash, randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import { Authenticator } from '../../../../tools/client/authenticator.ts';
import { AgencyClient } from '../../../../tools/client/agency.ts';
import { newId } from '../../../../src/kernel/ids.js';
import { Loot } from '../../population/loot.ts';
import { personOf } from '../../population/person.ts';
import type { Attempt } from '../row.ts';
import { passkey } from './planted-passkey.ts';
import { type Answer, type Planting, request } from './planting.ts';
import type { Scene } from './swaps.ts';
import { tickets } from './tickets.ts';
import { AS_IDENTITY, AS_SYSTEM } from './writer.ts';

const PLANTED_CLIENT = newId<'client'>(Date.now());
/** Badly formed, too many, or out of order: whether a credential counts is not what was answered. */
const UNHEARD: ReadonlySet<number> = new Set([400, 422, 429, 500, 503]);
const CHOSEN = 'douze hérons gris sur la vase';

const token = randomBytes(32).toString('base64url');
const copied = (...columns: readonly string[]) =>
  `UPDATE identity.account SET ${columns.map((name) => `${name} = (SELECT ${name} FROM identity.account WHERE id = $1)`).join(', ')} WHERE id = $2`;

/** As the victim, with what the thief knows. */
async function signInAsVictim({ system, thief, victim }: Scene, password: string): Promise<Answer[]> {
  const { totpSecret } = personOf(thief.person);
  const { email } = personOf(victim.person);
  const code = await new Authenticator(totpSecret).code();
  return request(system.url, '/v1/sessions', { email, password, code, transport: 'token' });
}

const PLANTINGS: readonly Planting[] = [
  {
    what: 'a hash of a chosen password',
    async write({ writer, victim }) {
      const hash = await argon2.hash(CHOSEN, { memoryCost: 1_024, timeCost: 2, parallelism: 1 });
      const statement = 'UPDATE identity.account SET password_hash = $1 WHERE id = $2';
      const plain = await writer.write(statement, [Buffer.from(hash), victim.id], AS_IDENTITY);
      const dressed = Buffer.concat([Buffer.from([0xc5, 1, 0, 0, 0, 1]), Buffer.from(hash)]);
      return [plain, await writer.write(statement, [dressed, victim.id], AS_IDENTITY)];
    },
    use: (scene) => signInAsVictim(scene, CHOSEN),
  },
  {
    what: 'the own sealed password, authenticator and recovery codes',
    write: async ({ writer, thief, victim }) => [
      await writer.write(
        copied('password_hash', 'totp_secret', 'recovery_codes', 'mac', 'revision'),
        [thief.id, victim.id],
        AS_IDENTITY,
      ),
    ],
    use: (scene) => signInAsVictim(scene, personOf(scene.thief.person).password),
  },
  {
    what: 'an operator’s sealed role',
    write: async ({ writer, thief, system }) => [
      await writer.write(copied('role'), [system.population.operator.id, thief.id], AS_IDENTITY),
    ],
    use: async ({ client }) => {
      const answer = await client.request('/v1/operator/agencies');
      const again = await client.request('/v1/audit/events');
      return [answer, again].map(({ status, body }) => ({ status, text: JSON.stringify(body ?? '') }));
    },
  },
  {
    what: 'a session with a chosen token',
    write: async ({ writer, thief, victim, system }) => {
      const [own] = await system.database.query<{ row: Record<string, unknown> }>(
        'SELECT to_jsonb(s) AS row FROM identity.session s WHERE account_id = $1 LIMIT 1',
        [thief.id],
      );
      const planted = {
        ...own?.row,
        id: newId<'session'>(Date.now()),
        account_id: victim.id,
        token_hash: `\\x${createHash('sha256').update(token).digest('hex')}`,
      };
      const statement =
        'INSERT INTO identity.session SELECT (jsonb_populate_record(NULL::identity.session, $1)).*';
      return [await writer.write(statement, [planted], AS_IDENTITY)];
    },
    use: ({ system }) => request(system.url, '/v1/me/profile', undefined, token),
  },
  {
    what: 'the own OAuth client at another agency',
    write: async ({ writer, agency, system }) => {
      const [row] = await system.database.query<{ row: Record<string, unknown> }>(
        'SELECT to_jsonb(c) AS row FROM agencies.client c WHERE id = $1',
        [agency.clientId],
      );
      const planted = { ...row?.row, id: PLANTED_CLIENT, agency_id: system.population.agencies[0].agencyId };
      const insert =
        'INSERT INTO agencies.client SELECT (jsonb_populate_record(NULL::agencies.client, $1)).*';
      const update = 'UPDATE agencies.client SET agency_id = $1 WHERE id = $2';
      return [
        await writer.write(insert, [planted], AS_SYSTEM),
        await writer.write(update, [planted.agency_id, agency.clientId], AS_SYSTEM),
      ];
    },
    async use({ system, agency }) {
      const answers: Answer[] = [];
      for (const clientId of [PLANTED_CLIENT, agency.clientId]) {
        const client = await AgencyClient.connect(system.url, { ...agency.credentials, clientId });
        const isIn = await client.authorise(['applications:read']).then(
          () => true,
          () => false,
        );
        if (!isIn) continue;
        for (const { application } of system.population.agencies[0].applicants.slice(0, 3)) {
          const { status, body } = await client.request(`/v1/agency/applications/${application}`, {
            headers: { purpose: 'review' },
          });
          answers.push({ status, text: JSON.stringify(body ?? '') });
        }
      }
      return answers;
    },
  },
];

/** Each credential that could be planted, used at once and taken away again. */
export async function credentialsPlanted(scene: Scene): Promise<readonly Attempt[]> {
  const { system, writer, thief, victim, agency } = scene;
  const attempts: Attempt[] = [];
  for (const { what, prepare, write, use } of [...PLANTINGS, passkey, tickets]) {
    const rows = [
      ['identity.account', 'id', thief.id],
      ['identity.account', 'id', victim.id],
      ['agencies.client', 'id', agency.clientId],
    ] as const;
    const obtained = new Loot();
    await prepare?.(scene);
    const { outcomes, honoured, unheard } = await writer.whileChanged(rows, async () => {
      const written = await write(scene);
      const answers = await use(scene);
      for (const { text } of answers) obtained.addAll(system.search.inText(text));
      return {
        outcomes: written,
        honoured: answers.filter(({ status }) => status < 400).length,
        unheard: answers.filter(({ status }) => UNHEARD.has(status)).length,
      };
    });
    await writer.clear();
    await system.database.query('DELETE FROM identity.session WHERE account_id = $1', [victim.id]);
    await system.database.query('DELETE FROM agencies.client WHERE id = $1', [PLANTED_CLIENT]);
    const accepted = outcomes.filter((outcome) => typeof outcome === 'number' && outcome > 0).length;
    attempts.push({
      tried: `${what} planted: ${accepted} of ${outcomes.length} writes accepted, ${honoured} request(s) honoured`,
      obtained,
      breaches: [
        ...(accepted === 0 ? [`Not tried, as every write was refused: ${what}.`] : []),
        ...(unheard === 0 ? [] : [`Not tried, as ${unheard} request(s) were not looked at: ${what}.`]),
        ...(honoured === 0 ? [] : [`Planted and honoured: ${what}.`]),
        ...(obtained.people.size === 0 ? [] : [`By ${what}: ${obtained.describe()}.`]),
      ],
    });
  }
  return attempts;
}
