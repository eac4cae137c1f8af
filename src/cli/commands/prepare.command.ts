import { Command, Option } from 'nest-commander';
import { EnvironmentError } from '../../platform/config/environment.js';
import {
  type KeystorePreparation,
  readLocalSettings,
  readPreparation,
  writeRuntime,
} from '../../platform/config/preparation.js';
import { migrate } from '../../platform/database/migrate.js';
import { provisionRoles } from '../../platform/database/roles.js';
import { prepareJobs } from '../../platform/jobs/prepare-jobs.js';
import { createLocalKeyring } from '../../sealing/index.js';
import { loadDemo } from '../demo/load-demo.js';
import { StrictCommand } from '../strict-command.js';

interface PrepareOptions {
  readonly demo?: boolean;
}

@Command({
  name: 'prepare',
  description: 'Migrate the database, provision its roles, create the local keyring; safe to repeat',
})
export class PrepareCommand extends StrictCommand {
  override async run(_: string[], options: PrepareOptions): Promise<void> {
    const preparation = await readPreparation();
    const { keystore } = preparation;
    const migrations = await migrate(preparation.ownerUrl, keystore === undefined ? 'everything' : 'data');
    await prepareJobs(preparation.ownerUrl);
    await provisionRoles(preparation.ownerUrl, preparation.passwords);
    await writeRuntime(preparation);
    report(
      migrations.length === 0 ? 'Schema is up to date.' : `Schema migrated: ${migrations.length} step(s).`,
    );
    if (keystore !== undefined) await prepareKeystore(keystore);

    const { demo, keyring, production } = await readLocalSettings();
    if (keyring.provider === 'local') {
      const created = await createLocalKeyring(keyring.path);
      if (created) report(`Keyring created: ${keyring.path}`);
    }
    if (options.demo === true && production)
      throw new EnvironmentError([
        'prepare --demo is refused in production: the demo’s credentials lie in a file.',
      ]);
    if (options.demo === true || demo) await loadDemo(report);
  }

  @Option({
    flags: '--demo',
    description: 'load agencies, vacancies and credentials for trying out into an empty database',
  })
  parseDemo(): boolean {
    return true;
  }
}

async function prepareKeystore({ ownerUrl, passwords }: KeystorePreparation): Promise<void> {
  const migrations = await migrate(ownerUrl, 'keys');
  await provisionRoles(ownerUrl, passwords, ['sceau_app']);
  report(
    migrations.length === 0
      ? 'Key store is up to date.'
      : `Key store migrated: ${migrations.length} step(s).`,
  );
}

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}
