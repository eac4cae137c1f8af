import { pathToFileURL } from 'node:url';
import JestRuntime from 'jest-runtime';

let imported = 0;

/** Jest's runtime, which has Node import each file of tests, anew each time. */
export default class NodeRuntime extends JestRuntime {
  unstable_shouldLoadAsEsm() {
    return true;
  }

  unstable_importModule(path) {
    imported += 1;
    return import(`${pathToFileURL(path).href}?${imported}`);
  }
}
