// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "./ISwarmChannels.sol";
import {ITrc20} from "../shared/ITrc20.sol";

/// @title Token calls that accept a missing return value and refuse a false one. That the token has code is the caller's care.
library Tokens {
    function push(address token, address to, uint256 amount) internal {
        uint256 selector = uint32(ITrc20.transfer.selector);
        bool isDone;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 32), to)
            mstore(add(free, 64), amount)
            isDone := call(gas(), token, 0, add(free, 28), 68, 0, 32)
        }
        _check(isDone);
    }

    function pull(address token, address from, uint256 amount) internal {
        uint256 selector = uint32(ITrc20.transferFrom.selector);
        bool isDone;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 32), from)
            mstore(add(free, 64), address())
            mstore(add(free, 96), amount)
            isDone := call(gas(), token, 0, add(free, 28), 100, 0, 32)
        }
        _check(isDone);
    }

    /// What this contract holds.
    function held(address token) internal view returns (uint256 amount) {
        uint256 selector = uint32(ITrc20.balanceOf.selector);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 32), address())
            let isDone := staticcall(gas(), token, add(free, 28), 36, 0, 32)
            if iszero(and(isDone, gt(returndatasize(), 31))) { revert(0, 0) }
            amount := mload(0)
        }
    }

    /// After a call whose first word of answer stands at 0.
    function _check(bool isDone) private pure {
        bool isRefused;
        assembly ("memory-safe") {
            if iszero(isDone) {
                // The token's own reason tells the payer more than ours would.
                let free := mload(0x40)
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
            isRefused := iszero(or(iszero(returndatasize()), and(gt(returndatasize(), 31), eq(mload(0), 1))))
        }
        if (isRefused) revert ISwarmChannels.SwarmChannels_TokenRefused();
    }
}
