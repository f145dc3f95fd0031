import { OwnDatabase } from './own-database';
import { LONG, Scene } from './scene';

/* One api and one worker process under load; they and their database are killed in turn. */

const ROUNDS = LONG ? 5 : 1;

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

const PARTS = {
  api: { kill: () => scene.hub('api').kill(), restart: () => scene.restart('api') },
  worker: { kill: () => scene.hub('worker').kill(), restart: () => scene.restart('worker') },
  database: { kill: () => database.kill(), restart: () => database.restart() },
};

test('kill -9 of api, worker and database in turn, each restarted: nothing is lost, all receivers are in sync', async () => {
  await scene.underLoad(async (load) => {
    for (let round = 0; round < ROUNDS; round++) {
      for (const { kill, restart } of Object.values(PARTS)) {
        await scene.disturb(async () => {
          await kill();
          await restart();
          await scene.recovered();
        });
        await load.acknowledges(50);
      }
    }
  });
});

// no later write makes good what the kill loses
test.each(Object.entries(PARTS))(
  'kill -9 of %s in the middle of the very last writes',
  async (_name, part) => {
    scene.slowDown(250);
    await scene.underLoad(async (load) => {
      load.rush();
      await Promise.all([load.acknowledges(400), scene.positionsSaved()]);
      await scene.disturb(async () => {
        const stopped = load.stop();
        await part.kill();
        await part.restart();
        await Promise.all([scene.recovered(), stopped]);
      });
      scene.slowDown(0);
    });
  },
);

test('a database that freezes under load and is then killed: nothing was acknowledged too soon', async () => {
  await scene.underLoad(async (load) => {
    await load.acknowledges(100);
    await scene.disturb(async () => {
      await database.freeze();
      await load.answered('200/3000', 6);
      await database.kill();
      const stopped = load.stop();
      await database.restart();
      await Promise.all([scene.recovered(), stopped]);
    });
  });
});
