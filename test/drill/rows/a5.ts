import { newId } from '../../../src/kernel/ids.js';
import { Authenticator } from '../../../tools/client/authenticator.ts';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import { Loot } from '../population/loot.ts';
import { peopleAt, SignedIn } from '../population/signed-in.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { requestTo, routesFor } from '../system/routes.ts';
import { ownerToldAfter } from '../system/told.ts';
import { Intruder, isRefusal } from './intruder.ts';
import type { Attempt, DrillRow } from './row.ts';

/** So many codes are guessed at once. */
const GUESSES = 12;
const SIGN_IN = '/v1/sessions';
/** Of each second factor that was wrong, and of the first attempt that nobody looked at any more: one never stands for the other. */
const FAILED_FACTOR = 'session.refused';
const TURNED_AWAY = 'session.turned_away';

export const a5: DrillRow = {
  id: 'A5',
  attacker: 'a candidate’s password',
  promise:
    'nothing: the second factor is mandatory, without exception; the candidate sees the failed attempt',
  noticedWithinMs: 60_000,
  noticedBy: 'the candidate, who is shown it in their access history',
  async play(system) {
    const victim = peopleAt(system.population.agencies[1]).at(-1);
    if (victim === undefined) throw new Error('The second agency has applicants.');
    const owner = await SignedIn.as(victim, system.url);
    const thief = await signUpCandidate(system);
    const intruder = new Intruder(system);
    const since = new Date();
    const told = ownerToldAfter(owner, since, [FAILED_FACTOR]);
    const attempts = [
      await withoutFactor(intruder, owner),
      ...(await withOtherFactors(intruder, owner, thief)),
      await withGuesses(intruder, owner),
      await seenByOwner(owner, since, TURNED_AWAY, 1),
      await byOtherWays(intruder, owner),
      await withHalfDoneTicket(system, intruder),
    ];
    return { attempts, noticedAfterMs: await told, naming: null };
  },
};

/** The password and nothing else, in every form that a hurried parser might take for a factor. */
function withoutFactor(intruder: Intruder, { person: { email, password } }: SignedIn): Promise<Attempt> {
  const own = { email, password, transport: 'token' };
  const bodies = [
    {},
    { code: '' },
    { code: null },
    { code: [] },
    { code: 0 },
    { recoveryCode: '' },
    { passkey: {} },
  ];
  return intruder.attempt(
    'the password alone, and with a factor that is none',
    async () => {
      for (const factor of bodies) await intruder.ask(SIGN_IN, { body: { ...own, ...factor } });
      await intruder.ask('/v1/me', { headers: { authorization: `Bearer ${password}` } });
      const basic = Buffer.from(`${email}:${password}`).toString('base64');
      await intruder.ask('/v1/me', { headers: { authorization: `Basic ${basic}` } });
    },
    { isHarmless: isRefusal },
  );
}

/** Factors that are right, but not for this account or not any more. Before anything is guessed the owner is shown each. */
async function withOtherFactors(
  intruder: Intruder,
  owner: SignedIn,
  thief: CandidateActor,
): Promise<readonly Attempt[]> {
  const { email, password } = owner.person;
  const [recoveryCode] = thief.recoveryCodes;
  const factors = [{ code: await thief.authenticator.code() }, { recoveryCode }, { code: owner.lastCode }];
  const since = new Date();
  const attempt = await intruder.attempt(
    'with the thief’s own code and recovery code, and with a code that the owner has used',
    async () => {
      for (const factor of factors)
        await intruder.ask(SIGN_IN, { body: { email, password, transport: 'token', ...factor } });
    },
    { isHarmless: ({ status }) => status === 401 },
  );
  return [attempt, await seenByOwner(owner, since, FAILED_FACTOR, factors.length)];
}

