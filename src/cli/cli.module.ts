import { Module } from '@nestjs/common';
import { type CommandRunner, InjectCommander } from 'nest-commander';
import { AgencyCommand } from './commands/agency.command.js';
import { BudgetCommand } from './commands/budget.command.js';
import { CanaryCommand } from './commands/canary.command.js';
import { CandidateCommand } from './commands/candidate.command.js';
import { ConfigCommand } from './commands/config.command.js';
import { IncidentCommand } from './commands/incident.command.js';
import { KeysCommand } from './commands/keys.command.js';
import { LedgerCommand } from './commands/ledger.command.js';
import { PrepareCommand } from './commands/prepare.command.js';
import { RecordsCommand } from './commands/records.command.js';
import { RecoveryCommand } from './commands/recovery.command.js';
import { SessionsCommand } from './commands/sessions.command.js';
import { StaffCommand } from './commands/staff.command.js';
import { WebhooksCommand } from './commands/webhooks.command.js';
import { VERSION } from '../version.js';

/** The commands alone: each opens the rooms it needs, so that `config` and `--help` need no database. */
@Module({
  providers: [
    ConfigCommand,
    PrepareCommand,
    ...RecordsCommand.registerWithSubCommands(),
    ...RecoveryCommand.registerWithSubCommands(),
    ...SessionsCommand.registerWithSubCommands(),
    ...StaffCommand.registerWithSubCommands(),
    ...AgencyCommand.registerWithSubCommands(),
    ...BudgetCommand.registerWithSubCommands(),
    ...CanaryCommand.registerWithSubCommands(),
    ...CandidateCommand.registerWithSubCommands(),
    ...IncidentCommand.registerWithSubCommands(),
    ...WebhooksCommand.registerWithSubCommands(),
    ...KeysCommand.registerWithSubCommands(),
    ...LedgerCommand.registerWithSubCommands(),
  ],
})
export class CliModule {
  constructor(@InjectCommander() program: CommandRunner['command']) {
    program.name('sceau').version(VERSION).exitOverride();
  }
}
