import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Clock } from '../../../src/kernel/clock.js';
import { SystemRandomness } from '../../../src/kernel/randomness.js';
import { readEnvironment } from '../../../src/platform/config/environment.js';
import type {
  KeyProviderSettings,
  KmsSettings,
  VaultSettings,
} from '../../../src/platform/config/key-provider-settings.js';
import { Logger } from '../../../src/platform/logging/logger.js';
import { createLocalKeyring } from '../../../src/sealing/index.js';
import { createKeyProvider } from '../../../src/sealing/providers/create-key-provider.js';
import type { KeyProvider } from '../../../src/sealing/providers/key-provider.js';
import { MovableClock } from '../clock.js';
import { KmsServer } from './kms-server.js';
import type { Answer, LocalService } from './local-service.js';
import { VaultServer } from './vault-server.js';

/** A key provider that is set up, and may be opened by several processes. */
export interface Installation {
  readonly settings: KeyProviderSettings;
  /** A provider as another process has it. */
  open(clock?: Clock): Promise<KeyProvider>;
  remove(): Promise<void>;
}

/** One behind a service that can be made to fail. */
export interface ServedInstallation extends Installation {
  readonly settings: VaultSettings | KmsSettings;
  readonly service: LocalService;
  /** How this service says that it is asked too much. */
  readonly throttling: Answer;
  /** How this service says that something broke. */
  readonly broken: Answer;
}

const silent = readEnvironment({
  DATABASE_APP_URL: 'postgres://a@127.0.0.1/x',
  DATABASE_AUDITOR_URL: 'postgres://a@127.0.0.1/x',
  DATABASE_SEQUENCER_URL: 'postgres://a@127.0.0.1/x',
});

/** @param lines where what is logged goes */
export async function openProvider(
  settings: KeyProviderSettings,
  clock: Clock = new MovableClock(),
  lines: string[] = [],
): Promise<KeyProvider> {
  const sink = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return createKeyProvider(settings, {
    clock,
    randomness: new SystemRandomness(),
    logger: new Logger(silent, sink),
  });
}

export async function closeProvider(provider: KeyProvider): Promise<void> {
  if ('onApplicationShutdown' in provider && typeof provider.onApplicationShutdown === 'function')
    await provider.onApplicationShutdown();
}

function installation<S extends KeyProviderSettings>(
  settings: S,
  remove: () => Promise<void>,
): Installation & { readonly settings: S } {
  const opened: KeyProvider[] = [];
  return {
    settings,
    async open(clock) {
      const provider = await openProvider(settings, clock);
      opened.push(provider);
      return provider;
    },
    async remove() {
      for (const provider of opened) await closeProvider(provider);
      await remove();
    },
  };
}

export async function installLocal(): Promise<Installation> {
  const home = await mkdtemp(join(tmpdir(), 'sceau-keyring-'));
  const path = join(home, 'keyring.json');
  await createLocalKeyring(path);
  return installation({ provider: 'local', path }, () => rm(home, { recursive: true, force: true }));
}

/** Settings for the key `sceau` in a Vault, with a token that may do everything. */
export function vaultSettings(server: VaultServer, change: Partial<VaultSettings> = {}): VaultSettings {
  return {
    provider: 'vault',
    timeoutMs: 20_000,
    address: server.url,
    namespace: undefined,
    caFile: undefined,
    mount: 'transit',
    key: 'sceau',
    login: { method: 'token', token: { from: 'variable', value: server.createToken() } },
    ...change,
  };
}

export async function installVault(timeoutMs = 20_000): Promise<ServedInstallation> {
  const service = new VaultServer();
  await service.start();
  service.createKey('sceau', { derived: true });
  return {
    ...installation(vaultSettings(service, { timeoutMs }), () => service.stop()),
    service,
    throttling: {
      status: 429,
      body: { errors: ['request path "transit/decrypt/sceau": rate limit quota exceeded'] },
      headers: { 'retry-after': '1' },
    },
    broken: { status: 500, body: { errors: ['internal error'] } },
  };
}

export function kmsSettings(server: KmsServer, change: Partial<KmsSettings> = {}): KmsSettings {
  return {
    provider: 'aws-kms',
    timeoutMs: 20_000,
    region: server.region,
    endpoint: server.url,
    aliasPrefix: 'alias/sceau',
    credentials: { ...server.createPrincipal(), sessionToken: undefined },
    parallelism: 16,
    deletionDays: 30,
    ...change,
  };
}

export async function installKms(timeoutMs = 20_000): Promise<ServedInstallation> {
  const service = new KmsServer();
  await service.start();
  service.createKey('alias/sceau-v1');
  return {
    ...installation(kmsSettings(service, { timeoutMs }), () => service.stop()),
    service,
    throttling: { status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } },
    broken: { status: 500, body: { __type: 'KMSInternalException', message: 'internal error' } },
  };
}
