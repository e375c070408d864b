// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "../interfaces/ISwarmChannels.sol";
import {ITrc20} from "../interfaces/ITrc20.sol";

/// @title Token calls that accept a missing return value and refuse a false one.
library Tokens {
    function push(address token, address to, uint256 amount) internal {
        _call(token, abi.encodeCall(ITrc20.transfer, (to, amount)));
    }

    function pull(address token, address from, uint256 amount) internal {
        _call(token, abi.encodeCall(ITrc20.transferFrom, (from, address(this), amount)));
    }

    function _call(address token, bytes memory data) private {
        (bool success, bytes memory answer) = token.call(data);
        if (!success) {
            // The token's own reason tells the payer more than ours would.
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
        if (answer.length != 0 && (answer.length < 32 || abi.decode(answer, (uint256)) != 1)) {
            revert ISwarmChannels.SwarmChannels_TokenRefused();
        }
    }
}
