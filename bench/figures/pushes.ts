import { Generator, Receivers } from '../generator';
import { startHub } from '../hub';
import { compare, type Figure, type Plan } from '../measure';
import { registerCpo, registerReceivers } from '../partner';

/*
 * One EVSE status of each of many locations changes; the clock runs from the first PATCH until each of 50 receivers has
 * each push. The bare loop sends the same PUTs to the same receivers, one connection and one in flight per receiver.
 */

const RECEIVERS = 50;

export async function measurePushes(plan: Plan): Promise<Figure> {
  const changes = plan.quick ? 150 : 300;
  const generator = await Generator.start();
  const receivers = await Receivers.start();
  const hub = await startHub();
  const target = await registerCpo(hub, receivers.port);
  await generator.run({
    target,
    work: { kind: 'fill', count: changes, small: true },
    connections: 16,
    ms: 60_000,
  });
  await registerReceivers(hub, receivers.port, { from: 0, to: RECEIVERS });
  await receivers.until(changes * RECEIVERS, 120_000);
  await receivers.untilQuiet(500, 10_000);
  await receivers.forget();
  const pushed = async (): Promise<number> => {
    const before = await receivers.received();
    const begin = performance.now();
    await generator.run({ target, work: { kind: 'touch', count: changes }, connections: 16, ms: 60_000 });
    await receivers.until(before + changes * RECEIVERS, 120_000);
    return (changes * RECEIVERS * 1000) / (performance.now() - begin);
  };
  const bare = async (): Promise<number> => {
    const work = { kind: 'replay' as const, requests: await receivers.sample() };
    const to = { port: receivers.port, base: '', headers: '' };
    return generator.rate({ target: to, work, connections: RECEIVERS, ms: plan.ms });
  };
  const figure = await compare(plan, {
    name: `pushes to ${RECEIVERS} receivers`,
    yardstick: 'bare keep-alive client loop, the same PUTs',
    unit: 'pushes/s',
    target: { relation: '>=', value: 0.25 },
    hub: pushed,
    reference: bare,
  });
  await hub.stop();
  return figure;
}
