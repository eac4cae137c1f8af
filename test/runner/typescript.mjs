import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

/** What TypeScript makes of decorators (tsconfig.json), which Node's own removal of types leaves alone. */
const OPTIONS = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

const ofTheProject = (url) => /^file:.*\.ts(?:\?|$)/.test(url ?? '') && !url.includes('/node_modules/');

/** The file that TypeScript means by the name that its output will have (`./clock.js` is `./clock.ts`). */
function sourceOf(specifier, importer) {
  if (!ofTheProject(importer) || !/^\.{1,2}\/.*\.js$/.test(specifier)) return undefined;
  const source = new URL(specifier.replace(/\.js$/, '.ts'), importer);
  return existsSync(source) ? source.href : undefined;
}

// Once in a process: whoever imports this file can import TypeScript from then on.
registerHooks({
  resolve(specifier, context, next) {
    const url = sourceOf(specifier, context.parentURL);
    return url === undefined ? next(specifier, context) : { url, format: 'module', shortCircuit: true };
  },
  load(url, context, next) {
    if (!ofTheProject(url)) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      ...OPTIONS,
      filename,
      sourceFileName: filename,
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
process.setSourceMapsEnabled(true);
