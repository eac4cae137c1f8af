import { ensureBuilt, ensureInstalled, handOver } from './launch.mjs';

ensureInstalled();
ensureBuilt();
handOver('bench/run.ts');
