import { ensureBuilt, ensureInstalled, handOver } from './launch.mjs';

ensureInstalled();
ensureBuilt();
handOver('dist/cli/main.js');
