import { AgencyClient } from '../../../tools/client/agency.ts';
import type { RequestOptions } from '../../../tools/client/exchange.ts';
import { unzip } from '../../support/zip.js';
import type { Candidate } from '../population/candidate.ts';
import { Loot } from '../population/loot.ts';
import { hasDocument } from '../population/person.ts';
import type { DrilledAgency } from '../population/population.ts';
import { peopleAt, SignedIn } from '../population/signed-in.ts';
import { Accesses } from '../system/accesses.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import type { Attempt } from './row.ts';

/** So many are read through the process before it is taken over. */
const READ = 20;
const EXPORT = '/v1/me/export';

/** What has gone through a process. */
export interface Passed {
  /** The candidate who came themself, then those whom the agency has read, the last one last. */
  readonly people: readonly Candidate[];
  /** What stood in the answers, which whoever runs code in the process sees as they go by. */
  readonly loot: Loot;
  readonly accesses: Accesses;
  /** What the candidate has done for themself. */
  readonly own: readonly string[];
}

/** A candidate comes for their own things, and then an agency reads some of its applicants. */
export async function serve(system: DrilledSystem, url: string, agency: DrilledAgency): Promise<Passed> {
  const applicants = peopleAt(system.population.agencies[3]);
  const candidate = applicants.find(({ person }) => hasDocument(person)) ?? applicants[0];
  if (candidate === undefined) throw new Error('The fourth agency has applicants.');
  const passed = { loot: new Loot(), accesses: new Accesses() };
  const own = await comesThemself(system, url, candidate, passed);
  const read = await readByAgency(system, url, agency, passed);
  return { ...passed, own, people: [candidate, ...read] };
}

type Kept = Pick<Passed, 'loot' | 'accesses'>;

/** Signs in, reads the profile and a list, saves a section, and takes everything along. @returns what was done */
async function comesThemself(
  { search }: DrilledSystem,
  url: string,
  candidate: Candidate,
  { loot, accesses }: Kept,
): Promise<readonly string[]> {
  const owner = await SignedIn.as(candidate, url);
  const done: string[] = [];
  /** @param times as which it stands in the history */
  const does = async (path: string, options: RequestOptions = {}, times = 1): Promise<string> => {
    const askedAt = Date.now();
    const { method, status, headers, body } = await owner.client.request(path, options);
    if (status !== 200) throw new Error(`${method} ${path} of their own is answered ${status}.`);
    const files = Buffer.isBuffer(body) ? (await unzip(body)).values() : [JSON.stringify(body)];
    for (const file of files) loot.addAll(search.inText(file.toString()));
    for (let time = 0; time < times; time += 1) accesses.add([candidate.person], askedAt, Date.now());
    done.push(`${method} ${path}`);
    return headers.get('etag') ?? '';
  };
  const revision = await does('/v1/me/profile');
  await does('/v1/me/profile/education');
  const { contact } = owner.person.profile;
  const section = { method: 'PATCH', body: { contact }, headers: { 'if-match': revision } };
  // What a part is put into is read first.
  await does('/v1/me/profile', section, 2);
  await does(EXPORT, { headers: { accept: 'application/zip' } });
  return done;
}

/** @returns whom it has read, the last one last */
async function readByAgency(
  { search }: DrilledSystem,
  url: string,
  agency: DrilledAgency,
  { loot, accesses }: Kept,
): Promise<readonly Candidate[]> {
  const client = await AgencyClient.connect(url, agency.credentials);
  await client.authorise(['applications:read']);
  const readable = peopleAt(agency).filter(({ status }) => !['rejected', 'withdrawn'].includes(status));
  const people: Candidate[] = [];
  for (const candidate of readable.slice(0, READ)) {
    const path = `/v1/agency/applications/${candidate.application}`;
    const askedAt = Date.now();
    const { status, body } = await client.request(path, { headers: { purpose: 'review' } });
    if (status !== 200) continue;
    people.push(candidate);
    loot.addAll(search.inText(JSON.stringify(body)));
    accesses.add([candidate.person], askedAt, Date.now());
  }
  return people;
}

/** Of nobody but those who are being served. */
export function lookingOn({ people, loot, own }: Passed): Attempt {
  const numbers = new Set(people.map(({ person }) => person));
  const beyond = loot.beyond((person) => numbers.has(person));
  return {
    tried: `looking on while a candidate comes for their own things (${own.join(', ')}) and an agency reads ${people.length - 1} others through the process: ${loot.describe()}`,
    obtained: loot,
    breaches: beyond.people.size === 0 ? [] : [`Of others passed by: ${beyond.describe()}.`],
  };
}
