// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ledger} from "./HostileTokens.sol";

/// @notice Calls back into anything during its n-th transfer from now, before or after the money moves.
contract ReentrantToken is Ledger {
    uint256 private _skips;
    bool private _isAfter;
    address private _target;
    bytes private _data;
    bool public isDone;

    function arm(uint256 skips, bool isAfter, address target, bytes calldata data) external {
        (_skips, _isAfter, _target, _data, isDone) = (skips, isAfter, target, data, false);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        return _transfer(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        return _transfer(from, to, value);
    }

    function _transfer(address from, address to, uint256 value) private returns (bool) {
        bool isDue = _target != address(0) && !isDone && _skips == 0;
        if (_skips > 0) --_skips;
        if (isDue && !_isAfter) _callBack();
        move(from, to, value);
        if (isDue && _isAfter) _callBack();
        return true;
    }

    function _callBack() private {
        isDone = true;
        // It may fail: that is the contract's good right, and the transfer goes on.
        (bool success,) = _target.call(_data);
        success;
    }
}
