// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A plain ledger for tokens that misbehave in one way each.
abstract contract Ledger {
    mapping(address owner => uint256) public balanceOf;

    constructor() {
        balanceOf[msg.sender] = 1e30;
    }

    function approve(address, uint256) external pure returns (bool) {
        return true;
    }

    function move(address from, address to, uint256 value) internal {
        balanceOf[from] -= value;
        balanceOf[to] += value;
    }
}

/// @notice Keeps a tenth of every transfer.
contract FeeToken is Ledger {
    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value - value / 10);
        balanceOf[msg.sender] -= value / 10;
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        move(from, to, value - value / 10);
        balanceOf[from] -= value / 10;
        return true;
    }
}

/// @notice Says false instead of reverting, once told to, and moves nothing.
contract FalseToken is Ledger {
    bool public refuses;

    function setRefuses(bool value) external {
        refuses = value;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        if (refuses) return false;
        move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        if (refuses) return false;
        move(from, to, value);
        return true;
    }
}

/// @notice Returns nothing, as some old tokens do.
contract SilentToken is Ledger {
    function transfer(address to, uint256 value) external {
        move(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) external {
        move(from, to, value);
    }
}

/// @notice Says true and moves nothing.
contract LyingToken is Ledger {
    bool public lies;

    function setLies(bool value) external {
        lies = value;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        if (!lies) move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        if (!lies) move(from, to, value);
        return true;
    }
}

/// @notice Calls back into anything, once, before it moves the money.
contract HookToken is Ledger {
    address private _target;
    bytes private _data;
    bool public hookFailed;

    function arm(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _hook();
        move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _hook();
        move(from, to, value);
        return true;
    }

    function _hook() private {
        address target = _target;
        if (target == address(0)) return;
        _target = address(0);
        (bool success,) = target.call(_data);
        hookFailed = !success;
    }
}

/// @notice Does what a test tells it to, in its own name.
contract Puppet {
    function run(address target, bytes calldata data) external returns (bytes memory) {
        (bool success, bytes memory answer) = target.call(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
        return answer;
    }
}
