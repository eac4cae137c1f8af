import { Loot } from '../population/loot.ts';
import { SignedIn } from '../population/signed-in.ts';
import type { Attempt } from '../rows/row.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import type { Impact } from '../system/impact.ts';

/**
 * What two people are shown in their own access history once those affected are written to: the incident, with the
 * number and the moments that it has of them, or nothing of it.
 */
export async function ownHistories(
  { url, population }: DrilledSystem,
  { incident, affected, accesses }: Pick<Impact, 'incident' | 'affected' | 'accesses'>,
): Promise<Attempt> {
  const applicants = population.agencies[0].applicants.filter(({ isCanary }) => !isCanary);
  const everybody = [...applicants, ...population.candidates.filter(({ isCanary }) => !isCanary)];
  const concerned = applicants.findLast(({ person }) => affected.has(person));
  const bystander = everybody.find(({ person }) => !affected.has(person));
  if (concerned === undefined || bystander === undefined)
    throw new Error('Somebody is affected, and somebody is not.');
  const shownTo = async (candidate: typeof concerned) => {
    const incidents = await (await SignedIn.as(candidate, url)).ownIncidents();
    return incidents.filter(({ id }) => id === incident);
  };
  const [own] = await shownTo(concerned);
  const others = await shownTo(bystander);
  const given = accesses.get(concerned.person);
  const isExact =
    own?.['entries'] === given?.entries &&
    Date.parse(String(own?.['first'])) === given?.first &&
    Date.parse(String(own?.['last'])) === given?.last;
  return {
    tried: `afterwards one affected candidate and one who is not look at their own access history: the incident is named ${own === undefined ? 0 : 1} and ${others.length} time(s)`,
    obtained: new Loot(),
    breaches: [
      ...(own === undefined
        ? ['An affected candidate is not shown the incident in their access history.']
        : []),
      ...(own === undefined || isExact
        ? []
        : ['An affected candidate is shown another number or other moments than the incident has.']),
      ...(others.length === 0 ? [] : ['Somebody who is not affected is shown the incident.']),
    ],
  };
}
