/** The drill as a command: how TypeScript is loaded comes first, then everything else. */
import '../runner/typescript.mjs';
import start from '../support/global-setup.mjs';
import stop from '../support/global-teardown.mjs';

// PostgreSQL does not end with us; the product's processes do.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void Promise.try(stop).finally(() => process.exit(1)));

const { main } = await import('./command.ts');
process.exitCode = await main(process.argv.slice(2), { start, stop });
