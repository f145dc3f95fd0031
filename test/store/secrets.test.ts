import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveSecrets } from '../../src/settings/secrets';

const NONE = { adminToken: undefined, secretKey: undefined };

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'hub-test-secrets-'));

describe('resolveSecrets', () => {
  it('makes both once and keeps them, readable by their owner alone', async () => {
    const dataDir = join(await folder(), 'data');
    const made = await resolveSecrets(dataDir, NONE);
    expect(made).toMatchObject({ madeAdminToken: true, adminToken: expect.stringMatching(/^\S{43}$/) });
    expect(await resolveSecrets(dataDir, NONE)).toEqual({ ...made, madeAdminToken: false });
    for (const name of await readdir(dataDir))
      expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toHaveLength(2);
  });

  it('takes those that are set, and writes nothing', async () => {
    const dataDir = await folder();
    const resolved = await resolveSecrets(dataDir, { adminToken: 'a', secretKey: 's' });
    expect(resolved).toEqual({ adminToken: 'a', secretKey: 's', madeAdminToken: false });
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('makes one secret for several that start at once', async () => {
    const dataDir = await folder();
    const all = await Promise.all([1, 2, 3, 4].map(() => resolveSecrets(dataDir, NONE)));
    expect(new Set(all.map(({ secretKey }) => secretKey)).size).toBe(1);
    expect(all.filter(({ madeAdminToken }) => madeAdminToken)).toHaveLength(1);
    expect((await readFile(join(dataDir, 'secret-key'), 'utf8')).trim()).toBe(all[0]?.secretKey);
  });

  it('stops the start when a kept secret is empty', async () => {
    const dataDir = await folder();
    await writeFile(join(dataDir, 'secret-key'), '\n');
    await expect(resolveSecrets(dataDir, NONE)).rejects.toThrow('secret-key');
  });
});
