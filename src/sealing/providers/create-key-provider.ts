import { readFile } from 'node:fs/promises';
import type { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import type { Randomness } from '../../kernel/randomness.js';
import type {
  KeyProviderSettings,
  KmsSettings,
  VaultSettings,
} from '../../platform/config/key-provider-settings.js';
import type { Logger } from '../../platform/logging/logger.js';
import { Availability } from './availability.js';
import { KmsAliases } from './aws-kms/kms-aliases.js';
import { KmsConnection } from './aws-kms/kms-connection.js';
import { KmsProvider } from './aws-kms/kms-provider.js';
import { KmsRotation } from './aws-kms/kms-rotation.js';
import type { KeyProvider } from './key-provider.js';
import { LocalKeyring } from './local-keyring.js';
import { TransitEngine } from './vault/transit-engine.js';
import { VaultHttp } from './vault/vault-http.js';
import { VaultSession } from './vault/vault-session.js';
import { VaultTransit } from './vault/vault-transit.js';

const VAULT_REQUESTS_AT_ONCE = 16;

export interface Surroundings {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly logger: Logger;
}

/**
 * The key provider that the settings name. Nothing is asked of it yet.
 * @throws Failure `keys_unavailable` when a file that it needs cannot be read
 */
export function createKeyProvider(
  settings: KeyProviderSettings,
  surroundings: Surroundings,
): Promise<KeyProvider> {
  switch (settings.provider) {
    case 'local':
      return Promise.resolve(new LocalKeyring(settings.path, surroundings.randomness));
    case 'vault':
      return createVault(settings, surroundings);
    case 'aws-kms':
      return createKms(settings, surroundings);
  }
}

async function createVault(settings: VaultSettings, { clock, logger }: Surroundings): Promise<KeyProvider> {
  const { provider, timeoutMs, caFile, login } = settings;
  const http = new VaultHttp(settings, caFile === undefined ? undefined : await authoritiesIn(caFile));
  const availability = new Availability({ provider, timeoutMs, parallelism: VAULT_REQUESTS_AT_ONCE }, logger);
  const session = new VaultSession(http, login, clock, timeoutMs);
  return new VaultTransit(new TransitEngine(settings, http, session, availability), availability);
}

async function authoritiesIn(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new Failure('keys_unavailable', { privateDetail: 'VAULT_CACERT cannot be read', cause });
  }
}

async function createKms(settings: KmsSettings, { clock, logger }: Surroundings): Promise<KeyProvider> {
  const connection = await KmsConnection.open(settings);
  const availability = new Availability(settings, logger);
  const aliases = new KmsAliases(settings, connection, availability, clock);
  const rotation = new KmsRotation(settings, connection, availability, aliases);
  return new KmsProvider(connection, availability, aliases, rotation);
}
