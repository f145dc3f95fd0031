/** A setting breaks its rule. The message names both and holds no value, which may be a secret. */
export class ConfigError extends Error {
  constructor(
    readonly setting: string,
    rule: string,
  ) {
    super(`setting ${setting}: ${rule}`);
  }
}
