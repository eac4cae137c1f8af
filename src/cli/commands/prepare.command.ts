import { Command, CommandRunner, Option } from 'nest-commander';
import { readLocalSettings, readPreparation, writeRuntime } from '../../platform/config/preparation.js';
import { migrate } from '../../platform/database/migrate.js';
import { provisionRoles } from '../../platform/database/roles.js';
import { prepareJobs } from '../../platform/jobs/prepare-jobs.js';
import { createLocalKeyring } from '../../sealing/index.js';
import { loadDemo } from '../demo/load-demo.js';

interface PrepareOptions {
  readonly demo?: boolean;
}

@Command({
  name: 'prepare',
  description: 'Migrate the database, provision its roles, create the local keyring; safe to repeat',
})
export class PrepareCommand extends CommandRunner {
  override async run(_: string[], options: PrepareOptions): Promise<void> {
    const preparation = await readPreparation();
    const migrations = await migrate(preparation.ownerUrl);
    await prepareJobs(preparation.ownerUrl);
    await provisionRoles(preparation.ownerUrl, preparation.passwords);
    await writeRuntime(preparation);
    report(
      migrations.length === 0 ? 'Schema is up to date.' : `Schema migrated: ${migrations.length} step(s).`,
    );

    const settings = await readLocalSettings();
    const created = await createLocalKeyring(settings.keyring.path);
    if (created) report(`Keyring created: ${settings.keyring.path}`);
    if (options.demo === true) await loadDemo(report);
  }

  @Option({
    flags: '--demo',
    description: 'load agencies, vacancies and credentials for trying out into an empty database',
  })
  parseDemo(): boolean {
    return true;
  }
}

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}
