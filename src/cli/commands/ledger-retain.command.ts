import { Option, SubCommand } from 'nest-commander';
import { type LedgerMonth, Retention } from '../../ledger/index.js';
import { withProgress } from '../progress.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';

interface RetainOptions {
  readonly before?: string;
  readonly dryRun?: boolean;
}

@SubCommand({
  name: 'retain',
  description: 'Drop the contents of months whose time is over, as the worker does each month; proofs stay',
})
export class LedgerRetainCommand extends StrictCommand {
  override async run(_: string[], { before, dryRun = false }: RetainOptions): Promise<void> {
    await withRooms(async (rooms) => {
      const retention = rooms.get(Retention, { strict: false });
      const months = dryRun
        ? await retention.due(before)
        : await withProgress('Dropping months', process.stderr, (progress) =>
            retention.drop({ before, context: commandContext('ledger.retain'), progress }),
          );
      process.stdout.write(`${describe(months, dryRun).join('\n')}\n`);
    });
  }

  @Option({
    flags: '--before <month>',
    description: 'only months before this one (YYYY-MM); default: all that LEDGER_RETENTION_MONTHS lets go',
  })
  parseBefore(value: string): string {
    return value;
  }

  @Option({ flags: '--dry-run', description: 'show what would go, and drop nothing' })
  parseDryRun(): boolean {
    return true;
  }
}

function describe(months: readonly LedgerMonth[], isDry: boolean): readonly string[] {
  const total = months.reduce((sum, { entries }) => sum + entries, 0);
  return [
    ...months.map(({ month, entries }) => `${month}  ${entries} entries`),
    isDry
      ? `${months.length} month(s), ${total} entries would go.`
      : `${months.length} month(s), ${total} entries dropped.`,
  ];
}
