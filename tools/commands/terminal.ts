/** What a verb has of the process that it runs in. */
export const terminal = {
  stdout: (text: string) => void process.stdout.write(text),
  stderr: (text: string) => void process.stderr.write(text),
  env: process.env,
};
