import 'reflect-metadata';
import { CommandFactory, CommandRunnerService } from 'nest-commander';
import { CliModule } from './cli.module.js';
import { explain } from './explanation.js';

/**
 * Runs one command in this process, with its environment and streams.
 * @param words what was typed after `sceau`
 * @returns the exit code; what went wrong stands on standard error, in one sentence
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const application = await CommandFactory.createWithoutRunning(CliModule, {
    logger: false,
    serviceErrorHandler: (error) => {
      throw error;
    },
  });
  try {
    await application.get(CommandRunnerService).run([process.execPath, 'sceau', ...words]);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // commander has already written its own message or the help text.
    if (error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number')
      return error.exitCode;
    process.stderr.write(`${explain(error)}\n`);
    return 1;
  } finally {
    await application.close();
  }
}
