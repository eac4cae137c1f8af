import { NestFactory } from '@nestjs/core';
import { readEnvironment } from '../../../src/platform/config/environment.js';
import { RoomsModule } from '../../../src/rooms.module.js';
import { MovableClock } from '../../support/clock.js';
import { eventually } from '../../support/eventually.js';
import type { Candidate } from '../population/candidate.ts';
import { Loot } from '../population/loot.ts';
import { peopleAt, SignedIn } from '../population/signed-in.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { askImpact } from '../system/impact.ts';
import { namingOf } from '../system/naming.ts';
import { requestTo, routesFor } from '../system/routes.ts';
import { ownerToldAfter } from '../system/told.ts';
import { onceEnded } from './ended-session.ts';
import { Intruder, isRefusal } from './intruder.ts';
import { othersById } from './others-resources.ts';
import type { Attempt, DrillRow } from './row.ts';
import { stealSession, type StolenSession } from './stolen-session.ts';

/** Before which the session was opened: its second factor is not fresh any more. */
const MINUTES = 10;

export const a6: DrillRow = {
  id: 'A6',
  attacker: 'a candidate’s session token',
  promise:
    'that one candidate’s data until the session ends; no change of password, second factor or address, no export, no erasure',
  noticedWithinMs: 60_000,
  noticedBy: 'the candidate, who is shown it in their access history',
  async play(system) {
    const [, victim] = peopleAt(system.population.agencies[1]);
    if (victim === undefined) throw new Error('The second agency has applicants.');
    const owner = await SignedIn.as(victim, system.url);
    const stolen = await earlierSession(system, victim);
    const intruder = new Intruder(system, stolen.token);
    const since = new Date();
    const told = ownerToldAfter(owner, since, ['candidate.profile_read']);
    const attempts = [
      await readsAll(system, intruder, victim),
      await othersById(system, intruder, victim),
      await takesOver(intruder, owner),
      await entersOtherRooms(system, intruder),
      await seenByOwner(owner),
    ];
    const obtained = new Loot();
    for (const attempt of attempts) obtained.addAll(attempt.obtained);
    const impact = await askImpact(system, '--session', stolen.id);
    const noticedAfterMs = await told;
    return {
      attempts: [...attempts, ...(await onceEnded(system, owner, victim))],
      noticedAfterMs,
      naming: namingOf(impact, obtained),
    };
  },
};

/** A session of the candidate's as it is some minutes after signing in: opened by an earlier clock. */
async function earlierSession({ environment }: DrilledSystem, victim: Candidate): Promise<StolenSession> {
  const clock = new MovableClock();
  clock.advance({ minutes: -MINUTES });
  const rooms = await NestFactory.createApplicationContext(
    RoomsModule.with(readEnvironment(environment), { clock }),
    { logger: false, abortOnError: false },
  );
  try {
    return await stealSession(rooms, victim);
  } finally {
    await rooms.close();
  }
}

/** What is not a candidate's to ask for with a session alone. */
const EXPORT = '/v1/me/export';

async function readsAll(system: DrilledSystem, intruder: Intruder, victim: Candidate): Promise<Attempt> {
  const routes = (await routesFor(system, 'candidate', 'person')).filter(
    ({ method, path }) => method === 'GET' && path !== EXPORT,
  );
  return intruder.attempt(
    `all that is read on ${routes.length} routes`,
    async () => {
      for (const route of routes) await intruder.ask(...requestTo(route, victim.application));
    },
    {
      // Not everything has this id, and not at this stage.
      isHarmless: (answer) => answer.status === 200 || isRefusal(answer),
      mayLearn: (person) => person === victim.person,
    },
  );
}

/** Whatever would keep the thief in, or the owner out, or take everything along at once. */
function takesOver(intruder: Intruder, { person: { password } }: SignedIn): Promise<Attempt> {
  const wishes: readonly (readonly [string, string, object?])[] = [
    ['PUT', '/v1/me/password', { current: password, password: 'sept hérons gris dans la vase' }],
    ['PUT', '/v1/me/email', { current: password, email: 'voleur@example.fr' }],
    ['POST', '/v1/me/totp'],
    ['POST', '/v1/me/recovery-codes'],
    ['POST', '/v1/me/passkeys'],
    ['POST', '/v1/me/identities/franceconnect'],
    ['GET', EXPORT],
    ['DELETE', '/v1/me'],
  ];
  return intruder.attempt(
    'the password, the address, every factor, an export and the erasure, with the right password as well; guessed codes for a fresh factor',
    async () => {
      for (const [method, path, body] of wishes)
        await intruder.ask(path, { method, ...(body === undefined ? {} : { body }) });
      for (const code of ['000000', '123456', '654321'])
        await intruder.ask('/v1/sessions/step-up', { body: { code } });
    },
    { isHarmless: ({ status }) => status === 401 || status === 403 },
  );
}

async function entersOtherRooms(system: DrilledSystem, intruder: Intruder): Promise<Attempt> {
  const routes = await routesFor(system, 'auditor', 'operator', 'agency');
  const [other] = system.population.candidates;
  return intruder.attempt(
    `${routes.length} routes of auditors, operators and agencies`,
    async () => {
      for (const route of routes) await intruder.ask(...requestTo(route, other?.application ?? ''));
    },
    { isHarmless: ({ status }) => status === 401 || status === 403 },
  );
}

async function seenByOwner(owner: SignedIn): Promise<Attempt> {
  const seen = await eventually('the reading in the access history', async () => {
    const found = (await owner.accessHistory()).filter(({ action }) => action === 'candidate.profile_read');
    return found.length > 0 ? found : undefined;
  }).catch(() => []);
  return {
    tried: `meanwhile the owner looks at their own access history: ${seen.length} reading(s) of the profile in it`,
    obtained: new Loot(),
    breaches: seen.length === 0 ? ['The owner is not shown that their profile was read.'] : [],
  };
}
