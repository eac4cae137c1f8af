import pg from 'pg';
import { leftInFiles, masterKeyOf } from './destroyed-master-key.ts';
import { CONSENT } from '../../../src/sealing/rotation/master-rotation.js';
import { SubjectKeys } from '../../../src/sealing/index.js';
import { KeyProvider } from '../../../src/sealing/providers/key-provider.js';
import { SEALED_TABLES } from '../../../src/sealing/rotation/sealed-rows.js';
import { eventually } from '../../support/eventually.js';
import { valuesOf } from '../../integration/sealing/sealed-values.js';
import type { Candidate } from '../population/candidate.ts';
import { Loot } from '../population/loot.ts';
import { hasDocument } from '../population/person.ts';
import { peopleAt, SignedIn } from '../population/signed-in.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { backUpDocuments, type BackedUpDocument, contentsOf } from './backed-up-documents.ts';
import type { Attempt, DrillRow } from './row.ts';

const KEYS = 'keys.subject_key';

/** Rows of one person, as a backup of that moment has them. */
interface Backup {
  readonly rows: readonly { readonly table: string; readonly row: string }[];
  readonly keys: readonly { readonly table: string; readonly row: string }[];
  readonly documents: readonly BackedUpDocument[];
}

export const a9: DrillRow = {
  id: 'A9',
  attacker: 'a backup older than a candidate’s erasure',
  promise: 'nothing about that candidate once the master-key version of that time is destroyed',
  noticedWithinMs: null,
  noticedBy: null,
  async play(system) {
    const people = peopleAt(system.population.agencies.at(-1));
    const victim = people.find(({ person }) => hasDocument(person));
    const other = people.find((candidate) => candidate !== victim);
    if (victim === undefined || other === undefined) throw new Error('The last agency has two applicants.');
    const backup = await backupOf(system, victim);
    const { documents } = backup;
    const owner = await SignedIn.as(victim, system.url);
    await erase(system, owner, victim);
    const dataAlone = await restored(
      system,
      victim,
      { rows: backup.rows, documents },
      'the data put back beside the key store as it is now',
    );
    const whole = { rows: [...backup.rows, ...backup.keys], documents };
    const before = await restored(system, victim, whole, 'the same with its keys');
    if (!before.tried.endsWith('1 of 1 documents') || before.obtained.people.size === 0)
      throw new Error('The backup does not open even with its keys: it is none.');
    const master = await masterKeyOf(system);
    await destroyMasterKey(system);
    const attempts = [
      looksThrough(system, backup),
      dataAlone,
      await restored(
        system,
        victim,
        whole,
        'data and keys put back once their master-key version is destroyed',
        () => signsIn(system, owner),
      ),
      await unwraps(system, backup),
      await leftInFiles(system, master),
    ];
    await othersStillOpen(system, other);
    return { attempts, noticedAfterMs: null, naming: null };
  },
};

