/**
 * For programs that take no arguments: prints the usage for `--help` or `-h` and ends; anything else is refused with
 * exit code 2.
 */
export function answerHelp(usage: string, args: readonly string[] = process.argv.slice(2)): void {
  if (args.length === 0) return;
  const asked = args.length === 1 && ['--help', '-h'].includes(args[0] ?? '');
  if (asked) process.stdout.write(`${usage}\n`);
  else process.stderr.write(`unknown arguments: ${args.join(' ')}\n\n${usage}\n`);
  process.exit(asked ? 0 : 2);
}
