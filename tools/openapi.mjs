import { ensureBuilt, ensureInstalled, handOver } from './launch.mjs';

ensureInstalled();
ensureBuilt();
handOver('tools/export-openapi.ts');
