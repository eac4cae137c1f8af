import { place } from '../../../sealing/index.js';
import type { SigningSecret } from '../signing-secrets.js';

export const ENDPOINT_URL = place<string>()('webhooks_endpoint.url');
export const ENDPOINT_SECRETS = place<readonly SigningSecret[]>()('webhooks_endpoint.secrets');
