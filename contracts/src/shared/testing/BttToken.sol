// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrc20} from "../ITrc20.sol";

/// @title A stand-in for BTT on the devnet: the real one's name, decimals and fixed supply, worth nothing.
contract BttToken is ITrc20 {
    error BttToken_ZeroAddress();
    error BttToken_BalanceTooLow(address owner, uint256 balance, uint256 needed);
    error BttToken_AllowanceTooLow(address spender, uint256 allowance, uint256 needed);

    string public constant name = "BitTorrent";
    string public constant symbol = "BTT";
    uint8 public constant decimals = 18;
    uint256 public constant totalSupply = 990e12 * 1e18;

    mapping(address owner => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    /// @dev The whole supply goes to the deployer.
    constructor() {
        balanceOf[msg.sender] = totalSupply;
        emit Transfer(address(0), msg.sender, totalSupply);
    }

    /// @inheritdoc ITrc20
    function transfer(address to, uint256 value) external returns (bool) {
        _transfer(msg.sender, to, value);
        return true;
    }

    /// @inheritdoc ITrc20
    function approve(address spender, uint256 value) external returns (bool) {
        if (spender == address(0)) revert BttToken_ZeroAddress();
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    /// @inheritdoc ITrc20
    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed != type(uint256).max) {
            if (allowed < value) revert BttToken_AllowanceTooLow(msg.sender, allowed, value);
            unchecked {
                allowance[from][msg.sender] = allowed - value;
            }
        }
        _transfer(from, to, value);
        return true;
    }

    function _transfer(address from, address to, uint256 value) private {
        if (to == address(0)) revert BttToken_ZeroAddress();
        uint256 balance = balanceOf[from];
        if (balance < value) revert BttToken_BalanceTooLow(from, balance, value);
        unchecked {
            balanceOf[from] = balance - value;
            balanceOf[to] += value;
        }
        emit Transfer(from, to, value);
    }
}
