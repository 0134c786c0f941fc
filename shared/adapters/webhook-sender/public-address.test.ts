import { describe, expect, it } from '@jest/globals';
import { isPublic, publicLookup, type Resolve, refusePrivateLiteral } from './public-address.ts';

const PUBLIC = ['8.8.8.8', '203.0.112.1', '2606:4700:4700::1111', '2a00:1450:4009::200e'];

const NOT_PUBLIC: [kind: string, addresses: string[]][] = [
  ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
  ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fdff::1']],
  ['link-local, metadata servers among them', ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fd20:ce::254']],
  ['unspecified', ['0.0.0.0', '0.1.2.3', '::']],
  ['shared by carriers', ['100.64.0.1', '100.127.255.255']],
  ['multicast and broadcast', ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1']],
  ['reserved, for documentation or tests', ['192.0.0.8', '192.0.2.1', '198.18.0.1', '198.51.100.1', '240.0.0.1']],
  ['reserved, of version 6', ['2001:db8::1', '100::1', 'fec0::1']],
  [
    'an address of version 4 in one of version 6',
    ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::7f00:1', '64:ff9b::7f00:1'],
  ],
  ['an address of version 4 in a tunnel', ['2002:7f00:1::', '2001::1']],
  ['none at all', ['localhost', '127.1', '']],
];

describe('public is', () => {
  it.each(PUBLIC)('%s', (address) => {
    expect(isPublic(address)).toBe(true);
  });
});

describe('not public is what is', () => {
  it.each(NOT_PUBLIC)('%s', (_, addresses) => {
    expect(addresses.filter(isPublic)).toEqual([]);
  });
});

describe('a URL', () => {
  const refused = { code: 'ADDRESS_REFUSED', kind: 'permanent' };
  it.each([
    'https://127.0.0.1/hook',
    'https://[::1]/hook',
    'https://[::ffff:10.0.0.1]/hook',
    'https://169.254.169.254/computeMetadata/v1/',
    'https://2130706433/hook',
    'https://0x7f.1/hook',
    'https://0177.0.0.1/hook',
    'https://127.1/hook',
    'https://user:password@10.0.0.1:8443/hook',
  ])('%s is refused', (url) => {
    expect(() => refusePrivateLiteral(new URL(url))).toThrow(expect.objectContaining(refused));
  });

  it.each([
    'https://8.8.8.8/hook',
    'https://[2606:4700::1]/hook',
    'https://example.com/10.0.0.1',
    'https://localhost/',
  ])('%s is not, or not yet', (url) => {
    expect(() => refusePrivateLiteral(new URL(url))).not.toThrow();
  });
});

describe('a lookup', () => {
  const answering =
    (...addresses: string[]): Resolve =>
    (_host, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );

  /** Resolves to what a connection receives when it looks up a name: one address, or all of them. */
  const look = (resolve: Resolve, all: boolean) =>
    new Promise((done) => {
      publicLookup(resolve)('example.com', { all }, (error, ...answer) => done(error ?? answer));
    });

  it('gives the very addresses that were found', async () => {
    const found = answering('8.8.8.8', '2606:4700::1');
    expect(await look(found, false)).toEqual(['8.8.8.8', 4]);
    expect(await look(found, true)).toEqual([
      [
        { address: '8.8.8.8', family: 4 },
        { address: '2606:4700::1', family: 6 },
      ],
    ]);
  });

  it.each([[['10.0.0.1']], [['8.8.8.8', '127.0.0.1']], [['::1', '8.8.8.8']], [[]]])(
    'is refused when it finds %j',
    async (addresses) => {
      for (const all of [true, false]) {
        expect(await look(answering(...addresses), all)).toMatchObject({ code: 'ADDRESS_REFUSED', kind: 'transient' });
      }
    },
  );

  it('that fails is no refusal', async () => {
    const failing: Resolve = (_host, _options, callback) => callback(Object.assign(new Error('ENOTFOUND')), []);
    expect(await look(failing, true)).toEqual(new Error('ENOTFOUND'));
  });
});
