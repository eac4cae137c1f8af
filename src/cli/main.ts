#!/usr/bin/env node
import { systemCode } from '../kernel/errors.js';
import { runCommandLine } from './command-line.js';

// Whoever reads us (`sceau config | head`) may have seen enough.
process.stdout.on('error', (error) => {
  if (systemCode(error) !== 'EPIPE') throw error;
  process.exit(0);
});

const code = await runCommandLine(process.argv.slice(2));
// Nothing that is still open keeps a command that has failed.
if (code !== 0) process.exit(code);
