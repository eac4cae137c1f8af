import { AgencyProgram, newProofKey, type ProofChanges } from '../../integration/agencies/agency-program.js';
import { Loot } from '../population/loot.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { auditorsToldAfter } from '../system/told.ts';
import { replayedTokenRequests } from './replayed-token-requests.ts';
import type { Attempt, DrillRow } from './row.ts';

type Headers = Record<string, string>;

/** How many of the agency's applications are asked for in each way. */
const READ = 10;

export const a3: DrillRow = {
  id: 'A3',
  attacker: 'an agency’s access token',
  promise: 'nothing: the token is bound to a key, a replayed proof or assertion is refused',
  noticedWithinMs: 60_000,
  noticedBy: 'auditors, who are shown the entry',
  async play(system) {
    const [, agency] = system.population.agencies;
    if (agency === undefined) throw new Error('There is a second agency.');
    const ids = { ...agency, key: agency.credentials.privateKey, proofKey: await newProofKey() };
    const owner = new AgencyProgram(system.url, ids);
    // A second process of the same public address: what is right at the one is right at the other.
    const twin = await system.startApi({ PUBLIC_URL: system.url });
    const elsewhere = owner.at(twin.url);
    const token = await owner.token('applications:read vacancies:read');
    const paths = agency.applicants
      .slice(0, READ)
      .map(({ application }) => `/v1/agency/applications/${application}`);
    const [seen = '', ...others] = paths;
    const recorded = [await answered(owner, token, seen), await answered(elsewhere, token, seen)];
    const thief = await newProofKey();
    const proofOf =
      (changes: ProofChanges) =>
      async (path: string): Promise<readonly Headers[]> => [
        { authorization: `DPoP ${token}`, dpop: await owner.apiProof(token, path, changes) },
      ];
    const proven = proofOf({ key: thief });
    const forged = proofOf({ signedWith: thief });
    const since = new Date();
    const told = auditorsToldAfter(
      system,
      since,
      ['token.refused'],
      ({ agency: of }) => of === null || of === agency.agencyId,
    );
    const only = (headers: Headers) => (): Promise<readonly Headers[]> => Promise.resolve([headers]);
    const again = (): Promise<readonly Headers[]> => Promise.resolve(recorded);
    const here = { ...system, programs: [owner] };
    const both = { ...system, programs: [owner, elsewhere] };
    const attempts = [
      await attempt(here, paths, 'the token as a bearer token', only({ authorization: `Bearer ${token}` })),
      await attempt(here, paths, 'the token without a proof', only({ authorization: `DPoP ${token}` })),
      await attempt(here, paths, 'a proof of the thief’s own key', proven),
      await attempt(here, paths, 'a proof that shows the agency’s key and is signed by the thief’s', forged),
      await attempt(both, [seen], 'two recorded requests once more', again),
      await attempt(both, others, 'the proofs of both for other applications', again),
      ...(await replayedTokenRequests(owner, [elsewhere], thief)),
    ];
    await twin.process.stop();
    return { attempts, noticedAfterMs: await told, naming: null };
  },
};

/** A right request at a process, which is answered. @returns what somebody on the way would have recorded of it */
async function answered(program: AgencyProgram, token: string, path: string): Promise<Headers> {
  const headers = { authorization: `DPoP ${token}`, dpop: await program.apiProof(token, path) };
  const { status, text } = await program.get(path, { ...headers, purpose: 'review' });
  if (status !== 200) throw new Error(`The agency cannot read what is its own: ${text}`);
  return headers;
}

interface Asked extends Pick<DrilledSystem, 'search'> {
  /** One at each process that is asked. */
  readonly programs: readonly AgencyProgram[];
}

async function attempt(
  { search, programs }: Asked,
  paths: readonly string[],
  how: string,
  headersFor: (path: string) => Promise<readonly Headers[]>,
): Promise<Attempt> {
  const obtained = new Loot();
  let [asked, served] = [0, 0];
  for (const path of paths)
    for (const headers of await headersFor(path))
      for (const program of programs) {
        const { status, text } = await program.get(path, { ...headers, purpose: 'review' });
        obtained.addAll(search.inText(text));
        asked += 1;
        if (status !== 401) served += 1;
      }
  return {
    tried: `${how}, for ${paths.length} application(s) at ${programs.length} process(es): ${asked - served} of ${asked} refused`,
    obtained,
    breaches: [
      ...(obtained.people.size === 0 ? [] : [`With ${how}: ${obtained.describe()}.`]),
      ...(served === 0 ? [] : [`With ${how}, ${served} request(s) were not refused.`]),
    ],
  };
}
