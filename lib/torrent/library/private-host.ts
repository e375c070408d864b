/**
 * Whether a host stands on this machine or in a private network, where a stranger's link has no business. The one place
 * that says so. Invariant: what cannot be read, and every address that is not known to be public, counts as private.
 *
 * The URL standard's parser brings all spellings into one (1.2.3.4 in decimal, octal and hexadecimal, wide digits,
 * percent signs, IPv6 with dots in it); what is left are two tables. A public name that resolves to a private address
 * cannot be told from its text: browsers ask the user before a public page reaches such an address.
 */

/** Names that never leave a network: RFC 6761, RFC 6762, RFC 8375, ICANN's .internal, and what routers hand out. */
const PRIVATE_ZONES = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'home.arpa',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
] as const

/** IANA's special-purpose addresses (RFC 6890 and its registry), each with the length of its prefix. */
const SPECIAL_IPV4: readonly (readonly [address: number, prefixBits: number])[] = [
  [0x00_00_00_00, 8], // this network
  [0x0a_00_00_00, 8], // private
  [0x64_40_00_00, 10], // behind a carrier's NAT
  [0x7f_00_00_00, 8], // loopback
  [0xa9_fe_00_00, 16], // link-local, clouds' metadata
  [0xac_10_00_00, 12], // private
  [0xc0_00_00_00, 24], // protocol assignments
  [0xc0_00_02_00, 24], // documentation
  [0xc0_58_63_00, 24], // 6to4 relays
  [0xc0_a8_00_00, 16], // private
  [0xc6_12_00_00, 15], // benchmarks
  [0xc6_33_64_00, 24], // documentation
  [0xcb_00_71_00, 24], // documentation
  [0xe0_00_00_00, 3], // multicast, reserved, broadcast
]

function isPublicIpv4(host: string): boolean {
  const address = host.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return !SPECIAL_IPV4.some(([base, prefixBits]) => {
    const size = 2 ** (32 - prefixBits)
    return address >= base && address < base + size
  })
}

/**
 * The first two groups tell it all. Public is what IANA gives out of 2000::/3, less what only wraps or documents: so IPv4 in
 * IPv6 (mapped, compatible, NAT64, 6to4, Teredo) is never public, whatever it holds.
 */
function isPublicIpv6(host: string): boolean {
  const [before = '', after] = host.split('::')
  const groups = before === '' ? [] : before.split(':')
  // With "::" the missing groups are zeros: the parser writes at least two of them so.
  const [first = 0, second = 0] = (after === undefined ? groups : [...groups, '0', '0']).map((group) =>
    Number.parseInt(group, 16),
  )
  if (first < 0x2000 || first > 0x3fff) return false
  if (first === 0x2001) return second >= 0x200 && second !== 0xdb8
  if (first === 0x2002) return false
  return first !== 0x3fff || second >= 0x1000
}

/** Reads a host as it may stand in a URL: a name or an address, in any spelling, with or without a port. */
export function isPrivateHost(host: string): boolean {
  // Other characters would end the host and let the rest of it pass unseen.
  if (/[/\\?#@]/.test(host) || !URL.canParse(`http://${host}/`)) return true
  const { hostname } = new URL(`http://${host}/`)
  if (hostname.startsWith('[')) return !isPublicIpv6(hostname.slice(1, -1))
  const name = hostname.replace(/\.+$/, '')
  if (/^\d+(\.\d+){3}$/.test(name)) return !isPublicIpv4(name)
  // A name of one part is looked up in the network's own domain.
  return !name.includes('.') || PRIVATE_ZONES.some((zone) => `.${name}`.endsWith(`.${zone}`))
}
