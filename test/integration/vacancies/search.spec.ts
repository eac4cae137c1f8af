import pg from 'pg';
import { PersonClient } from '../../../tools/client/person.ts';
import { type AgencyActor, createAgency, record } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { change, type Posted, publish } from './fixture.js';

describe('the search among vacancies', () => {
  let sceau: Sceau;
  let agency: AgencyActor;
  /** Whose vacancies come and go. */
  let other: AgencyActor;
  let anyone: PersonClient;
  let posts: ReadonlyMap<string, Posted>;

  const TEXTS: Readonly<Record<string, readonly [title: string, description: string]>> = {
    nurse: [
      'Infirmière ou infirmier de nuit',
      'Vous soignez, à l’hôpital, les patients du service des urgences.',
    ],
    head: [
      'Cheffe du bureau des marchés',
      'Elle ou il est chargé.e des œuvres sociales. Aide-soignante bienvenue.',
    ],
    archives: [
      'Archiviste',
      'Les fonds de la préfecture ; les employées du dépôt ; la sécurité des lieux, la nuit aussi.',
    ],
    records: ['Directrice des archives départementales', 'Vous dirigez une équipe.'],
    driver: ['Chauffeur du maire', 'Conduite de nuit ; remise en état des archives du garage.'],
  };

  beforeAll(async () => {
    sceau = await startSceau();
    agency = await createAgency(sceau);
    other = await createAgency(sceau, 'Région Bretagne');
    anyone = new PersonClient(sceau.url);
    const made: [string, Posted][] = [];
    for (const [name, [title, description]] of Object.entries(TEXTS))
      made.push([name, await publish(agency, { title, description })]);
    posts = new Map(made);
  }, 60_000);

  afterAll(() => sceau.stop());

  const page = async (query: string) => {
    const { status, body } = await anyone.request(`/v1/vacancies?${query}`);
    const { items, nextCursor } = record(body);
    const ids = (Array.isArray(items) ? items : []).map((item: unknown) => String(record(item)['id']));
    const names = ids.map((id) => [...posts].find(([, post]) => post.id === id)?.[0] ?? id);
    return { status, names, next: typeof nextCursor === 'string' ? nextCursor : undefined };
  };
  const found = async (words: string, { agencyId } = agency) =>
    (await page(`agency=${agencyId}&q=${encodeURIComponent(words)}`)).names;

  it.each([
    ['infirmier', ['nurse']],
    ['INFIRMIÈRES', ['nurse']],
    ['infirmieres', ['nurse']],
    ['hopitaux', ['nurse']],
    ['urgence', ['nurse']],
    ['l’hôpital', ['nurse']],
    ["l'hopital", ['nurse']],
    ['chef', ['head']],
    ['cheffes', ['head']],
    ['chargée', ['head']],
    ['chargé·e', ['head']],
    ['oeuvre', ['head']],
    ['aide soignant', ['head']],
    ['marche', ['head']],
    ['employé', ['archives']],
    ['employees', ['archives']],
    ['prefectures', ['archives']],
    ['SECURITE', ['archives']],
    ['directeur', ['records']],
    ['departemental', ['records']],
    ['boulanger', []],
    ['archi*', ['records', 'archives', 'driver']],
    ['INFIRMIÈ*', ['nurse']],
    ['l’hôpi*', ['nurse']],
    ['directric*', []],
    ['directrice*', ['records']],
    ['nuit garag* ', ['driver']],
    ['nuit dép*', ['archives']],
    ['"archives dép*"', []],
    ['ar*', []],
  ])('finds by %s', async (words, names) => {
    expect(await found(words)).toEqual(names);
  });

  it('finds the same by what is typed with accents and without, composed or not', async () => {
    for (const text of Object.values(TEXTS).flat()) {
      const typed = text.replaceAll(/[’;:.]/g, ' ');
      const [row] = await sceau.database.query(
        `SELECT vacancies.sought($1) = vacancies.sought($2) AND vacancies.sought($1) = vacancies.sought($3) AS same`,
        [
          typed,
          typed.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('œ', 'oe'),
          typed.normalize('NFD'),
        ],
      );
      expect([text, row]).toEqual([text, { same: true }]);
    }
  });

  it('puts what has the words in its title first, each newest first', async () => {
    expect(await found('archives')).toEqual(['records', 'archives', 'driver']);
    expect(await found('nuit')).toEqual(['nurse', 'driver', 'archives']);
  });

  it('takes phrases and exclusions, from titles and texts alike', async () => {
    expect(await found('"archives départementales"')).toEqual(['records']);
    expect(await found('« archives du garage »')).toEqual(['driver']);
    expect(await found('archives -garage')).toEqual(['records', 'archives']);
    expect(await found('-archives -nuit')).toEqual(['head']);
  });

  it('leaves words out that say nothing', async () => {
    const all = ['driver', 'records', 'archives', 'head', 'nurse'];
    for (const words of ['les', 'de la', '« » -', ' '])
      expect([words, await found(words)]).toEqual([words, all]);
    expect(await found('les archives de la')).toEqual(['records', 'archives', 'driver']);
  });

  it('goes on after each page, over both kinds, without missing or repeating any', async () => {
    const names: string[] = [];
    let cursor = '';
    do {
      const { names: some, next = '' } = await page(`q=nuit&limit=1${cursor}`);
      names.push(...some);
      cursor = next === '' ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    expect(names).toEqual(['nurse', 'driver', 'archives']);
    const { next = '' } = await page('q=nuit&limit=1');
    expect((await page(`q=archives&limit=1&cursor=${next}`)).status).toBe(400);
  });

  it('finds what it finds now: changed, closed and published again', async () => {
    const post = await publish(other, { title: 'Fauconnier' });
    expect(await found('fauconniere', other)).toEqual([post.id]);
    expect((await change(other, post, { title: 'Autoursier' })).status).toBe(200);
    expect(await found('fauconniere', other)).toEqual([]);
    expect(await found('autoursiers', other)).toEqual([post.id]);
    expect((await change(other, { ...post, revision: post.revision + 1 }, 'close')).status).toBe(200);
    expect(await found('autoursier', other)).toEqual([]);
    expect((await change(other, { ...post, revision: post.revision + 2 }, 'publish')).status).toBe(200);
    expect(await found('autoursier', other)).toEqual([post.id]);
    expect((await change(other, { ...post, revision: post.revision + 3 }, 'archive')).status).toBe(200);
    expect(await found('autoursier', other)).toEqual([]);
  });

  it('is narrowed by every filter together with words', async () => {
    const there = { department: '987', category: 'C', contract: 'internship', remote: 'full' };
    const post = await publish(other, { ...there, title: 'Perliculteur' });
    await publish(other, { ...there, category: 'B', title: 'Perlicultrice' });
    const query = `q=perliculteur&agency=${other.agencyId}&department=987&category=C&contract=internship&remote=full`;
    expect((await page(query)).names).toEqual([post.id]);
    expect((await page(query.replace('internship', 'open_ended'))).names).toEqual([]);
    const counted = (more: string) => anyone.request(`/v1/vacancies/counts?agency=${other.agencyId}&${more}`);
    const { status, body, headers } = await counted('q=perli*&category=C&openOn=2098-12-31');
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=60']);
    expect(body).toEqual({
      total: 1,
      department: [{ value: '987', count: 1 }],
      category: ['B', 'C'].map((value) => ({ value, count: 1 })),
      contract: [{ value: 'internship', count: 1 }],
      remote: [{ value: 'full', count: 1 }],
    });
    const none = { total: 0, department: [], category: [], contract: [], remote: [] };
    expect((await counted('q=perliculteur -perliculteur')).body).toEqual(none);
    expect((await counted('openOn=2099-01-03')).body).toEqual(none);
    expect((await counted('q=de la')).body).toMatchObject({ total: 2, category: [{}, {}] });
    expect(await counted('limit=2')).toMatchObject({ status: 400, body: { code: 'unknown_member' } });
  });

  it('neither shows nor counts what an agency has that we have not made', async () => {
    const post = await publish(other, { title: 'Taxidermiste' });
    const counted = async () => record((await anyone.request('/v1/vacancies/counts?q=taxid*')).body)['total'];
    expect(await counted()).toBe(1);
    await sceau.database.query(
      `WITH planted AS (INSERT INTO agencies.agency (id, name, created_at, mode, mode_mac)
         SELECT gen_random_uuid(), name, created_at, mode, mode_mac FROM agencies.agency WHERE id = $1 RETURNING id)
       INSERT INTO vacancies.vacancy (id, agency_id, mode, status, title, description, department, category, contract,
         remote, deadline, time_zone, openings, questions, required_documents, anonymous_review, created_at, published_at)
       SELECT gen_random_uuid(), planted.id, mode, status, title, '', department, category, contract, remote, deadline,
         time_zone, openings, questions, required_documents, anonymous_review, created_at, published_at
       FROM vacancies.vacancy, planted WHERE vacancy.id = $2`,
      [other.agencyId, post.id],
    );
    expect((await page('q=taxid*')).names).toEqual([post.id]);
    expect(await counted()).toBe(1);
  });

  it('finds beside what is new what is older than a thousand others', async () => {
    const old = await publish(other, { title: 'Sabotier' });
    await sceau.database.query(
      `INSERT INTO vacancies.vacancy (id, agency_id, mode, status, title, description, department, category, contract,
         remote, deadline, time_zone, openings, questions, required_documents, anonymous_review, created_at, published_at)
       SELECT gen_random_uuid(), agency_id, mode, status, 'Poste', '', department, category, contract, remote, deadline,
         time_zone, openings, questions, required_documents, anonymous_review, created_at, published_at
       FROM vacancies.vacancy, generate_series(1, 1100) WHERE id = $1`,
      [old.id],
    );
    const young = await publish(other, { title: 'Sabotière' });
    expect(await found('sabotier', other)).toEqual([young.id, old.id]);
  });

  it('asks an index for the words, as the application and for everybody', async () => {
    const client = new pg.Client({ connectionString: sceau.database.appUrl });
    await client.connect();
    await client.query(
      `SELECT set_config('sceau.scope', 'public', false), set_config('enable_seqscan', 'off', false)`,
    );
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT vacancy_id FROM vacancies.posting WHERE words @@ vacancies.sought('archives')`,
    );
    await client.end();
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(
      'Bitmap Index Scan on posting_words_idx',
    );
  });

  it('can be written by nobody but the database itself', async () => {
    const [may] = await sceau.database.query(
      `SELECT bool_or(has_table_privilege('sceau_app', 'vacancies.posting', p)) AS any
       FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p`,
    );
    expect(may).toEqual({ any: false });
  });
});
