import { createWorker } from './worker.module.js';
import { readSettingsOrExit, stopOnRequest } from './process.js';

const worker = await createWorker(readSettingsOrExit());
stopOnRequest(worker);
process.send?.({ ready: true });
