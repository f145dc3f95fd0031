import { setTimeout as pause } from 'node:timers/promises';
import { OwnDatabase } from './own-database';
import { LONG, Scene } from './scene';

/* One api and one worker process under load; their database goes away, or freezes, for a while. */

const AWAY_MS = 20_000;

/** Success, the hub's own fault, and a DELETE of what is gone. */
const EXPECTED = /^(20[01]\/(1000|3000)|404\/2001)$/;

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

test('a database that is away is answered 3000 and 503 at once, and what was acknowledged is there afterwards', async () => {
  await scene.underLoad(async (load) => {
    const unanswered = load.answers.get('none');
    await scene.disturb(async () => {
      await database.kill();
      const [during] = await Promise.all([
        Promise.all([scene.ready('api'), scene.ready('worker')]),
        load.answered('200/3000', 20),
      ]);
      expect(during).toEqual([503, 503]);
      await pause(AWAY_MS);
      expect(await scene.ready('api')).toBe(503);
      await database.restart();
      await scene.recovered();
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
      await database.freeze();
      try {
        const [during] = await Promise.all([
          Promise.all([scene.ready('api'), scene.ready('worker')]),
          load.answered('200/3000', 6),
        ]);
        expect(during).toEqual([503, 503]);
        await pause(LONG ? AWAY_MS : 0);
      } finally {
        await database.wake();
      }
      await scene.recovered();
    });
    await load.acknowledges(50);
    expect(load.answers.get('none')).toBeUndefined();
  });
});
