import type { Logger } from 'pino';
import { moduleName } from '../../ocpi/versions';
import type { Registry } from '../../store/registry/registry';

/** Tells once when a partner begins to refuse a module, and when it accepts something of it again. */
export class Refusing {
  private readonly modules = new Set<string>();

  constructor(
    private readonly log: Logger,
    private readonly registry: Registry,
  ) {}

  /** A delivery failed for good. */
  failed(receiver: number, module: number): void {
    const key = this.keyOf(receiver, module);
    if (key === undefined || this.modules.has(key)) return;
    this.modules.add(key);
    this.say(receiver, module, 'partner refuses');
  }

  /** A delivery was accepted. */
  passed(receiver: number, module: number): void {
    if (this.modules.size === 0) return;
    const key = this.keyOf(receiver, module);
    if (key !== undefined && this.modules.delete(key)) this.say(receiver, module, 'partner accepts again');
  }

  private keyOf(receiver: number, module: number): string | undefined {
    const partner = this.registry.partyByNumber(receiver)?.partner;
    return typeof partner === 'string' ? `${partner}/${module}` : undefined;
  }

  private say(receiver: number, module: number, message: string): void {
    const partner = this.registry.partyByNumber(receiver)?.partner;
    if (typeof partner !== 'string') return;
    this.log.info({ ...this.registry.partnerInLog(partner), module: moduleName(module) }, message);
  }
}
