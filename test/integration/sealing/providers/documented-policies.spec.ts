import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { KeyProvider } from '../../../../src/sealing/providers/key-provider.js';
import {
  closeProvider,
  kmsSettings,
  openProvider,
  vaultSettings,
} from '../../../support/key-services/installations.js';
import { KmsServer } from '../../../support/key-services/kms-server.js';
import { VaultServer, type VaultPolicy } from '../../../support/key-services/vault-server.js';

const OPERATIONS = readFileSync(resolve(import.meta.dirname, '../../../../docs/operations.md'), 'utf8');
const CONTEXT = { purpose: 'subject-key', owner: 'a', version: 1 } as const;

type Role = 'serve' | 'rotate';

interface Served {
  readonly open: (role: Role) => Promise<KeyProvider>;
  readonly remove: () => Promise<void>;
}

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
}

function blocks(language: string): string[] {
  return [...OPERATIONS.matchAll(new RegExp(`^\`\`\`${language}\n(.+?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
}

function vaultPolicy(role: Role): VaultPolicy {
  const text = blocks('hcl').find((block) => block.startsWith(`# sceau-${role}\n`)) ?? '';
  return [...text.matchAll(/^path "([^"]+)"\s+\{ capabilities = (\[[^\]]+\]) \}$/gm)].map(
    ([, path = '', capabilities = '[]']) => [path, JSON.parse(capabilities) as string[]],
  );
}

function kmsActions(role: Role): string[] {
  const statements = blocks('json')
    .map((text) => JSON.parse(text) as { readonly Statement?: readonly Statement[] })
    .flatMap(({ Statement = [] }) => Statement);
  return statements.filter(({ Sid }) => Sid.toLowerCase().startsWith(role)).flatMap(({ Action }) => Action);
}

async function serveVault(): Promise<Served> {
  const server = new VaultServer();
  await server.start();
  server.createKey('sceau', { derived: true });
  return {
    open(role) {
      const { roleId, secretId } = server.createRole(vaultPolicy(role));
      const login = { mount: 'approle', roleId, secretId: { from: 'variable', value: secretId } } as const;
      return openProvider(vaultSettings(server, { login: { method: 'approle', ...login } }));
    },
    remove: () => server.stop(),
  };
}

async function serveKms(): Promise<Served> {
  const server = new KmsServer();
  await server.start();
  server.createKey('alias/sceau-v1');
  return {
    open(role) {
      const credentials = { ...server.createPrincipal(kmsActions(role)), sessionToken: undefined };
      return openProvider(kmsSettings(server, { credentials }));
    },
    remove: () => server.stop(),
  };
}

describe.each([
  ['Vault', serveVault],
  ['AWS KMS', serveKms],
])('the policies that docs/operations.md gives for %s', (_, serve) => {
  let served: Served;
  let serving: KeyProvider;
  let rotating: KeyProvider;

  beforeEach(async () => {
    served = await serve();
    [serving, rotating] = [await served.open('serve'), await served.open('rotate')];
  });

  afterEach(async () => {
    await closeProvider(serving);
    await closeProvider(rotating);
    await served.remove();
  });

  async function wrapped(provider: KeyProvider) {
    const results = await provider.wrapMany([{ key: randomBytes(32), context: CONTEXT }]);
    return results.map((result) => ({ ...result, context: CONTEXT }));
  }

  it('let the serving processes wrap, unwrap and see the versions', async () => {
    const items = await wrapped(serving);
    expect(await serving.unwrapMany(items)).toMatchObject([{ ok: true }]);
    expect(await serving.versions()).toEqual({ current: 1, usable: [1] });
  });

  it('let them neither rewrap, nor rotate, nor retire', async () => {
    const items = await wrapped(serving);
    await rotating.rotate();
    for (const call of [serving.rewrapMany(items), serving.rotate(), serving.retire(1)])
      await expect(call).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(await rotating.versions()).toEqual({ current: 2, usable: [1, 2] });
  });

  it('let the command line do all of it', async () => {
    const items = await wrapped(rotating);
    expect(await rotating.rotate()).toBe(2);
    expect(await rotating.rewrapMany(items)).toMatchObject([{ ok: true, wrapped: { masterVersion: 2 } }]);
    await rotating.retire(1);
    expect(await rotating.versions()).toEqual({ current: 2, usable: [2] });
  });
});
