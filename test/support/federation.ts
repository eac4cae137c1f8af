import { type AccountId, parseId } from '../../src/kernel/ids.js';
import { Accounts, OwnIdentities } from '../../src/modules/identity/index.js';
import { Settings } from '../../src/platform/config/settings.js';
import { Database } from '../../src/platform/database/database.js';
import { systemContext } from './actors.js';
import { IdentityProvider } from './identity-provider.js';
import { type Sceau, startSceau } from './sceau.js';

export interface Federated {
  readonly sceau: Sceau;
  readonly proconnect: IdentityProvider;
  readonly franceconnect: IdentityProvider;
  stop(): Promise<void>;
}

/** The whole product with both providers beside it. */
export async function startFederated(): Promise<Federated> {
  const providers: IdentityProvider[] = [];
  const sceau = await startSceau({
    adjust: async (settings) => {
      const franceconnect = await IdentityProvider.start('franceconnect', settings.publicUrl, ['eidas1']);
      const proconnect = await IdentityProvider.start('proconnect', settings.publicUrl, ['eidas2', 'eidas3']);
      providers.push(franceconnect, proconnect);
      const federation = {
        returnUrl: settings.federation.returnUrl,
        franceconnect: franceconnect.settings,
        proconnect: proconnect.settings,
      };
      return new Settings({ ...settings, federation });
    },
  });
  const [franceconnect, proconnect] = providers;
  if (franceconnect === undefined || proconnect === undefined) throw new Error('Both have started.');
  return {
    sceau,
    franceconnect,
    proconnect,
    async stop() {
      await sceau.stop();
      await franceconnect.stop();
      await proconnect.stop();
    },
  };
}

/** Links an identity to a candidate's account as if they had come back from FranceConnect. */
export async function linkOutright({ app }: Sceau, candidateId: string): Promise<AccountId> {
  const asked = parseId<AccountId>(candidateId);
  if (asked === undefined) throw new Error('The candidate has no id.');
  const account = await app
    .get(Database, { strict: false })
    .run({ kind: 'identity' }, (manager) =>
      app.get(Accounts, { strict: false }).find(systemContext(), manager, { id: asked }),
    );
  if (account === null) throw new Error('The candidate has no account.');
  const { id, credentialEpoch: epoch } = account;
  const linking = { accountId: id, epoch, provider: 'franceconnect' } as const;
  const identity = { issuer: 'https://oidc.example', subject: candidateId };
  await app.get(OwnIdentities, { strict: false }).link(systemContext(), linking, identity);
  return id;
}
