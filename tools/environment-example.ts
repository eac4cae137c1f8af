import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Variable, VARIABLES } from '../src/platform/config/variables.ts';

const WIDTH = 100;

/** What `.env.example` must hold: every variable with its meaning, commented out unless it has a default. */
export function environmentExample(): string {
  const head =
    '# Every variable that Sceau reads. `npm run sceau -- config` shows which of them are set.\n# Written by: node tools/environment-example.ts\n';
  const sections = Object.entries<Variable>(VARIABLES).map(([name, variable]) => {
    const meaning = variable.secret === true ? `${variable.meaning} Secret.` : variable.meaning;
    const lines = wrapped(meaning).map((line) => `# ${line}`);
    return [
      ...lines,
      variable.default === undefined ? `# ${name}=` : `${name}=${quoted(variable.default)}`,
    ].join('\n');
  });
  return `${[head.trimEnd(), ...sections].join('\n\n')}\n`;
}

function quoted(value: string): string {
  return /[\s<>#"']/.test(value) ? `"${value}"` : value;
}

function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length + 1 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(join(import.meta.dirname, '..', '.env.example'), environmentExample());
}
