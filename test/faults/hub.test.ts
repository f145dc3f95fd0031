import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/network';
import { OwnDatabase } from './own-database';
import { LONG, Scene } from './scene';

/* One api and one worker process under load; they and their database are killed and frozen in turn. */

const ROUNDS = LONG ? 5 : 1;
const AWAY_MS = LONG ? 20_000 : 4000;
jest.setTimeout(LONG ? 900_000 : 180_000);

let database: OwnDatabase;
let scene: Scene;

beforeAll(async () => {
  database = await OwnDatabase.start();
  scene = await Scene.start(database.url, { api: { MODE: 'api' }, worker: { MODE: 'worker' } });
});

afterAll(async () => {
  await scene?.end();
  await database?.end();
});

/** Success, the hub's own fault, and a DELETE of what is gone. */
const EXPECTED = /^(20[01]\/(1000|3000)|404\/2001)$/;

/** Status of /health/ready. */
const ready = async (name: string): Promise<number> =>
  (await fetch(new URL('/health/ready', scene.hub(name).url))).status;

/** Both processes are ready again, without anybody's help. */
const recovered = (): Promise<void> =>
  eventually(
    async () => (await ready('api')) === 200 && (await ready('worker')) === 200,
    'ready again',
    60_000,
  );

test('kill -9 of api, worker and database in turn, each restarted: nothing is lost, all receivers are in sync', async () => {
  await scene.underLoad(async (load) => {
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of ['api', 'worker']) {
        await scene.disturb(async () => {
          await scene.hub(name).kill();
          await scene.restart(name);
        });
        await load.acknowledges(50);
      }
      await scene.disturb(async () => {
        await database.kill();
        await database.restart();
        await recovered();
      });
      await load.acknowledges(50);
    }
  });
});

test('a database that is away is answered 3000 and 503 at once, and what was acknowledged is there afterwards', async () => {
  await scene.underLoad(async (load) => {
    const unanswered = load.answers.get('none');
    await scene.disturb(async () => {
      await database.kill();
      const [during] = await Promise.all([
        Promise.all([ready('api'), ready('worker')]),
        load.answered('200/3000', 20),
      ]);
      expect(during).toEqual([503, 503]);
      await pause(AWAY_MS);
      expect(await ready('api')).toBe(503);
      await database.restart();
      await recovered();
    });
    await load.acknowledges(50);
    expect(load.answers.get('none')).toBe(unanswered);
    const others = [...load.answers.keys()].filter((answer) => !EXPECTED.test(answer));
    expect(others).toEqual([]);
  });
});

test('a database that freezes hangs no request, and all goes on when it wakes', async () => {
  await scene.underLoad(async (load) => {
    await scene.disturb(async () => {
      database.freeze();
      try {
        const [during] = await Promise.all([
          Promise.all([ready('api'), ready('worker')]),
          load.answered('200/3000', 10),
        ]);
        expect(during).toEqual([503, 503]);
        await pause(AWAY_MS);
      } finally {
        database.wake();
      }
      await recovered();
    });
    await load.acknowledges(50);
    expect(load.answers.get('none')).toBeUndefined();
  });
});
