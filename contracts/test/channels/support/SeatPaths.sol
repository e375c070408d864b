// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatTree} from "../../../src/channels/SeatTree.sol";
import {ProofStep, SeatLeaf} from "../../../src/channels/Channels.sol";

/// @notice The path of a leaf, built level by level; checks nothing, so that tests can build bad trees too.
library SeatPaths {
    function rootOf(SeatLeaf[] memory leaves) internal pure returns (bytes32 root, uint128 total) {
        (root, total,) = walk(leaves, 0);
    }

    function walk(SeatLeaf[] memory leaves, uint256 index)
        internal
        pure
        returns (bytes32 root, uint128 total, ProofStep[] memory path)
    {
        uint256 count = leaves.length;
        bytes32[] memory hashes = new bytes32[](count);
        uint128[] memory sums = new uint128[](count);
        for (uint256 i = 0; i < count; ++i) {
            hashes[i] = SeatTree.leafHash(leaves[i].payee, leaves[i].delegate, leaves[i].cap);
            sums[i] = leaves[i].cap;
        }
        ProofStep[] memory steps = new ProofStep[](16);
        uint256 used = 0;
        while (count > 1) {
            uint256 sibling = index ^ 1;
            if (sibling < count) steps[used++] = ProofStep(hashes[sibling], sums[sibling], sibling < index);
            uint256 above = (count + 1) / 2;
            for (uint256 i = 0; i < above; ++i) {
                if (2 * i + 1 < count) {
                    hashes[i] = SeatTree.nodeHash(hashes[2 * i], sums[2 * i], hashes[2 * i + 1], sums[2 * i + 1]);
                    sums[i] = sums[2 * i] + sums[2 * i + 1];
                } else {
                    hashes[i] = hashes[2 * i];
                    sums[i] = sums[2 * i];
                }
            }
            count = above;
            index >>= 1;
        }
        path = new ProofStep[](used);
        for (uint256 i = 0; i < used; ++i) {
            path[i] = steps[i];
        }
        return (hashes[0], sums[0], path);
    }
}
