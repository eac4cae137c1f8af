import { ensureBuilt, ensureInstalled, handOver } from './launch.mjs';

ensureInstalled();
ensureBuilt();
handOver('tools/serve.ts', [], { watched: true });
