import { TestEnvironment } from 'jest-environment-node';
import './typescript.mjs';

/** `String`, `Error`, `Uint8Array` and the like, by name. */
const BUILT_INS = Object.getOwnPropertyNames(globalThis)
  .filter((name) => /^[A-Z]/.test(name))
  .map((name) => [name, globalThis[name]])
  .filter(([, value]) => typeof value === 'function');

/**
 * Jest's environment for Node with the globals of the process, instead of a copy of them for each file: what Node has
 * loaded for one file serves the next one too.
 */
export default class SharedEnvironment extends TestEnvironment {
  #exit = Reflect.get(process, 'exit');
  #console = globalThis.console;

  constructor(config, context) {
    super(config, context);
    // Jest's own code stays in a context of its own, where `expect.any(String)` has to mean the String of here.
    for (const [name, value] of BUILT_INS) this.global[name] = value;
    this.global = globalThis;
  }

  async setup() {
    // Jest looks up the lines of what it has compiled itself; Node knows those of what it has loaded.
    Error.prepareStackTrace = undefined;
    await super.setup();
  }

  async teardown() {
    process.exit = this.#exit;
    globalThis.console = this.#console;
    await super.teardown();
  }
}
