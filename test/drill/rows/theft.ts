import { newId } from '../../../src/kernel/ids.js';
import { APPLICATION_STATUSES } from '../../../src/modules/applications/index.js';
import type { Exchange } from '../../../tools/client/exchange.ts';
import { record } from '../../support/actors.js';
import { hasDocument } from '../population/person.ts';
import type { DrilledAgency } from '../population/population.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { askImpact, type Impact } from '../system/impact.ts';
import { namingOf } from '../system/naming.ts';
import { operatorsToldAfter } from '../system/told.ts';
import { bestPurpose, isReleased, type Purpose } from './release.ts';
import type { Attempt, Naming } from './row.ts';
import { judged } from './theft-judged.ts';
import { atFullSpeed, counted, Thief } from './thief.ts';

const HOUR_MS = 3_600_000;
const BULK = 50;
/** Of the purposes that have a quarter and half of an hour's fifty candidates, so much that nothing is suspended for it. */
const FEW_OFFERS = 10;
const FEW_INTERVIEWS = 20;

export interface Theft {
  readonly attempts: readonly Attempt[];
  /** Until operators had the mail and the webhook, in milliseconds from the first act; `null`: they have not. */
  readonly noticedAfterMs: number | null;
  /** Until the ledger had the first alert; `null`: it has none. */
  readonly alertedAfterMs: number | null;
  readonly naming: Naming;
  readonly impact: Impact;
  /** Candidates of whom anything was obtained. */
  readonly exposed: number;
}

/**
 * Everybody one by one; as many in a request as it takes; or as somebody who knows the limits of each purpose, and has
 * the most shown of the few of whom most is released.
 */
export type Way = 'single' | 'bulk' | 'knowing';

/** Reads with a stolen private key whatever can be read, in several ways, as fast as possible, and what came of it. */
export async function steal(system: DrilledSystem, agency: DrilledAgency, way: Way): Promise<Theft> {
  const thief = new Thief(system, agency);
  const told = operatorsToldAfter(system, thief.since, () => Promise.resolve([agency.clientId]));
  if (!(await thief.comeIn())) throw new Error('The stolen key opens nothing: there is nothing to drill.');
  const listed = await thief.list();
  const attempts = [await foreignIds(thief), await laterStages(thief, listed), await movedOn(thief, listed)];
  attempts.push(await documentsOf(thief));
  attempts.push(await WAYS[way](thief, listed));
  attempts.push(await afterwards(thief, listed, way));
  const impact = await askImpact(system, '--client', agency.clientId, '--from', thief.since.toISOString());
  // What is told and what is judged are the same alerts: some come from the worker, after the theft.
  const noticedAfterMs = await told;
  const { attempt, alertedAfterMs } = await judged(thief, impact);
  return {
    attempts: [...attempts, attempt],
    noticedAfterMs,
    alertedAfterMs,
    naming: namingOf(impact, thief.loot, thief.accesses),
    impact,
    exposed: thief.loot.people.size,
  };
}

type Listed = readonly { readonly id: string; readonly status: string }[];

/** Fewer than what alone would be noticed: whoever has read nothing yet is the more careful. */
const GUESSES = 8;

function foreignIds(thief: Thief): Promise<Attempt> {
  const foreign = thief.system.population.candidates
    .filter(({ agency }) => agency !== thief.agency.agencyId)
    .slice(0, GUESSES)
    .map(({ application }) => application);
  const guessed = Array.from({ length: 2 }, () => newId<'application'>(Date.now()));
  return thief.attempt(
    (answers) =>
      `${GUESSES} applications of other agencies and 2 guessed ids, singly and at once: ${counted(answers)}`,
    async () => [
      ...(await atFullSpeed([...foreign, ...guessed], (id) => thief.read(id, 'review'))),
      await thief.readMany(foreign, 'review'),
    ],
  );
}

function laterStages(thief: Thief, listed: Listed): Promise<Attempt> {
  const early = listed.filter(({ status }) => status === 'submitted').slice(0, 4);
  const over = listed.filter(({ status }) => status === 'rejected' || status === 'withdrawn').slice(0, 4);
  return thief.attempt(
    (answers) =>
      `for ${early.length} new applications the fields of an interview and of an offer, for ${over.length} that are over any: ${counted(answers)}`,
    () =>
      atFullSpeed(
        [
          ...early.flatMap(({ id }) => [
            () => thief.read(id, 'interview'),
            () => thief.read(id, 'offer'),
            () => thief.read(id, 'review', 'email,telephone,address,birthDate'),
          ]),
          ...over.map(
            ({ id }) =>
              () =>
                thief.read(id, 'review'),
          ),
        ],
        (ask) => ask(),
      ),
  );
}

