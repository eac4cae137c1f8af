/** The drill as a command: how TypeScript is loaded comes first, then everything else. */
import '../runner/typescript.mjs';
import start from '../support/global-setup.mjs';
import stop from '../support/global-teardown.mjs';

const { main } = await import('./command.ts');
process.exitCode = await main(process.argv.slice(2), { start, stop });
