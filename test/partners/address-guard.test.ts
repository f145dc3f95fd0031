import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { isPublicAddress, refusalOf } from '../../src/partners/transport/address-guard';
import { Transport } from '../../src/partners/transport/transport';

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '[2a00:1450:4001:830::200e]'])(
    'takes %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '::',
    '::1',
    '[::1]',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'ff02::1',
    '2001:db8::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'example.com',
    '',
  ])('refuses %s', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('refusalOf', () => {
  it.each(['http://localhost:3000/x', 'https://example.com', 'http://10.0.0.1/'])(
    'lets %s through where any goes',
    (url) => expect(refusalOf(url, 'any')).toBeUndefined(),
  );

  it.each(['ftp://x/', 'javascript:alert(1)', 'x', 'http://u:p@x/', 'https://u@x/'])(
    'never lets %s through',
    (url) => expect(refusalOf(url, 'any')).toBeDefined(),
  );

  it.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest',
  ])('refuses %s where only public ones go', (url) => expect(refusalOf(url, 'public')).toBeDefined());

  it('lets a public https URL through', () =>
    expect(refusalOf('https://example.com/ocpi', 'public')).toBeUndefined());
});

describe('a transport for public addresses alone', () => {
  it.each([
    'https://localhost:PORT/',
    'https://127.0.0.1:PORT/',
    'https://[::1]:PORT/',
    'https://2130706433:PORT/',
    'http://localhost:PORT/',
  ])('never connects to %s', async (url) => {
    let connections = 0;
    const server = http.createServer().on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, resolve));
    const transport = new Transport({ partnerUrls: 'public' });
    const at = url.replace('PORT', String((server.address() as AddressInfo).port));
    const result = await transport.send({ pool: 'p', method: 'GET', url: at, headers: {}, timeoutMs: 2000 });
    expect(result).toMatchObject({ ok: false, failure: { kind: 'blocked' } });
    expect(connections).toBe(0);
    await transport.close();
    server.close();
  });
});
