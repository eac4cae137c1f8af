import { AgencyProgram, newProofKey } from '../../integration/agencies/agency-program.js';
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
    const token = await owner.token('applications:read vacancies:read');
    const paths = agency.applicants
      .slice(0, READ)
      .map(({ application }) => `/v1/agency/applications/${application}`);
    const [seen = '', ...others] = paths;
    // What somebody on the way would have recorded: a right request, which was answered.
    const recorded = { authorization: `DPoP ${token}`, dpop: await owner.apiProof(token, seen) };
    const honest = await owner.get(seen, { ...recorded, purpose: 'review' });
    if (honest.status !== 200) throw new Error(`The agency cannot read what is its own: ${honest.text}`);
    const thief = await newProofKey();
    const proven = async (path: string): Promise<Headers> => ({
      authorization: `DPoP ${token}`,
      dpop: await owner.apiProof(token, path, { key: thief }),
    });
    const forged = async (path: string): Promise<Headers> => ({
      authorization: `DPoP ${token}`,
      dpop: await owner.apiProof(token, path, { signedWith: thief }),
    });
    const since = new Date();
    const told = auditorsToldAfter(
      system,
      since,
      ['token.refused'],
      ({ agency: of }) => of === null || of === agency.agencyId,
    );
    const always = (headers: Headers) => (): Promise<Headers> => Promise.resolve(headers);
    const attempts = [
      await attempt(
        system,
        owner,
        paths,
        'the token as a bearer token',
        always({ authorization: `Bearer ${token}` }),
      ),
      await attempt(
        system,
        owner,
        paths,
        'the token without a proof',
        always({ authorization: `DPoP ${token}` }),
      ),
      await attempt(system, owner, paths, 'a proof of the thief’s own key', proven),
      await attempt(
        system,
        owner,
        paths,
        'a proof that shows the agency’s key and is signed by the thief’s',
        forged,
      ),
      await attempt(system, owner, [seen], 'a recorded request once more', always(recorded)),
      await attempt(system, owner, others, 'a recorded proof for other applications', always(recorded)),
      ...(await replayedTokenRequests(owner, thief)),
    ];
    return { attempts, noticedAfterMs: await told, naming: null };
  },
};

async function attempt(
  { search }: DrilledSystem,
  program: AgencyProgram,
  paths: readonly string[],
  how: string,
  headersFor: (path: string) => Promise<Headers>,
): Promise<Attempt> {
  const obtained = new Loot();
  let served = 0;
  for (const path of paths) {
    const { status, text } = await program.get(path, { ...(await headersFor(path)), purpose: 'review' });
    obtained.addAll(search.inText(text));
    if (status !== 401) served += 1;
  }
  return {
    tried: `${how}, for ${paths.length} application(s): ${paths.length - served} refused`,
    obtained,
    breaches: [
      ...(obtained.people.size === 0 ? [] : [`With ${how}: ${obtained.describe()}.`]),
      ...(served === 0 ? [] : [`With ${how}, ${served} request(s) were not refused.`]),
    ],
  };
}
