// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChannelSlot, ChannelStatus, Purse, Seat} from "./Channels.sol";

/// @title Whole slots in one read or one write, where the compiler makes one a field: on TRON each write costs 5,000 energy.
library Slots {
    function load(Purse storage self) internal view returns (uint128 balance, uint64 untilSec) {
        uint256 word;
        assembly ("memory-safe") {
            word := sload(self.slot)
        }
        return (uint128(word), uint64(word >> 128));
    }

    function store(Purse storage self, uint128 balance, uint64 untilSec) internal {
        uint256 word = (uint256(untilSec) << 128) | balance;
        assembly ("memory-safe") {
            sstore(self.slot, word)
        }
    }

    function load(ChannelSlot storage self)
        internal
        view
        returns (address signer, uint40 closeAtSec, ChannelStatus status)
    {
        uint256 word;
        assembly ("memory-safe") {
            word := sload(self.slot)
        }
        return (address(uint160(word)), uint40(word >> 160), ChannelStatus(word >> 200));
    }

    /// @notice Whether the channel is open or closing and its vouchers are `signer`'s.
    function isLiveOf(ChannelSlot storage self, address signer) internal view returns (bool isLive) {
        (uint256 open, uint256 closing) = (uint256(ChannelStatus.Open), uint256(ChannelStatus.Closing));
        assembly ("memory-safe") {
            let word := sload(self.slot)
            let status := shr(200, word)
            isLive := and(eq(shr(96, shl(96, word)), signer), or(eq(status, open), eq(status, closing)))
        }
    }

    function store(ChannelSlot storage self, address signer, uint40 closeAtSec, ChannelStatus status) internal {
        uint256 word = (uint256(status) << 200) | (uint256(closeAtSec) << 160) | uint160(signer);
        assembly ("memory-safe") {
            sstore(self.slot, word)
        }
    }

    /// @notice The seat of (channel, payee, signer). The preimage is longer than any that the compiler's mappings hash.
    function seatAt(bytes32 id, address payee, address signer) internal pure returns (Seat storage found) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, id)
            mstore(add(free, 32), payee)
            mstore(add(free, 64), signer)
            found.slot := keccak256(free, 96)
        }
    }

    /// @dev Whole words, both below 2^128: this runs once a row of `redeem`, and each cleaning of a narrow type costs.
    function load(Seat storage self) internal view returns (uint256 cap, uint256 claimed) {
        uint256 word;
        assembly ("memory-safe") {
            word := sload(self.slot)
        }
        return (word & type(uint128).max, word >> 128);
    }

    /// @dev A seat closes for good by storing its halves swapped: no figure is then above `claimed` and within `cap`.
    function store(Seat storage self, uint256 cap, uint256 claimed) internal {
        uint256 word = (claimed << 128) | cap;
        assembly ("memory-safe") {
            sstore(self.slot, word)
        }
    }
}
