import { createDemo } from '../../src/cli/demo/load-demo.js';
import { takeTour, type TourResult } from '../../tools/tour/tour.ts';
import type { Exchange } from '../../tools/client/exchange.ts';
import { Contract } from '../support/contract.js';
import { copyDatabase, encodingsOf } from '../support/copy.js';
import { type Sceau, startSceau } from '../support/sceau.js';

/** The tour as the README offers it, and what a thief of the database has afterwards. */
describe('the main job', () => {
  let sceau: Sceau;
  let tour: TourResult;
  const story: string[] = [];
  const exchanges: Exchange[] = [];

  beforeAll(async () => {
    sceau = await startSceau();
    const credentials = await createDemo(sceau.app, () => undefined);
    if (credentials === undefined) throw new Error('The demo goes into an empty database.');
    tour = await takeTour({
      base: sceau.url,
      credentials,
      readMail: async (address) => (await sceau.mailTo(address)).text,
      write: (line) => story.push(line),
      watch: (exchange) => exchanges.push(exchange),
    });
  }, 120_000);

  afterAll(() => sceau.stop());

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

  it('leaves nothing personal in a copy of the database, in any encoding', async () => {
    const copy = await copyDatabase(sceau.database);
    const { persona } = tour;
    const personal = [
      ...Object.values(persona),
      persona.email.split('@')[0] ?? '',
      persona.password.slice(0, 20),
    ];
    const found = personal.flatMap((text) =>
      Object.entries(encodingsOf(text)).flatMap(([encoding, bytes]) =>
        copy.includes(bytes) ? [`${text} as ${encoding}`] : [],
      ),
    );
    expect(found).toEqual([]);
  });

  it('would find what does lie there in clear, in each of those encodings', async () => {
    const copy = await copyDatabase(sceau.database);
    expect(copy.includes(Buffer.from(tour.applicationId))).toBe(true);
    for (const [encoding, bytes] of Object.entries(encodingsOf('Bibliothèque municipale'))) {
      const planted = Buffer.concat([Buffer.from('x'), bytes, Buffer.from('y')]);
      expect([encoding, planted.includes(bytes) && bytes.length >= 16]).toEqual([encoding, true]);
    }
  });

  it('loads the demo once only', async () => {
    expect(await createDemo(sceau.app, () => undefined)).toBeUndefined();
  });
});
