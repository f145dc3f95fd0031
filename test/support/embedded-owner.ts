import { startEmbedded } from '../../src/postgres';

/** A program that owns an embedded PostgreSQL, to be killed by tests: prints it as one JSON line, or its error. */
async function main(dataDir: string): Promise<void> {
  const server = await startEmbedded({ dataDir });
  console.log(JSON.stringify(server));
  setInterval(() => undefined, 60_000);
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  console.log(JSON.stringify({ error: String(error) }));
  process.exit(1);
});