async function backupOf(system: DrilledSystem, victim: Candidate): Promise<Backup> {
  const { database } = system;
  const { id } = victim;
  const take = async (table: string, owned: string) => {
    const found = await database.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM ${table} t WHERE ${owned}`,
      [id],
    );
    return found.map(({ row }) => ({ table, row }));
  };
  const rows = [];
  for (const { table, owned } of SEALED_TABLES) rows.push(...(await take(table, owned)));
  const keys = await take(KEYS, 'subject_id = $1::uuid');
  return { rows, keys, documents: await backUpDocuments(system, victim) };
}

/** By the candidate themself; until the last row is gone. */
async function erase({ database }: DrilledSystem, owner: SignedIn, { id }: Candidate): Promise<void> {
  await owner.stepUp();
  const { status } = await owner.client.request('/v1/me', { method: 'DELETE' });
  if (status !== 202) throw new Error(`The candidate is not erased: ${status}.`);
  await eventually('the erased rows being gone', async () => {
    const rows = await database.query(
      'SELECT FROM privacy.erasure WHERE candidate_id = $1 AND emptied_at IS NOT NULL',
      [id],
    );
    return rows.length > 0 ? rows : undefined;
  });
}

/** Puts rows into the running system as if they had never gone, sees what opens, and takes them out again. */
async function restored(
  { database, app, search }: DrilledSystem,
  { id, person }: Candidate,
  { rows, documents }: Omit<Backup, 'keys'>,
  how: string,
  meanwhile: () => Promise<readonly string[]> = () => Promise.resolve([]),
): Promise<Attempt> {
  const keys = app.get(SubjectKeys, { strict: false });
  const obtained = new Loot();
  await pastEveryWall(database.ownerUrl, async (client) => {
    for (const { table, row } of rows)
      await client.query(
        `INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, $1::jsonb) ON CONFLICT DO NOTHING`,
        [row],
      );
  });
  keys.forget(id);
  const values = await valuesOf(database, app, id);
  const contents = await contentsOf(documents, values);
  for (const text of [...values.map((value) => value.text ?? ''), ...contents])
    obtained.addAll(search.inText(text));
  const breaches = await meanwhile();
  await pastEveryWall(database.ownerUrl, async (client) => {
    await client.query(`DELETE FROM ${KEYS} WHERE subject_id = $1`, [id]);
    for (const { table, owned } of SEALED_TABLES)
      await client.query(`DELETE FROM ${table} WHERE ${owned}`, [id]);
  });
  keys.forget(id);
  const opened = values.filter(({ text }) => text !== undefined).length;
  return {
    tried: `${how}: ${opened} of ${values.length} sealed values open, and ${contents.length} of ${documents.length} documents`,
    obtained,
    breaches: [
      ...breaches,
      ...(opened === 0 ? [] : [`${opened} value(s) of the erased candidate ${person} open.`]),
    ],
  };
}

/** As whoever restores a database: without its triggers and references, all or nothing. */
async function pastEveryWall(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("BEGIN; SET LOCAL session_replication_role = 'replica'");
    await work(client);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

/** With every factor that the person has. @returns the breach, if they come in */
async function signsIn({ url }: DrilledSystem, { person }: SignedIn): Promise<readonly string[]> {
  const status = await SignedIn.tried(person, url);
  return status === 401 ? [] : [`The erased candidate’s sign-in is answered ${status}.`];
}

/** The operator's own commands, which do not wait for the last backup to expire. */
async function destroyMasterKey(system: DrilledSystem): Promise<void> {
  for (const words of [
    ['keys', 'rotate'],
    ['keys', 'rewrap'],
    ['keys', 'retire', '1', '--now', CONSENT],
  ]) {
    const { code, output } = await system.command(...words);
    if (code !== 0) throw new Error(`sceau ${words.join(' ')}: ${output}`);
  }
}

function looksThrough({ search }: DrilledSystem, { rows, keys, documents }: Backup): Attempt {
  const all = [...rows, ...keys];
  // Bytes stand in hexadecimal in it, in which the search looks as well.
  const text = Buffer.from(all.map(({ row }) => row).join('\n'));
  const obtained = search.inAnyForm(Buffer.concat([text, ...documents.map(({ sealed }) => sealed)]));
  return {
    tried: `the backup itself, looked through: ${rows.length} rows of the candidate, ${documents.length} document(s) and ${keys.length} wrapped key(s)`,
    obtained,
    breaches: obtained.people.size === 0 ? [] : [`The backup says in clear: ${obtained.describe()}.`],
  };
}

/** Of the rows of the key store. */
interface WrappedRow {
  readonly version: number;
  readonly wrapped: string;
  readonly master_version: number;
  readonly subject_id: string;
}

/** As somebody in the process asks the key provider, by each version that there still is. */
async function unwraps({ app }: DrilledSystem, { keys }: Backup): Promise<Attempt> {
  const provider = app.get(KeyProvider, { strict: false });
  const { usable } = await provider.versions();
  const wrapped = keys.map(({ row }): WrappedRow => JSON.parse(row));
  const answers = await provider.unwrapMany(
    wrapped.flatMap(({ version, wrapped: hex, master_version: of, subject_id: owner }) =>
      [...new Set([of, ...usable])].map((masterVersion) => ({
        wrapped: Buffer.from(hex.replace(/^\\x/, ''), 'hex'),
        masterVersion,
        context: { purpose: 'subject-key', owner, version } as const,
      })),
    ),
  );
  const opened = answers.filter(({ ok }) => ok).length;
  return {
    tried: `its wrapped keys, by the destroyed master-key version and by each of ${usable.length} that are left: ${opened} of ${answers.length} unwrap`,
    obtained: new Loot(),
    breaches: opened === 0 ? [] : [`${opened} key(s) of the erased candidate unwrap.`],
  };
}

/** A rotation that had shut everybody out would keep the promise as well. */
async function othersStillOpen({ url }: DrilledSystem, other: Candidate): Promise<void> {
  const { client, person } = await SignedIn.as(other, url);
  const { body } = await client.request('/v1/me/profile');
  if (!JSON.stringify(body).includes(person.email)) throw new Error('Nobody else’s data opens any more.');
}
