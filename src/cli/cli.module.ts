import { Module } from '@nestjs/common';
import { AgencyCommand } from './commands/agency.command.js';
import { ConfigCommand } from './commands/config.command.js';
import { PrepareCommand } from './commands/prepare.command.js';
import { StaffCommand } from './commands/staff.command.js';

/** The commands alone: each opens the rooms it needs, so that `config` and `--help` need no database. */
@Module({
  providers: [
    ConfigCommand,
    PrepareCommand,
    ...StaffCommand.registerWithSubCommands(),
    ...AgencyCommand.registerWithSubCommands(),
  ],
})
export class CliModule {}
