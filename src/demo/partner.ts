import { describeAnswer, SimulatedCpo, SimulatedEmsp, succeeded } from '../simulator';
import type { Answer, JsonObject, Party } from '../simulator';
import type { Admin } from './admin';
import { Expected } from './expected';

/** A partner of the demo: its platform, what it pushed, and what became of that. */
export class Partner<Platform extends SimulatedCpo | SimulatedEmsp = SimulatedCpo | SimulatedEmsp> {
  readonly expected = new Expected();
  sent = 0;
  accepted = 0;
  /** How often the hub refused for a reason, by reason. */
  readonly refused = new Map<string, number>();

  constructor(
    readonly platform: Platform,
    /** What it brings along, by module. */
    readonly objects: { locations: JsonObject[]; tariffs: JsonObject[]; tokens: JsonObject[] },
  ) {}

  get name(): string {
    return this.platform.name;
  }

  /** Books an answer of the hub. */
  book(answer: Answer): void {
    this.sent += 1;
    if (succeeded(answer)) this.accepted += 1;
    else this.refuse(describeAnswer(answer));
  }

  /** Books requests that succeeded. */
  bookSuccess(count = 1): void {
    this.sent += count;
    this.accepted += count;
  }

  private refuse(reason: string): void {
    const kind = reason.replace(/\[\d+\]/g, '[*]').replace(/"[^"]*"/g, '"…"');
    this.refused.set(kind, (this.refused.get(kind) ?? 0) + 1);
  }
}

export type CpoPartner = Partner<SimulatedCpo>;
export type EmspPartner = Partner<SimulatedEmsp>;

export const NOTHING = { locations: [], tariffs: [], tokens: [] };

/** A CPO's platform, started. */
export async function startCpo(party: Party): Promise<SimulatedCpo> {
  return new SimulatedCpo({ parties: [party] }).start();
}

/** An eMSP's platform, started. */
export async function startEmsp(party: Party): Promise<SimulatedEmsp> {
  return new SimulatedEmsp({ parties: [party] }).start();
}

/** Makes a partner at the hub and does the handshake. */
export async function connect(admin: Admin, partner: Partner, options: { lenient: boolean }): Promise<void> {
  const { id, tokenA, versionsUrl } = await admin.createPartner(partner.name);
  if (options.lenient) await admin.makeLenient(id);
  await partner.platform.register(versionsUrl, tokenA);
}
