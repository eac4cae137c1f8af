import { CommandRunner } from 'nest-commander';

/**
 * A command that refuses words it does not know: a forgotten `--subject` must not make it another command. It leaves
 * the end of the process to whoever runs it.
 */
export abstract class StrictCommand extends CommandRunner {
  override setCommand(command: Parameters<CommandRunner['setCommand']>[0]): this {
    command.allowExcessArguments(false).exitOverride();
    return super.setCommand(command);
  }
}
