import { Clients } from '../../../src/modules/agencies/index.js';
import { APPLICATION_STATUSES } from '../../../src/modules/applications/index.js';
import { newAssertionKey } from '../../integration/agencies/agency-program.js';
import { systemContext } from '../../support/actors.js';
import { Loot } from '../population/loot.ts';
import type { DrilledAgency } from '../population/population.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { allowanceOf, isOpen, isReleased } from './release.ts';
import type { Attempt } from './row.ts';
import { Thief } from './thief.ts';

/** What the agency may be shown within the window that is tried, and within every other. */
const NARROW = 2;
const WIDE = 1_000;
const HOUR_MS = 3_600_000;
type Long = 'day' | 'month';
const IN_WORDS: Readonly<Record<Long, string>> = { day: 'day', month: '30 days' };

/**
 * Nobody waits for a day to end: each of the longer windows gets a limit that is reached at once. As many as it allows are
 * read in one request, so that each of them has to be counted. The agency's budget is its default again afterwards.
 */
export async function longWindows(system: DrilledSystem, agency: DrilledAgency): Promise<readonly Attempt[]> {
  const stolen = await anotherClient(system, agency);
  // By the list: some have come further since they were seeded, and some are over.
  const wanted = (await cameIn(system, stolen).then((thief) => thief.list()))
    .filter(({ status }) =>
      APPLICATION_STATUSES.some((known) => known === status && isReleased(known, 'motivation')),
    )
    .map(({ id }) => id)
    .slice(0, NARROW + 1);
  if (wanted.length <= NARROW) throw new Error('The agency has too few applicants who may be read.');
  try {
    return [await stoppedBy('day', system, stolen, wanted), await stoppedBy('month', system, stolen, wanted)];
  } finally {
    await succeeded(system, 'budget', 'lift', agency.agencyId);
  }
}

/** What the product says that it lets an agency read by default, against what is promised. */
export async function defaultLimits(system: DrilledSystem, agency: DrilledAgency): Promise<Attempt> {
  const said = await succeeded(system, 'budget', 'show', agency.agencyId);
  const open = agency.applicants.filter(({ status }) => isOpen(status)).length;
  const breaches = Object.entries(allowanceOf(open)).flatMap(([window, promised]) => {
    const limit = new RegExp(`^agency +${window} +\\d+ of (\\d+)$`, 'm').exec(said)?.[1];
    return limit === String(promised)
      ? []
      : [`By default ${limit ?? 'no'} candidates may be shown within a ${window}, not ${promised}.`];
  });
  const { hour, day, month } = allowanceOf(open);
  return {
    tried: `the default limits with ${open} open applications: ${breaches.length === 0 ? `${hour} candidates an hour, ${day} a day, ${month} within 30 days` : 'others than promised'}`,
    obtained: new Loot(),
    breaches,
  };
}

async function stoppedBy(
  window: Long,
  system: DrilledSystem,
  agency: DrilledAgency,
  wanted: readonly string[],
): Promise<Attempt> {
  const limits = { hour: WIDE, day: WIDE, month: WIDE, [window]: NARROW };
  const until = new Date(Date.now() + HOUR_MS).toISOString();
  const options = Object.entries(limits).flatMap(([name, limit]) => [`--${name}`, String(limit)]);
  await succeeded(system, 'budget', 'set', agency.agencyId, ...options, '--until', until);
  const thief = await cameIn(system, agency);
  const exposed = (): number => thief.loot.people.size;
  const within = await thief.readMany(wanted.slice(0, NARROW), 'review');
  if (within.status !== 200 || exposed() !== NARROW)
    throw new Error(`Within the limit ${within.status} is answered: there is nothing to exceed.`);
  const [last = ''] = wanted.slice(NARROW);
  const beyond = await thief.read(last, 'review');
  const next = await thief.read(last, 'review');
  if (next.status === 401) await succeeded(system, 'agency', 'resume', agency.clientId);
  const shown = exposed();
  return {
    tried: `a limit of ${NARROW} within the ${IN_WORDS[window]}, with room within the rest: ${NARROW} applicants in one request ${within.status}, one more ${beyond.status}, then ${next.status}`,
    obtained: thief.loot,
    breaches: [
      ...(shown === NARROW
        ? []
        : [`${shown} candidates were shown, of ${NARROW} allowed within the ${IN_WORDS[window]}.`]),
      ...(beyond.status === 429 && next.status === 401
        ? []
        : [`The limit of the ${IN_WORDS[window]} does not stop the client.`]),
    ],
  };
}

async function cameIn(system: DrilledSystem, agency: DrilledAgency): Promise<Thief> {
  const thief = new Thief(system, agency);
  if (!(await thief.comeIn())) throw new Error('The stolen key opens nothing: there is nothing to drill.');
  return thief;
}

/** A client of its own, of whom operators are told by itself. */
async function anotherClient({ app }: DrilledSystem, agency: DrilledAgency): Promise<DrilledAgency> {
  const { key, publicKey } = await newAssertionKey('ES256');
  const { id } = await app.get(Clients, { strict: false }).create(systemContext(), agency.agencyId, {
    name: 'Autre programme',
    jwks: { keys: [publicKey] },
    scopes: ['applications:read', 'applications:decide', 'vacancies:read'],
  });
  return { ...agency, clientId: id, credentials: { clientId: id, privateKey: key } };
}

async function succeeded(system: DrilledSystem, ...words: readonly string[]): Promise<string> {
  const { code, output } = await system.command(...words);
  if (code !== 0) throw new Error(`sceau ${words.slice(0, 2).join(' ')}: ${output}`);
  return output;
}
