import { createDemo, type DemoCredentials } from '../../src/cli/demo/load-demo.js';
import { takeTour, type TourResult } from '../../tools/tour/tour.ts';
import type { Exchange } from '../../tools/client/exchange.ts';
import { Contract } from '../support/contract.js';
import { cellsOf, type Copy, copyDatabase, keepLog } from '../support/copy.js';
import { digestsOf, findAll, LEAST_BYTES, type Needles, needlesOf } from '../support/needles.js';
import { type Sceau, startSceau } from '../support/sceau.js';
import { type Heard, Wiretap } from '../support/wiretap.js';

/** What is sent and stored in clear, or is not worth hiding. Everything else that is sent must not be found. */
const SENT_IN_CLEAR: Readonly<Record<string, string>> = {
  client_id: 'an id',
  grant_type: 'a word of OAuth',
  client_assertion_type: 'a word of OAuth',
  scope: 'words of the contract',
  resource: 'the address of the API',
  locale: 'documented leakage',
  transport: 'cookie or token',
  vacancyId: 'documented leakage: who applied where',
  questionId: 'the vacancy has it in public',
  documents: 'ids',
  kind: 'documented leakage: which kind of document was sent',
  to: 'documented leakage: the status of an application',
  code: 'six digits that are worth nothing once used, and are found in any time of day',
};

/** Random, and looked up by a plain hash: guessing them is hopeless, and the hash gives nothing away. */
const RANDOM = new Set(['authorization', 'dpop', 'client_assertion', 'token', 'ticket', 'idempotency-key']);

const GIVEN_SECRETS = ['secret', 'token', 'ticket', 'access_token', 'recoveryCodes'];

