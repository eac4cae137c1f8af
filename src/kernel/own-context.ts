import type { RequestContext, SystemActor } from './context.js';
import { newId } from './ids.js';

/** Of what the product does by itself: nobody asked for it at this moment. @param name of the part that does it */
export const ownContext = (name: string, now: Date): RequestContext<SystemActor> => ({
  requestId: newId<'request'>(now.getTime()),
  actor: { kind: 'system', name },
  locale: 'fr',
  address: '127.0.0.1',
});
