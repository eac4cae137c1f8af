import type { PersonClient } from '../../../tools/client/person.ts';
import type { Candidate } from '../population/candidate.ts';
import type { SignedIn } from '../population/signed-in.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { requestTo, routesFor } from '../system/routes.ts';
import { Intruder } from './intruder.ts';
import type { Attempt } from './row.ts';
import { stealSession, type StolenSession } from './stolen-session.ts';

/** In which a session is ended. */
interface Way {
  readonly how: string;
  /** @returns whether the product says that it is over */
  readonly end: (stolen: StolenSession) => Promise<boolean>;
}

/** @param owner signed in elsewhere */
function waysToEnd(system: DrilledSystem, owner: SignedIn, candidate: string): readonly Way[] {
  const deleted = async (client: PersonClient, path: string): Promise<boolean> =>
    (await client.request(path, { method: 'DELETE' })).status === 204;
  return [
    {
      how: 'signs out of it',
      end: ({ token }) => deleted(new Intruder(system, token).client, '/v1/me/sessions/current'),
    },
    {
      how: 'ends it from another program',
      end: ({ id }) => deleted(owner.client, `/v1/me/sessions/${id}`),
    },
    {
      how: 'ends every other one',
      end: () => deleted(owner.client, '/v1/me/sessions?keep=current'),
    },
    {
      how: 'has operators end theirs, with sceau sessions end',
      end: async () => (await system.command('sessions', 'end', candidate)).code === 0,
    },
  ];
}

/** For each way a session is stolen, used, and when it is over used again, at each process that had honoured it. */
export async function onceEnded(
  system: DrilledSystem,
  owner: SignedIn,
  victim: Candidate,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const way of waysToEnd(system, owner, victim.id)) attempts.push(await readAgain(system, way, victim));
  return attempts;
}

async function readAgain(system: DrilledSystem, { how, end }: Way, victim: Candidate): Promise<Attempt> {
  const session = await stealSession(system.app, victim);
  const routes = (await routesFor(system, 'candidate', 'person')).filter(({ method }) => method === 'GET');
  const intruder = new Intruder(system, session.token);
  const processes = [system.url, await system.secondApi()].map((url) => intruder.client.at(url));
  for (const process of processes) {
    const { status } = await process.request('/v1/me');
    if (status !== 200) throw new Error(`Before it is ended, the session is answered ${status}.`);
  }
  const isSaid = await end(session);
  const attempt = await intruder.attempt(
    `the candidate ${how}: all ${routes.length} routes again, at ${processes.length} processes`,
    async () => {
      for (const process of processes)
        for (const route of routes) await intruder.askWith(process, ...requestTo(route, victim.application));
    },
    { isHarmless: ({ status }) => status === 401 },
  );
  return {
    ...attempt,
    breaches: [...attempt.breaches, ...(isSaid ? [] : [`The session cannot be ended: ${how}.`])],
  };
}
