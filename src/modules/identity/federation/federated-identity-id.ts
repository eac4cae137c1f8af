import type { Id } from '../../../kernel/ids.js';

export type FederatedIdentityId = Id<'federated_identity'>;
