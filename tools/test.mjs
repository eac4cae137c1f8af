import { ensureBuilt, ensureInstalled, handOver } from './launch.mjs';

ensureInstalled();
ensureBuilt();
handOver('node_modules/jest/bin/jest.js', process.argv.slice(2));
