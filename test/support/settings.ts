import { join } from 'node:path';
import type { KeyringSettings } from '../../src/platform/config/key-provider-settings.js';
import { Settings } from '../../src/platform/config/settings.js';
import { USUAL_THRESHOLDS } from '../../src/platform/config/unusual-access-environment.js';
import type { TestDatabase } from './database.js';

/** Settings as a development environment has them, with password hashing made cheap. */
export function testSettings(
  database: Pick<TestDatabase, 'appUrl' | 'auditorUrl' | 'sequencerUrl'>,
  home: string,
  port: number,
  keyring: KeyringSettings = {
    provider: 'local',
    path: join(home, 'keyring.json'),
    cacheSize: 1_000,
    cacheSeconds: 60,
    backupDays: 7,
    drainSeconds: 1,
  },
): Settings {
  return new Settings({
    production: false,
    publicUrl: `http://127.0.0.1:${port}`,
    frontEndUrl: `http://127.0.0.1:${port}/welcome`,
    dataProtectionContact: 'https://candidatures.example.fr/donnees-personnelles',
    http: { host: '127.0.0.1', port, trustedProxies: [], mutualTls: undefined },
    home,
    database: {
      appUrl: database.appUrl,
      auditorUrl: database.auditorUrl,
      sequencerUrl: database.sequencerUrl,
      keystoreUrl: database.appUrl,
      poolSize: 5,
      // As below.
      timeoutMs: 20_000,
    },
    keyring,
    ledger: {
      origin: 'test.localhost/audit',
      stateDirectory: join(home, 'ledger'),
      heartbeatDirectory: join(home, 'heartbeats'),
      acknowledgement: { candidate: 'staged', agency: 'sequenced', staff: 'sequenced' },
      // Tests run many at a time on slow machines: what takes a second in production may take some more here.
      timeoutMs: 5_000,
      retentionMonths: 12,
      sinks: { targets: [], everySeconds: 1, alertSeconds: 60, objectStoreKey: undefined },
    },
    passwords: { memoryKiB: 1_024, iterations: 1, parallelism: 1, concurrency: 2, queue: 100 },
    signIn: { strangersPerMinute: 6_000, alertRefusals: 500 },
    sessions: { idleMinutes: 30, absoluteHours: 12, stepUpMinutes: 5 },
    recovery: { delayHours: 72 },
    erasure: { tieDays: 30 },
    passkeys: { rpId: 'sceau.localhost', origins: ['https://sceau.localhost'] },
    federation: {
      returnUrl: `http://127.0.0.1:${port}/welcome`,
      proconnect: undefined,
      franceconnect: undefined,
    },
    mail: { mode: 'folder', folder: join(home, 'mail'), from: 'Sceau <ne-pas-repondre@sceau.localhost>' },
    documents: {
      store: { kind: 'folder', path: join(home, 'documents') },
      objectStoreKey: undefined,
      scanner: undefined,
    },
    webhooks: { authorities: undefined },
    alerts: { mail: [], webhook: undefined },
    unusualAccess: USUAL_THRESHOLDS,
    metrics: { port: undefined },
    demo: false,
    logLevel: 'silent',
  });
}
