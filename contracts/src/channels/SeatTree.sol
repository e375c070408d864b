// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "./ISwarmChannels.sol";
import {ProofStep, SeatLeaf} from "./Channels.sol";

/// @title The Merkle-sum tree of a channel's seats.
/// @notice leaf = keccak(0x00, payee, delegate, cap); node = keccak(0x01, left, leftSum, right, rightSum); a node without
/// a sibling rises unchanged. A node commits both of its children's sums, so the hash at the top fixes the sum at the top
/// and along every path: provable caps can never add up to more than the total.
library SeatTree {
    /// What one settlement can list: a release recovers a signature, and TRON gives a transaction 80 ms (docs/decisions/0007).
    uint256 internal constant MAX_LEAVES = 16;
    uint256 private constant MAX_STEPS = 4;

    function leafHash(address payee, address delegate, uint128 cap) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            // 0x00, payee, delegate, cap: 57 bytes.
            let free := mload(0x40)
            mstore(free, shl(88, payee))
            mstore(add(free, 21), shl(96, delegate))
            mstore(add(free, 41), shl(128, cap))
            hash := keccak256(free, 57)
        }
    }

    function nodeHash(bytes32 left, uint128 leftSum, bytes32 right, uint128 rightSum)
        internal
        pure
        returns (bytes32 hash)
    {
        assembly ("memory-safe") {
            // 0x01, left, leftSum, right, rightSum: 97 bytes.
            let free := mload(0x40)
            mstore8(free, 1)
            mstore(add(free, 1), left)
            mstore(add(free, 33), shl(128, leftSum))
            mstore(add(free, 49), right)
            mstore(add(free, 81), shl(128, rightSum))
            hash := keccak256(free, 97)
        }
    }

    /// @notice Whether a leaf of hash and sum stands under (root, total). Never reverts.
    function isUnder(bytes32 hash, uint128 sum, ProofStep[] calldata path, bytes32 root, uint128 total)
        internal
        pure
        returns (bool)
    {
        if (path.length > MAX_STEPS) return false;
        uint256 reached = sum;
        uint256 siblings = 0;
        assembly ("memory-safe") {
            // `nodeHash` along the path, straight from the calldata: three words a step.
            let free := mload(0x40)
            mstore8(free, 1)
            let end := add(path.offset, mul(path.length, 96))
            for { let step := path.offset } lt(step, end) { step := add(step, 96) } {
                let sibling := calldataload(add(step, 32))
                siblings := or(siblings, sibling)
                switch calldataload(add(step, 64))
                case 0 {
                    mstore(add(free, 1), hash)
                    mstore(add(free, 33), shl(128, reached))
                    mstore(add(free, 49), calldataload(step))
                    mstore(add(free, 81), shl(128, sibling))
                }
                default {
                    mstore(add(free, 1), calldataload(step))
                    mstore(add(free, 33), shl(128, sibling))
                    mstore(add(free, 49), hash)
                    mstore(add(free, 81), shl(128, reached))
                }
                hash := keccak256(free, 97)
                reached := add(reached, sibling)
            }
        }
        // Of four siblings below 2^128 no sum wraps around, and one above 2^128 is no total.
        return siblings <= type(uint128).max && hash == root && reached == total;
    }

    /// @notice Root and sum of all leaves. Reverts unless there are 1 to 16, by payee strictly ascending, each cap above 0.
    function build(SeatLeaf[] calldata leaves) internal pure returns (bytes32, uint128) {
        uint256 count = leaves.length;
        if (count == 0 || count > MAX_LEAVES) revert ISwarmChannels.SwarmChannels_BadLeaf(count);
        bytes32[] memory hashes = new bytes32[](count);
        uint128[] memory sums = new uint128[](count);
        address previous = address(0);
        for (uint256 i = 0; i < count; ++i) {
            SeatLeaf calldata leaf = leaves[i];
            // Check: ordered, no payee twice, none zero.
            if (leaf.payee <= previous || leaf.cap == 0) revert ISwarmChannels.SwarmChannels_BadLeaf(i);
            previous = leaf.payee;
            hashes[i] = leafHash(leaf.payee, leaf.delegate, leaf.cap);
            sums[i] = leaf.cap;
        }
        while (count > 1) {
            uint256 pairs = count / 2;
            for (uint256 i = 0; i < pairs; ++i) {
                hashes[i] = nodeHash(hashes[2 * i], sums[2 * i], hashes[2 * i + 1], sums[2 * i + 1]);
                sums[i] = sums[2 * i] + sums[2 * i + 1];
            }
            if (count % 2 == 1) {
                hashes[pairs] = hashes[count - 1];
                sums[pairs] = sums[count - 1];
                count = pairs + 1;
            } else {
                count = pairs;
            }
        }
        return (hashes[0], sums[0]);
    }
}
