import type { Attempt, Delivery, Endpoint, NewEndpoint } from '../../../modules/webhooks/index.js';
import type {
  AttemptDto,
  DeliveryDto,
  DeliveryWithAttemptsDto,
  EndpointDto,
  EndpointWithSecretDto,
} from './dtos.js';

export function presentEndpoint(endpoint: Endpoint): EndpointDto {
  return {
    id: endpoint.id,
    url: endpoint.url,
    events: [...endpoint.events],
    enabled: endpoint.enabled,
    disabledBecause: endpoint.disabledBecause,
    secrets: endpoint.secrets.map(({ createdAt, expiresAt }) => ({ createdAt, expiresAt })),
    createdAt: endpoint.createdAt.toISOString(),
    updatedAt: endpoint.updatedAt.toISOString(),
    revision: endpoint.revision,
  };
}

export function presentWithSecret({ endpoint, secret }: NewEndpoint): EndpointWithSecretDto {
  return { ...presentEndpoint(endpoint), secret };
}

export function presentDelivery(delivery: Delivery): DeliveryDto {
  return {
    id: delivery.id,
    eventId: delivery.eventId,
    type: delivery.type,
    applicationId: delivery.applicationId,
    at: delivery.at.toISOString(),
    status: delivery.status,
    attempts: delivery.attempts,
    nextAttemptAt: delivery.status === 'pending' ? delivery.dueAt.toISOString() : null,
    settledAt: delivery.settledAt?.toISOString() ?? null,
    lastOutcome: delivery.lastOutcome,
  };
}

export function presentWithAttempts(found: {
  readonly delivery: Delivery;
  readonly attempts: readonly Attempt[];
}): DeliveryWithAttemptsDto {
  return { ...presentDelivery(found.delivery), attemptLog: found.attempts.map(presentAttempt) };
}

const presentAttempt = ({ at, outcome, httpStatus, elapsedMs }: Attempt): AttemptDto => ({
  at: at.toISOString(),
  outcome,
  httpStatus,
  elapsedMs,
});
