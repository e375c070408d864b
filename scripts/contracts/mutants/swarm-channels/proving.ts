import type { MutantRow } from '../../mutation.ts'

/** Of seat trees and their paths. */
export const trees: readonly MutantRow[] = [
  [
    'path-too-long',
    'if (path.length > MAX_STEPS) return false;',
    '',
    'seats are paid that no settlement can list',
  ],
  ['sums-wrap', 'siblings <= type(uint128).max && hash == root', 'hash == root', 'caps far above the total'],
  ['path-any-sum', 'hash == root && reached == total', 'hash == root', 'caps above the total'],
  ['path-any-root', 'hash == root && reached == total', 'reached == total', 'anyone has a seat'],
  [
    'sides-swapped',
    'switch calldataload(add(step, 64))',
    'switch iszero(calldataload(add(step, 64)))',
    'good paths are refused',
  ],
  [
    'tree-of-none',
    'count == 0 || count > MAX_LEAVES',
    'count > MAX_LEAVES',
    'a list of nobody is not refused as such',
  ],
  [
    'tree-too-wide',
    'count == 0 || count > MAX_LEAVES',
    'count == 0',
    'more seats than one settlement can list',
  ],
  ['leaf-twice', 'leaf.payee <= previous', 'leaf.payee < previous', 'a payee stands twice'],
  ['leaf-of-nothing', ' || leaf.cap == 0) revert', ') revert', 'seats without a cap'],
  [
    'odd-leaf-lost',
    'sums[pairs] = sums[count - 1];',
    'sums[pairs] = 0;',
    'the last of an odd number has no cap',
  ],
  ['leaf-without-delegate', 'shl(96, delegate)', '0', 'a payer picks the delegate later'],
  ['leaf-without-cap', 'shl(128, cap)', '0', 'a cap is what one says it is'],
  [
    'leaf-like-node',
    'mstore(free, shl(88, payee))',
    'mstore(free, or(shl(248, 1), shl(88, payee)))',
    'a node can be read as a leaf',
  ],
  [
    'node-like-leaf',
    'mstore8(free, 1)\n            mstore',
    'mstore8(free, 0)\n            mstore',
    'a node can be read as a leaf',
  ],
  ['node-without-left-sum', 'shl(128, leftSum)', '0', 'caps move between siblings'],
  ['node-without-right-sum', 'shl(128, rightSum)', '0', 'caps move between siblings'],
  [
    'node-with-total-only',
    'shl(128, leftSum)',
    'shl(128, add(leftSum, rightSum))',
    'caps move between siblings',
  ],
]

/** Of ids and typed data. */
export const digests: readonly MutantRow[] = [
  [
    'separator-of-birth',
    '_chainId() == _deployedChainId ? _deployedSeparator : _separator()',
    '_deployedSeparator',
    'signatures stand on both sides of a fork',
  ],
  [
    'domain-without-chain',
    'VERSION, _chainId(), address(this)',
    'VERSION, uint256(0), address(this)',
    'signatures stand on every chain',
  ],
  [
    'domain-without-contract',
    'VERSION, _chainId(), address(this)',
    'VERSION, _chainId(), address(0)',
    'signatures stand on every contract',
  ],
  ['chain-id-whole', 'block.chainid & 0xffffffff', 'block.chainid', 'no wallet’s signature fits on TRON'],
  ['release-like-voucher', '"Release(bytes32 channel', '"Voucher(bytes32 channel', 'a voucher is a release'],
  ['open-without-type', 'keccak256(abi.encode(OPEN_TYPE, id))', 'id', 'an opening is not typed data'],
  [
    'voucher-without-payee',
    'mstore(add(free, 64), payee)',
    'mstore(add(free, 64), 0)',
    'a voucher is anyone’s',
  ],
  [
    'voucher-without-figure',
    'mstore(add(free, 96), cumulative)',
    'mstore(add(free, 96), 0)',
    'a voucher is for any sum',
  ],
  [
    'voucher-without-id',
    'mstore(add(free, 32), id)',
    'mstore(add(free, 32), 0)',
    'a voucher is for any channel',
  ],
  ['id-without-chain', 'mstore(free, chainId)', 'mstore(free, 0)', 'ids repeat on other chains'],
  [
    'id-without-contract',
    'mstore(add(free, 32), address())',
    'mstore(add(free, 32), 0)',
    'ids repeat on other contracts',
  ],
  [
    'id-without-salt',
    'id := keccak256(free, 256)',
    'id := keccak256(free, 224)',
    'a list of seats opens once',
  ],
  [
    'id-without-fields',
    'calldatacopy(add(free, 64), channel, 192)',
    'calldatacopy(add(free, 64), channel, 64)',
    'a channel’s total and delay are exchanged',
  ],
]

/** Of who signed. */
export const signatures: readonly MutantRow[] = [
  [
    'signature-length',
    'if (signature.length != 65) return address(0);',
    'if (signature.length < 65) return address(0);',
    'signatures have many forms',
  ],
  ['signature-v', 'uint8(signature[64]);', 'uint8(signature[64]) % 27 + 27;', 'signatures have many forms'],
  [
    'signature-high-s',
    ' || uint256(s) > MAX_S) return address(0);',
    ') return address(0);',
    'signatures have two forms',
  ],
  [
    'row-s-with-parity',
    'uint256(vs) & (type(uint256).max >> 1)',
    'uint256(vs)',
    'half of all vouchers are denied',
  ],
  [
    'row-signer-dirty',
    'signer := shr(96, shl(96, mload(0)))',
    'signer := mload(0)',
    'TRON’s precompile answers 21 bytes: every row is skipped and nobody is paid',
  ],
  ['row-parity', 'add(27, shr(255, vs))', '27', 'half of all vouchers are denied'],
]

/** Of calls of the token. */
export const tokens: readonly MutantRow[] = [
  ['token-failure-ignored', 'if iszero(isDone) {', 'if 0 {', 'money that never came is credited'],
  ['token-false-ignored', 'eq(mload(0), 1)', '1', 'money that never went is booked'],
  ['token-stub-accepted', 'and(gt(returndatasize(), 31), eq', 'and(1, eq', 'an answer cut short is a yes'],
  [
    'token-silence-refused',
    'iszero(or(iszero(returndatasize()), ',
    'iszero(or(0, ',
    'tokens that say nothing are refused',
  ],
]
