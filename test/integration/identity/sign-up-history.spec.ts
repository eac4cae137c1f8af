import { Authenticator } from '../../../tools/client/authenticator.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { record } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { items } from '../audit/fixture.js';
import { SignUp } from './sign-up.js';

/** How somebody came in, as they read it in their own history, and what failed on the way. */
describe('the history of a sign-up', () => {
  let sceau: Sceau;
  let signUp: SignUp;

  beforeAll(async () => {
    sceau = await startSceau();
    signUp = new SignUp(sceau);
  }, 60_000);

  afterAll(() => sceau.stop());

  it('tells its owner of every step, refused ones included, in French and English', async () => {
    const person = new PersonClient(sceau.url);
    const post = async (path: string, body: object) => person.request(path, { body });
    const token = await signUp.link('camille@example.fr');
    const { ticket } = record((await signUp.confirm(token)).body);
    const offer = await post('/v1/totp/enrolments', { ticket });
    const authenticator = new Authenticator(String(record(offer.body)['secret']));
    const now = sceau.clock.now().getTime();
    const confirm = async (code: string) =>
      post('/v1/totp/enrolments/confirm', { ticket, code, transport: 'token' });
    expect((await confirm(await authenticator.wrongCode(now))).status).toBe(401);
    const enrolled = await confirm(await authenticator.code(now));
    person.useToken(String(record(record(enrolled.body)['session'])['token']));
    // Somebody asks once more for an account at that address.
    await signUp.ask('camille@example.fr');
    await signUp.atRest();

    const read = async (language: string) => {
      const headers = { 'accept-language': language };
      return items((await person.request('/v1/me/access-history?limit=100', { headers })).body);
    };
    const told = await eventually('the whole history', async () => {
      const entries = await read('fr');
      return entries.filter(({ action }) => action === 'account.registered').length === 2
        ? entries
        : undefined;
    });
    const inOrder = told
      .toReversed()
      .map(({ action, outcome }) => `${String(action)} ${String(outcome)}`)
      .filter((step) => !step.startsWith('access_history'));
    expect(inOrder).toEqual([
      'account.registered allowed',
      'account.confirmed allowed',
      'totp.offered allowed',
      'totp.enrolled refused',
      'totp.enrolled allowed',
      'session.created allowed',
      'account.registered allowed',
    ]);
    const sentences = [...told, ...(await read('en'))].map(({ sentence }) => String(sentence)).join('\n');
    for (const said of [
      /^Une personne non connectée a confirmé votre adresse électronique le /m,
      /^Une personne non connectée a tenté sans succès d’enregistrer une application d’authentification/m,
      /^Someone not signed in confirmed your e-mail address on /m,
      /^Someone not signed in tried in vain to enrol an authenticator for your account on /m,
    ])
      expect(sentences).toMatch(said);
  });

  it('says of a link, a ticket and an invitation that are no good that they were tried, and names nobody', async () => {
    const anyone = new PersonClient(sceau.url);
    const token = 'A'.repeat(43);
    const tries = [
      ['/v1/registrations/confirm', { token }],
      ['/v1/totp/enrolments', { ticket: token }],
      ['/v1/totp/enrolments/confirm', { ticket: token, code: '123456', transport: 'token' }],
      ['/v1/invitations/accept', { token, password: 'trois phares blancs dans la brume' }],
    ] as const;
    for (const [path, body] of tries) expect((await anyone.request(path, { body })).status).toBe(401);
    await signUp.atRest();
    const entries = await sceau.database.query(
      `SELECT action, reason, resource_id FROM audit.entry
       WHERE outcome = 'refused' AND reason IN ('link', 'ticket') ORDER BY action`,
    );
    expect(entries).toEqual(
      [
        ['account.confirmed', 'link'],
        ['staff.accepted', 'link'],
        ['totp.enrolled', 'ticket'],
        ['totp.offered', 'ticket'],
      ].map(([action, reason]) => ({ action, reason, resource_id: null })),
    );
  });
});
