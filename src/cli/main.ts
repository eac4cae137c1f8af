#!/usr/bin/env node
import 'reflect-metadata';
import { CommandFactory } from 'nest-commander';
import { systemCode } from '../kernel/errors.js';
import { CliModule } from './cli.module.js';
import { explain } from './explanation.js';

function fail(error: unknown): never {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

// Whoever reads us (`sceau config | head`) may have seen enough.
process.stdout.on('error', (error) => {
  if (systemCode(error) !== 'EPIPE') throw error;
  process.exit(0);
});

await CommandFactory.run(CliModule, {
  logger: false,
  cliName: 'sceau',
  usePlugins: false,
  errorHandler: (error) => {
    // commander has already written its own message or the help text.
    if ('exitCode' in error && typeof error.exitCode === 'number') process.exit(error.exitCode);
    fail(error);
  },
  serviceErrorHandler: fail,
});