/** A dishonest recruiter makes an offer, to be shown an address and a birth date. */
function movedOn(thief: Thief, listed: Listed): Promise<Attempt> {
  const victim = listed.find(({ status }) => status === 'interview');
  return thief.attempt(
    (answers) => `an offer is made to one candidate, whose address is read then: ${counted(answers)}`,
    async () => {
      if (victim === undefined) return [];
      const { body, headers } = await thief.read(victim.id, 'interview');
      if (record(body)['id'] !== victim.id) return [];
      const moved = await thief.ask(`/v1/agency/applications/${victim.id}/transitions`, {
        body: { to: 'offered', answerBy: new Date(Date.now() + 10 * 24 * HOUR_MS).toISOString() },
        headers: { 'if-match': headers.get('etag') ?? '' },
      });
      return [moved, await thief.read(victim.id, 'offer')];
    },
  );
}

/** So many, as a download counts against the budget as well. */
const DOWNLOADS = 3;

/** What some applicants have sent along: they are read, and then whatever they name is downloaded. */
function documentsOf(thief: Thief): Promise<Attempt> {
  const some = thief.agency.applicants
    .filter(
      ({ person, isCanary, status }) => !isCanary && hasDocument(person) && isReleased(status, 'documents'),
    )
    .slice(0, DOWNLOADS);
  return thief.attempt(
    (answers) =>
      some.length === 0
        ? 'no document is downloaded: none of these applicants has sent one'
        : `${some.length} applicants who have sent a document are read, and it is downloaded: ${counted(answers)}`,
    async () => {
      const answers: Exchange[] = [];
      for (const { application } of some)
        answers.push(...(await thief.readWithDocuments(application, 'review')));
      const downloaded = answers.filter(({ body }) => Buffer.isBuffer(body)).length;
      if (downloaded < some.length) throw new Error(`Of ${some.length} documents ${downloaded} can be had.`);
      return answers;
    },
  );
}

const isStopped = ({ status }: Exchange): boolean => status === 429 || status === 401;

interface Wanted {
  readonly id: string;
  readonly purpose: Purpose;
}

/** What is released at all, each for the purpose that shows most of it. */
function wanted(listed: Listed): readonly Wanted[] {
  return listed.flatMap(({ id, status }) => {
    const stage = APPLICATION_STATUSES.find((known) => known === status);
    const purpose = stage === undefined ? undefined : bestPurpose(stage);
    return purpose === undefined ? [] : [{ id, purpose }];
  });
}

function oneByOne(thief: Thief, listed: Listed): Promise<Attempt> {
  const all = wanted(listed);
  return thief.attempt(
    (answers) => `all ${all.length} applications one by one at full speed: ${counted(answers)}`,
    () => atFullSpeed(all, ({ id }) => thief.read(id, 'review'), isStopped),
  );
}

function knowingly(thief: Thief, listed: Listed): Promise<Attempt> {
  const all = wanted(listed);
  const of = (purpose: Purpose): readonly Wanted[] => all.filter((wish) => wish.purpose === purpose);
  const first = [...of('offer').slice(0, FEW_OFFERS), ...of('interview').slice(0, FEW_INTERVIEWS)];
  const rest = all.filter((wish) => !first.includes(wish)).map(({ id }) => ({ id, purpose: 'review' }));
  return thief.attempt(
    (answers) =>
      `the most of ${first.length} applicants, within the limits of these purposes, then a review of all ${rest.length} others at full speed: ${counted(answers)}`,
    () => atFullSpeed([...first, ...rest], ({ id, purpose }) => thief.read(id, purpose), isStopped),
  );
}

function byFifties(thief: Thief, listed: Listed): Promise<Attempt> {
  const ids = wanted(listed).map(({ id }) => id);
  const parts = Array.from({ length: Math.ceil(ids.length / BULK) }, (_, at) =>
    ids.slice(at * BULK, (at + 1) * BULK),
  );
  return thief.attempt(
    (answers) =>
      `all ${ids.length} applications, ${BULK} in a request, all requests at once: ${counted(answers)}`,
    () => atFullSpeed(parts, (part) => thief.readMany(part, 'review')),
  );
}

const WAYS: Readonly<Record<Way, (thief: Thief, listed: Listed) => Promise<Attempt>>> = {
  single: oneByOne,
  bulk: byFifties,
  knowing: knowingly,
};

/** What whoever was stopped tries next. */
async function afterwards(thief: Thief, listed: Listed, way: Way): Promise<Attempt> {
  const some = listed.slice(-4);
  let tokens = 0;
  const attempt = await thief.attempt(
    (answers) => `afterwards with the old token, and with the key for another: ${counted(answers)}`,
    async () => {
      const answers = [...(await atFullSpeed(some, ({ id }) => thief.read(id, 'review')))];
      const others = way === 'single' ? [await thief.system.secondApi()] : [];
      for (const url of [thief.system.url, ...others])
        if (await thief.comeIn(url)) {
          tokens += 1;
          answers.push(...(await atFullSpeed(some, ({ id }) => thief.read(id, 'review'))));
        }
      return answers;
    },
  );
  return {
    ...attempt,
    tried: `${attempt.tried}; ${tokens} new token(s) at ${way === 'single' ? 2 : 1} process(es)`,
  };
}
