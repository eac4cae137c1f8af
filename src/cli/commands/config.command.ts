import { Command } from 'nest-commander';
import { describeEnvironment } from '../../platform/config/environment.js';
import { StrictCommand } from '../strict-command.js';

@Command({
  name: 'config',
  description: 'List every environment variable, whether it is set, and what it means',
})
export class ConfigCommand extends StrictCommand {
  override run(): Promise<void> {
    const rows = describeEnvironment();
    const width = Math.max(...rows.map((row) => row.name.length));
    for (const row of rows) {
      process.stdout.write(`${row.name.padEnd(width)}  ${row.state.padEnd(7)}  ${row.meaning}\n`);
    }
    return Promise.resolve();
  }
}