async function withGuesses(intruder: Intruder, { person }: SignedIn): Promise<Attempt> {
  const { email, password, totpSecret } = person;
  const authenticator = new Authenticator(totpSecret);
  const near = await Promise.all(
    [-60_000, -30_000, 0, 30_000, 60_000].map((by) => authenticator.code(Date.now() + by)),
  );
  const guesses = Array.from({ length: 2 * GUESSES }, (_, at) =>
    String(100_003 * at)
      .padStart(6, '0')
      .slice(-6),
  )
    .filter((code) => !near.includes(code))
    .slice(0, GUESSES);
  let turnedAway = 0;
  const attempt = await intruder.attempt(
    `${GUESSES} guessed codes at once`,
    () =>
      Promise.all(
        guesses.map(async (code) => {
          const { status } = await intruder.ask(SIGN_IN, {
            body: { email, password, code, transport: 'token' },
          });
          if (status === 429) turnedAway += 1;
        }),
      ),
    { isHarmless: ({ status }) => status === 401 || status === 429 },
  );
  return {
    ...attempt,
    breaches: [...attempt.breaches, ...(turnedAway === 0 ? ['Every guessed code was looked at.'] : [])],
  };
}

/** Ways to an account that ask for less than signing in does. Their mails go to its owner. */
function byOtherWays(intruder: Intruder, { person: { email, password } }: SignedIn): Promise<Attempt> {
  const token = 'A'.repeat(43);
  const chosen = 'sept hérons gris dans la vase';
  return intruder.attempt(
    'a new registration, a forgotten password, a recovery; guessed tokens of their mails',
    async () => {
      await intruder.ask('/v1/registrations', { body: { email, password, locale: 'fr' } });
      await intruder.ask('/v1/password/forgotten', { body: { email } });
      await intruder.ask('/v1/recoveries', { body: { email } });
      await intruder.ask('/v1/password/reset', { body: { token, password: chosen, code: '000000' } });
      await intruder.ask('/v1/registrations/confirm', { body: { token } });
      await intruder.ask('/v1/email/confirm', { body: { token } });
      await intruder.ask('/v1/recoveries/complete', { body: { token, password: chosen } });
      await intruder.ask('/v1/invitations/accept', { body: { token, password: chosen } });
      await intruder.ask('/v1/totp/enrolments', { body: { ticket: token } });
      await intruder.ask('/v1/sessions/step-up', { body: { code: '000000' } });
    },
    { isHarmless: (answer) => answer.status === 202 || isRefusal(answer) },
  );
}

/** What there is of a sign-in before its second factor: the ticket to enrol one with. It is tried as a session everywhere. */
async function withHalfDoneTicket(system: DrilledSystem, intruder: Intruder): Promise<Attempt> {
  const routes = await routesFor(system, 'person', 'candidate', 'auditor', 'operator');
  const email = `voleur.${newId<'request'>(Date.now())}@example.fr`;
  await intruder.client.request('/v1/registrations', {
    body: { email, password: 'cinq loutres rousses sous le pont', locale: 'fr' },
  });
  const token = /^[\w-]{40,}$/m.exec((await system.mailTo(email)).text)?.[0];
  const { body } = await intruder.client.request('/v1/registrations/confirm', { body: { token } });
  const ticket = String(record(body)['ticket']);
  const [id, authorization] = [newId<'request'>(Date.now()), `Bearer ${ticket}`];
  return intruder.attempt(
    `a ticket that has no second factor yet, as a session on each of ${routes.length} routes`,
    async () => {
      for (const route of routes) await intruder.ask(...requestTo(route, id, { authorization }));
      await intruder.ask('/v1/totp/enrolments/confirm', {
        body: { ticket, code: '000000', transport: 'token' },
      });
    },
    { isHarmless: ({ status }) => status === 401 },
  );
}

/** The ledger has it within moments, and the candidate is shown what a checkpoint covers. */
async function seenByOwner(owner: SignedIn, since: Date, action: string, times: number): Promise<Attempt> {
  let shown = 0;
  await eventually(`${times} × ${action} in the access history`, async () => {
    const history = await owner.accessHistory();
    shown = history.filter(
      (entry) => entry['action'] === action && new Date(String(entry['at'])) >= since,
    ).length;
    return shown >= times ? shown : undefined;
  }).catch(() => undefined);
  return {
    tried: `meanwhile the owner looks at their own access history: ${shown} × ${action} in it`,
    obtained: new Loot(),
    breaches: shown < times ? [`The owner is shown ${shown} × ${action}, not ${times}.`] : [],
  };
}
