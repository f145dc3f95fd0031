import { setFlagsFromString } from 'node:v8';
import { readConfig } from './config';
import { startHub, type RunningHub } from './start';
import { answerHelp } from './usage';

/* Starts api, worker or both in the foreground; ends on SIGTERM or Ctrl-C, which npm passes on a second time. */

const USAGE = `npm start: starts the hub in the foreground; Ctrl-C or SIGTERM ends it.

Settings are environment variables:  PORT=8080 DATA_DIR=/srv/hub npm start
README.md, "Settings", lists them. \`npm run doctor\` checks them and what they name, without a start.`;

/** For people: a terminal is told where everything is. Elsewhere the log line \`started\` says it. */
function announce({ context, url, port, dataDir, madeAdminToken }: RunningHub): void {
  const { mode, host } = context.config;
  const served = mode === 'worker' ? [] : [`versions  ${url}/ocpi/versions`, `admin     ${url}/admin/api`];
  const lines = [
    'ocpi-hub is ready',
    ...served.map((line) => `  ${line}`),
    `  health    http://${host ?? 'localhost'}:${port}/health/ready`,
    ...(dataDir ? [`  database  ${dataDir}`] : []),
    ...(madeAdminToken ? [`  ADMIN_TOKEN (shown once, kept in DATA_DIR)  ${madeAdminToken}`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function endOnSignal(hub: RunningHub): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    hub.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        hub.context.log.error({ err: error }, 'the end was not clean');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

function giveUp(): void {
  process.stderr.write('ocpi-hub: the embedded database has ended; the hub ends too, a new start recovers\n');
  process.exit(1);
}

async function main(): Promise<void> {
  try {
    const hub = await startHub({ ...readConfig(), onDatabaseEnd: giveUp });
    endOnSignal(hub);
    if (process.stdout.isTTY) announce(hub);
  } catch (error) {
    process.stderr.write(`ocpi-hub: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

/*
 * On a machine with much memory V8 lets the heap grow several times over before it collects: at 10,000 pushes a
 * second a worker then held 373 to 504 MB, with this 159 MB (50,000 objects, 50 platforms). It is no limit: a heap
 * that needs more gets it.
 */
setFlagsFromString('--heap-growing-percent=50');
answerHelp(USAGE);
void main();
