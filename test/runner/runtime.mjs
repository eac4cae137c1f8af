import { pathToFileURL } from 'node:url';
import JestRuntime from 'jest-runtime';

/**
 * How often this process has imported a file of tests: an address of its own each time, and the same ones in each run,
 * under which Node finds what it has compiled.
 */
const imported = new Map();

/** Jest's runtime, which has Node import each file of tests, anew each time. */
export default class NodeRuntime extends JestRuntime {
  unstable_shouldLoadAsEsm() {
    return true;
  }

  unstable_importModule(path) {
    const times = (imported.get(path) ?? 0) + 1;
    imported.set(path, times);
    return import(`${pathToFileURL(path).href}?${times}`);
  }
}
