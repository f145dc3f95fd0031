import { ConfigError, readConfig, type Settings } from '../config';
import { answerHelp } from '../usage';
import { release } from '../version';
import { checkDataDir, checkDatabase } from './database';
import { ok, report, warning, wrong, type Finding } from './finding';
import { checkNetwork } from './network';

/*
 * npm run doctor: checks all that a start needs, without one. It looks at settings, folder, database, port and URL,
 * makes and changes nothing, and says what to do about each thing that is wrong.
 */

const USAGE = `npm run doctor: checks what a start of the hub needs, and changes nothing.

It reads the same settings as \`npm start\` (environment variables), and prints one line per check: ok, warning or
wrong, with the remedy. The exit code is 1 if anything is wrong, else 0.`;

function settingsOf(): Settings | Finding {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return wrong(error.setting, error.message.replace(`setting ${error.setting}: `, ''));
  }
}

async function examine(): Promise<Finding[]> {
  const node = ok('Node', `${process.version} (needed: ${release().node})`);
  const settings = settingsOf();
  // the other checks would look at what the settings do not mean
  if ('state' in settings) return [node, settings];
  return [
    node,
    ok('settings', 'keep their rules'),
    ...settings.warnings.map(({ setting, warning: words }) => warning(setting, words)),
    ...(await checkDataDir(settings)),
    ...(await checkDatabase(settings)),
    ...(await checkNetwork(settings.config)),
  ];
}

async function main(): Promise<void> {
  const findings = await examine();
  process.stdout.write(report(findings));
  process.exitCode = findings.some(({ state }) => state === 'wrong') ? 1 : 0;
}

answerHelp(USAGE);
void main();
