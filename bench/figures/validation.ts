import { answerOf, endChild, startChild } from '../children';
import { compare, type Figure, type Plan } from '../measure';

/* The compiled check of a valid Location against JSON.parse of its text. */
export async function measureValidation(plan: Plan): Promise<Figure> {
  const { child } = await startChild('validation-loop.js');
  const ms = plan.ms / 2;
  const figure = await compare(plan, {
    name: 'validation of a valid 3 kB Location',
    yardstick: 'JSON.parse of its text',
    unit: 'us',
    target: { relation: '<=', value: 1 },
    hub: () => answerOf<number>(child, { side: 'check', ms }),
    reference: () => answerOf<number>(child, { side: 'parse', ms }),
  });
  await endChild(child);
  return figure;
}
