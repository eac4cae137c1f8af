import { Incidents, Notification } from '../../src/modules/incidents/index.js';
import { systemContext } from './actors.js';
import type { Sceau } from './sceau.js';

/** An incident about all that an agency has done so far; whoever it affects is told of it. */
export async function tellAffected({ app }: Sceau, agency: string): Promise<void> {
  const incident = { title: 'Une clé a fui', criteria: { agency } };
  const { id } = await app.get(Incidents, { strict: false }).open(systemContext(), incident);
  await app.get(Notification, { strict: false }).run(systemContext(), id);
}
