import type { RequestContext, SystemActor } from '../../../kernel/context.js';
import { newId } from '../../../kernel/ids.js';

/** The worker's own: nobody asked for it at this moment. */
export function deliveryContext(now: Date): RequestContext<SystemActor> {
  return {
    requestId: newId<'request'>(now.getTime()),
    actor: { kind: 'system', name: 'webhooks.delivery' },
    locale: 'fr',
    address: '127.0.0.1',
  };
}
