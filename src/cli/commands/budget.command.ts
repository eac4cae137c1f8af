import { Command, Option, SubCommand } from 'nest-commander';
import { Failure } from '../../kernel/errors.js';
import type { AgencyId } from '../../kernel/ids.js';
import { Budgets } from '../../modules/agencies/index.js';
import { AgencyUsage } from '../../modules/applications/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';
import { readId, readMoment } from './agency-words.js';

interface SetOptions {
  readonly hour?: number;
  readonly day?: number;
  readonly month?: number;
  readonly until: Date;
}

@SubCommand({
  name: 'show',
  description: 'An agency’s disclosure budget: what is set, every limit and what is used of it',
  arguments: '<agency>',
})
class BudgetShowCommand extends StrictCommand {
  override async run([agency = '']: string[]): Promise<void> {
    const id = readId<AgencyId>(agency);
    await withRooms(async (rooms) => {
      const usage = rooms.get(AgencyUsage, { strict: false });
      const { openApplications, set, limits } = await usage.show(commandContext('budget.show'), id);
      process.stdout.write(`Open applications: ${openApplications}\n`);
      if (set !== undefined) process.stdout.write(`Set by operators until ${set.until.toISOString()}\n`);
      for (const { reach, window, limit, used } of limits) {
        const whose =
          reach.kind === 'client' ? reach.client : reach.kind === 'purpose' ? reach.purpose : 'agency';
        process.stdout.write(`${whose.padEnd(36)}  ${window.padEnd(5)}  ${used} of ${limit}\n`);
      }
    });
  }
}

@SubCommand({
  name: 'set',
  description: 'Set an agency’s budget for a limited time, in different candidates; what is not named stays',
  arguments: '<agency>',
})
class BudgetSetCommand extends StrictCommand {
  override async run([agency = '']: string[], { until, ...limits }: SetOptions): Promise<void> {
    const id = readId<AgencyId>(agency);
    await withRooms(async (rooms) => {
      const budgets = rooms.get(Budgets, { strict: false });
      const set = await budgets.set(commandContext('budget.set'), id, { limits, until });
      const said = (['hour', 'day', 'month'] as const)
        .map((window) => `${window} ${set[window] ?? 'default'}`)
        .join(', ');
      process.stdout.write(`Set until ${until.toISOString()}: ${said}.\n`);
    });
  }

  @Option({ flags: '--hour <candidates>', description: 'in an hour' })
  parseHour(value: string): number {
    return readLimit(value);
  }

  @Option({ flags: '--day <candidates>', description: 'in 24 hours' })
  parseDay(value: string): number {
    return readLimit(value);
  }

  @Option({ flags: '--month <candidates>', description: 'in 30 days' })
  parseMonth(value: string): number {
    return readLimit(value);
  }

  @Option({
    flags: '--until <moment>',
    description: 'when the default counts again, such as 2026-12-31T18:00:00Z; within 92 days',
    required: true,
  })
  parseUntil(value: string): Date {
    return readMoment(value);
  }
}

@SubCommand({ name: 'lift', description: 'End a budget that was set', arguments: '<agency>' })
class BudgetLiftCommand extends StrictCommand {
  override async run([agency = '']: string[]): Promise<void> {
    const id = readId<AgencyId>(agency);
    await withRooms((rooms) => rooms.get(Budgets, { strict: false }).lift(commandContext('budget.lift'), id));
    process.stdout.write('The default counts again.\n');
  }
}

@Command({
  name: 'budget',
  description: 'How many candidates an agency may be shown',
  subCommands: [BudgetShowCommand, BudgetSetCommand, BudgetLiftCommand],
})
export class BudgetCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}

function readLimit(value: string): number {
  if (!/^\d{1,7}$/.test(value))
    throw new Failure('invalid_request', { detail: 'A limit is a whole number from 0 to 1000000.' });
  return Number(value);
}
