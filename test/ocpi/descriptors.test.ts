import { isOwned, type OwnedModuleDescriptor } from '../../src/ocpi/module';
import { ownedModule, ownedModules, versions } from '../../src/ocpi/versions';

/* Rules between the fields of a descriptor, which the compiler does not know. */

const methodsOf = ({ operations }: OwnedModuleDescriptor): string[] =>
  operations.filter(({ operation }) => operation === 'push').map(({ method }) => method);

describe.each(ownedModules.map((module) => [module.identifier, module] as const))('%s', (_, module) => {
  test('an object that concerns one party names it', () => {
    expect(module.concerned !== undefined).toBe(module.sharing.concernsOne);
  });

  test('an object has levels where it is received level by level', () => {
    expect(module.levels.length > 0).toBe(module.receive === 'levels');
  });

  test('what is received once for good is POSTed, all else is PUT', () => {
    expect(module.push).toBe(module.receive === 'once' ? 'POST' : 'PUT');
    expect(methodsOf(module)).toContain(module.push);
  });

  test('an object is deletable where its Receiver interface has DELETE', () => {
    expect(methodsOf(module).includes('DELETE')).toBe(module.deletable);
  });

  test('it is found by its number, which no other module has', () => {
    expect(module.number).toBeGreaterThan(0);
    expect(ownedModule(module.number)).toBe(module);
  });
});

test.each(versions.map((version) => [version.number, version] as const))(
  'the stored modules of %s are those of its functional modules, by their number',
  (_, version) => {
    const owned = version.functionalModules.filter(isOwned);
    expect([...version.ownedModules].sort((a, b) => owned.indexOf(a) - owned.indexOf(b))).toEqual(owned);
    const numbers = version.ownedModules.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  },
);
