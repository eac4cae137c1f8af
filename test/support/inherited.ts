/** What a child process has of its parent's environment, which is else its own: where programs are, and compiled code. */
export const INHERITED = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
} as const;
