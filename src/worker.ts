import { createWorker } from './worker.module.js';
import { readSettingsOrExit, startOrExit, stopOnRequest } from './process.js';

const settings = readSettingsOrExit();
const worker = await startOrExit(settings, () => createWorker(settings));
stopOnRequest(worker);
process.send?.({ ready: true });
