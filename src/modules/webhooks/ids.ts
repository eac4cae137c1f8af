import type { Id } from '../../kernel/ids.js';

export type EndpointId = Id<'endpoint'>;
export type EventId = Id<'event'>;
export type DeliveryId = Id<'delivery'>;