/** The tour as the README offers it, and what a thief of the database has afterwards. */
describe('the main job', () => {
  let sceau: Sceau;
  let tour: TourResult;
  let credentials: DemoCredentials;
  let entered: readonly Heard[];
  let secrets: readonly Heard[];
  let copy: Copy;
  let letLogGo: () => Promise<void>;
  const story: string[] = [];
  const exchanges: Exchange[] = [];

  beforeAll(async () => {
    sceau = await startSceau();
    letLogGo = await keepLog(sceau.database);
    const demo = await createDemo(sceau.app, () => undefined);
    if (demo === undefined) throw new Error('The demo goes into an empty database.');
    credentials = demo;
    const wiretap = new Wiretap();
    try {
      tour = await takeTour({
        base: sceau.url,
        credentials,
        isKept: true,
        readMail: async (address) => (await sceau.mailTo(address)).text,
        write: (line) => story.push(line),
        watch: (exchange) => exchanges.push(exchange),
      });
    } finally {
      wiretap.stop();
    }
    entered = wiretap.entered.filter(({ name }) => !(name in SENT_IN_CLEAR));
    secrets = wiretap.given(...GIVEN_SECRETS);
    copy = await copyDatabase(sceau.database);
  }, 120_000);

  afterAll(async () => {
    await letLogGo();
    await sceau.stop();
  });

  it('does what it says at every step', () => {
    expect(tour.checks).toBeGreaterThanOrEqual(40);
    expect(story.filter((line) => /(GET|POST|PUT|PATCH|DELETE) +\/\S+ +\S*\d{3}/.test(line)).length).toBe(
      tour.requests,
    );
  });

  it('gets from the server what the contract promises, and nothing else', async () => {
    const contract = new Contract(JSON.parse(await (await fetch(`${sceau.url}/openapi.json`)).text()));
    const seen = exchanges.filter(({ path }) => path.startsWith('/v1/'));
    expect(seen.length).toBeGreaterThan(30);
    const surprises = seen.flatMap((exchange) =>
      contract
        .surprises(exchange)
        .map((surprise) => `${exchange.method} ${exchange.path} ${exchange.status}: ${surprise}`),
    );
    expect(surprises).toEqual([]);
  });

  it('is overheard: all that its candidate tells, its agencies write and both sign in with', () => {
    const texts = new Set(entered.map(({ text }) => text));
    expect(
      Object.values(tour.persona).filter((text) => text !== tour.persona.mark && !texts.has(text)),
    ).toEqual([]);
    const names = new Set(entered.map(({ name }) => name));
    expect([...names]).toEqual(
      expect.arrayContaining([
        'birthDate',
        'birthPlace',
        'lines',
        'postalCode',
        'city',
        'departments',
        'degree',
      ]),
    );
    expect([...names]).toEqual(
      expect.arrayContaining([
        'title',
        'language',
        'level',
        'value',
        'publicNote',
        'client_assertion',
        'dpop',
      ]),
    );
    expect(new Set(secrets.map(({ name }) => name))).toEqual(new Set(GIVEN_SECRETS));
  });

  it('leaves nothing of it in a copy of the database, in any encoding', () => {
    const texts = [...entered, ...secrets].map(({ text }) => text).filter(isLong);
    const needles = needlesOfAll([...texts, tour.persona.mark, credentials.auditor.totpSecret]);
    expect(needles.size).toBeGreaterThan(1_000);
    expect(findAll(copy.database, needles)).toEqual([]);
  });

  it('leaves nothing of it in the write-ahead log', () => {
    const { mark, telephone } = tour.persona;
    // Other databases of the test's server are in there too, so: what is said nowhere but here.
    const own = [...entered.filter(({ text }) => text.includes(mark)), ...secrets].map(({ text }) => text);
    const needles = needlesOfAll([...own.filter(isLong), mark, telephone]);
    expect(needles.size).toBeGreaterThan(500);
    expect(findAll(copy.log, needles)).toEqual([]);
  });

  it('leaves no hash by which a guess at it could be confirmed', () => {
    const guessable = entered.filter(({ name }) => !RANDOM.has(name)).map(({ text }) => text);
    const needles: Needles = new Map(
      guessable.flatMap((text) => [...digestsOf(text)].map(([hash, bytes]) => [`${hash} of ${text}`, bytes])),
    );
    expect(findAll(copy.database, needles)).toEqual([]);
    expect(findAll(copy.log, needles)).toEqual([]);
  });

  /** Two letters are everywhere. Alone in their place, or as a member of an object in it, they would have been stored. */
  it('leaves nothing of it that is too short to look for as a value of its own', async () => {
    const short = new Set(entered.map(({ text }) => text).filter((text) => !isLong(text)));
    expect([...short]).toEqual(expect.arrayContaining(['Brest', 'FR', 'B2', 'br', '29', 'A']));
    const isPublic = new Set(['vacancies.vacancy', 'vacancies.posting']);
    const cells = (await cellsOf(sceau.database)).filter(({ table }) => !isPublic.has(table));
    const found = cells.flatMap(({ table, value }) =>
      leavesOf(value.toString('utf8')).flatMap((leaf) => (short.has(leaf) ? [`${table}: ${leaf}`] : [])),
    );
    expect(found).toEqual([]);
  });

  it('would be found there if it were: what is public is', () => {
    const needles: Needles = new Map([
      ['an id', Buffer.from(tour.applicationId)],
      ['the agency', Buffer.from(credentials.agencies[0]?.name ?? '')],
    ]);
    expect(findAll(copy.database, needles)).toEqual(['an id', 'the agency']);
    expect(findAll(copy.log, needles)).toEqual(['an id', 'the agency']);
  });

  it('loads the demo once only', async () => {
    expect(await createDemo(sceau.app, () => undefined)).toBeUndefined();
  });
});

const isLong = (text: string): boolean => Buffer.byteLength(text) >= LEAST_BYTES;

function needlesOfAll(texts: readonly string[]): Needles {
  return new Map(texts.flatMap((text) => [...needlesOf(text)]));
}

/** A text itself, what base64 or hex it may be, and the texts in it if it is JSON. */
function leavesOf(text: string): string[] {
  const plain = [text, Buffer.from(text, 'base64').toString(), Buffer.from(text, 'hex').toString()];
  return plain.flatMap((form) => {
    try {
      const value: unknown = JSON.parse(form);
      return [form, ...textsIn(value)];
    } catch {
      return [form];
    }
  });
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
