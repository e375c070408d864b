// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ledger} from "./HostileTokens.sol";

/// @notice Once told to, moves nothing and answers with 31 zero bytes, a word cut short.
contract StubToken is Ledger {
    bool private _isShort;

    function setIsShort(bool value) external {
        _isShort = value;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _cutShort();
        move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _cutShort();
        move(from, to, value);
        return true;
    }

    function _cutShort() private view {
        if (!_isShort) return;
        assembly ("memory-safe") {
            mstore(0, 0)
            return(0, 31)
        }
    }
}
