import type { JsonObject } from './json';
import { SimulatedPlatform } from './platform';
import { putObjects, type Pushed } from './pushing';
import { objectsOf } from './store';

/** An eMSP: owns tokens and pushes them to the hub, TO = hub; receives locations, tariffs, sessions and CDRs. */
export class SimulatedEmsp extends SimulatedPlatform {
  /** PUT of tokens. */
  async pushTokens(tokens: readonly JsonObject[]): Promise<Pushed[]> {
    return putObjects(this, 'tokens', tokens);
  }

  /** What it holds of a module, as received. */
  holds(module: string): JsonObject[] {
    return objectsOf(this.stored, module);
  }
}
