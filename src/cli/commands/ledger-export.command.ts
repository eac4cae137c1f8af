import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SubCommand } from 'nest-commander';
import { ExportPermission, LedgerExport } from '../../ledger/index.js';
import { withProgress } from '../progress.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';

@SubCommand({
  name: 'export',
  description: 'Write the whole ledger so that it can be verified without the database (NDJSON)',
  arguments: '[file]',
  argsDescription: { file: 'a new file; default: standard output' },
})
export class LedgerExportCommand extends StrictCommand {
  override async run([file]: string[]): Promise<void> {
    await withRooms(async (rooms) => {
      await rooms.get(ExportPermission, { strict: false }).require(commandContext('ledger.export'), 'ndjson');
      await withProgress('Exporting', process.stderr, async (progress) => {
        const lines = Readable.from(rooms.get(LedgerExport, { strict: false }).lines(progress));
        if (file === undefined) await pipeline(lines, process.stdout, { end: false });
        else await writeNew(file, lines);
      });
    });
  }
}

/** Half an export is none: it goes again when the rest does not come. @throws Error when there is such a file already */
async function writeNew(path: string, lines: Readable): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await pipeline(lines, file.createWriteStream());
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
