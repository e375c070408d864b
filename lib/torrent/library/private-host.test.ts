import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sanitiseTrackers } from './parse-source.ts'
import { isPrivateHost } from './private-host.ts'

/** Node's own matcher, with the registries of https://www.iana.org/assignments/iana-ipv4-special-registry/ and -ipv6-. */
const special = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special.addSubnet(net, bits, 'ipv4')
const given = new BlockList()
given.addSubnet('2000::', 3, 'ipv6')
const special6 = new BlockList()
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special6.addSubnet(net, bits, 'ipv6')

const octet = fc.nat(255)
const octets = fc.tuple(octet, octet, octet, octet)
/** Near the edges of the tables as often as anywhere. */
const ipv4 = fc.oneof(
  octets,
  fc
    .tuple(
      fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 198, 203, 223, 224, 239, 240, 255),
      fc.constantFrom(0, 2, 15, 16, 18, 20, 31, 32, 51, 63, 64, 88, 127, 128, 168, 254, 255),
      fc.constantFrom(0, 1, 2, 3, 99, 100, 113, 255),
      fc.nat(255),
    )
    .map((parts): [number, number, number, number] => parts),
)
type Octets = [number, number, number, number]
const toNumber = ([a, b, c, d]: Octets): number => ((a * 256 + b) * 256 + c) * 256 + d
const wide = (text: string): string =>
  text.replace(/[0-9.]/g, (sign) => (sign === '.' ? '。' : String.fromCodePoint(0xff10 + Number(sign))))
const percent = (text: string): string =>
  text.replace(/./g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)

function spell(address: Octets): string[] {
  const [a, b, c, d] = address
  const dotted = address.join('.')
  return [
    dotted,
    `${dotted}.`,
    `${dotted}:8000`,
    `${toNumber(address)}`,
    `0x${toNumber(address).toString(16)}`,
    `0${toNumber(address).toString(8)}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    address.map((octet) => `0${octet.toString(8)}`).join('.'),
    address.map((octet) => `0x${octet.toString(16).toUpperCase()}`).join('.'),
    wide(dotted),
    percent(dotted),
  ]
}

const hex = (value: number): string => value.toString(16)
const wrap = (address: Octets): string[] => {
  const dotted = address.join('.')
  const [a, b, c, d] = address
  const groups = `${hex(a * 256 + b)}:${hex(c * 256 + d)}`
  return [
    `[::${dotted}]`,
    `[::${groups}]`,
    `[::ffff:${dotted}]`,
    `[::FFFF:${groups}]`,
    `[0:0:0:0:0:ffff:${groups}]`,
    `[::ffff:0:${dotted}]`,
    `[64:ff9b::${dotted}]`,
    `[64:ff9b:1::${groups}]`,
    `[2002:${groups}::1]`,
    `[2001:0:${groups}::1]`,
  ]
}

describe('isPrivateHost', () => {
  it('tells IPv4 addresses apart as the registry does, in every spelling', () => {
    fc.assert(
      fc.property(ipv4, (address) => {
        const isSpecial = special.check(address.join('.'))
        for (const host of spell(address)) expect([host, isPrivateHost(host)]).toEqual([host, isSpecial])
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes no IPv4 address wrapped in IPv6 for public', () => {
    fc.assert(
      fc.property(ipv4, (address) => {
        for (const host of wrap(address)) expect([host, isPrivateHost(host)]).toEqual([host, true])
      }),
    )
  })

  it('tells IPv6 addresses apart as the registry does, in every spelling', () => {
    const group = fc.oneof(fc.constantFrom(0, 1, 0xffff), fc.nat(0xffff))
    const first = fc.oneof(
      fc.constantFrom(0, 0x64, 0x100, 0x1fff, 0x2000, 0x2001, 0x2002, 0x2a00, 0x3ffe, 0x3fff),
      fc.constantFrom(0x4000, 0x5f00, 0xfc00, 0xfd12, 0xfe80, 0xfebf, 0xfec0, 0xff02),
      fc.nat(0xffff),
    )
    const second = fc.oneof(fc.constantFrom(0, 1, 0x1ff, 0x200, 0xdb8, 0xfff, 0x1000), group)
    fc.assert(
      fc.property(fc.tuple(first, second, ...Array.from({ length: 6 }, () => group)), (groups) => {
        const full = groups.map(hex).join(':')
        const isPublic = given.check(full, 'ipv6') && !special6.check(full, 'ipv6')
        const long = groups.map((value) => hex(value).padStart(4, '0').toUpperCase()).join(':')
        for (const host of [`[${full}]`, `[${long}]`, `[${full}]:443`, new URL(`http://[${full}]`).hostname])
          expect([host, isPrivateHost(host)]).toEqual([host, !isPublic])
      }),
      { numRuns: 2_000 },
    )
  })

  it('knows the names that never leave a network, with dots at their end and in capitals', () => {
    const zones = ['localhost', 'local', 'internal', 'home.arpa', 'localdomain', 'lan', 'home', 'corp']
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.stringMatching(/^([a-z][a-z0-9]{0,8}\.){0,3}$/),
        fc.constantFrom('', '.', ':8000', '.:8000'),
        fc.boolean(),
        (zone, before, after, isUpper) => {
          const host = before + (isUpper ? zone.toUpperCase() : zone) + after
          expect([host, isPrivateHost(host)]).toEqual([host, true])
        },
      ),
    )
    for (const host of [
      'router',
      'nas.',
      'home.arpa.x.local',
      '%6c%6f%63%61%6c%68%6f%73%74',
      'ｌｏｃａｌｈｏｓｔ',
    ])
      expect([host, isPrivateHost(host)]).toEqual([host, true])
  })

  it('lets names pass that only look like those', () => {
    for (const host of [
      'localhost.example',
      'mylocal.example',
      'tracker.notlocal',
      '10.example',
      '127.0.0.1.example',
    ])
      expect([host, isPrivateHost(host)]).toEqual([host, false])
  })

  it('takes what cannot be read for private', () => {
    for (const host of [
      '',
      '.',
      '..',
      'a b.example',
      '[::1',
      '1.2.3.4.5',
      '256.1.1.1',
      'good.example/@10.0.0.1',
      'a\\b.example',
    ])
      expect([host, isPrivateHost(host)]).toEqual([host, true])
    fc.assert(fc.property(fc.string(), (host) => void isPrivateHost(host)))
  })
})

describe('sanitiseTrackers', () => {
  it('keeps no tracker on a private host, whatever the spelling, the port and the path', () => {
    fc.assert(
      fc.property(ipv4, fc.constantFrom('ws', 'wss', 'WS'), fc.nat(65_535), (address, scheme, port) => {
        const hosts = [...spell(address).filter((host) => !host.includes(':')), ...wrap(address)]
        const urls = hosts.flatMap((host) => [
          `${scheme}://${host}:${port}/announce`,
          `${scheme}:///${host}/`,
        ])
        const isKept = !special.check(address.join('.'))
        for (const url of urls) {
          const isExpected = isKept && !url.includes('[')
          expect([url, sanitiseTrackers([url]).length]).toEqual([url, isExpected ? 1 : 0])
        }
      }),
    )
    for (const host of ['localhost.', 'a.localhost', 'nas.home.arpa', 'x.internal', 'router', 'LOCALHOST.:1'])
      expect([host, sanitiseTrackers([`ws://${host}/`])]).toEqual([host, []])
  })
})
