import type { AgencyActor, RequestContext } from '../../kernel/context.js';

/** Stops the client whose budget is spent. This room knows no clients: who has them says how. */
export abstract class ClientSuspension {
  /** Does nothing to one that is suspended already. */
  abstract suspend(context: RequestContext<AgencyActor>): Promise<void>;
}
