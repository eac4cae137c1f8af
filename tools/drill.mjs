import { ensureBuilt, ensureInstalled, handOver } from './launch.mjs';

ensureInstalled();
ensureBuilt();
handOver('test/drill/main.mjs');
