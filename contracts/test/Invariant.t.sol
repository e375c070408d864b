// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SwarmHandler} from "./support/SwarmHandler.sol";

contract InvariantTest {
    SwarmHandler private handler;

    function setUp() external {
        handler = new SwarmHandler();
    }

    /// forge asks here whom to call.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_FundedIsPursesReservedPaidAndRefunded() external view {
        require(
            handler.funded() == handler.purses() + handler.reserved() + handler.paid() + handler.refunded(), "ledger"
        );
        require(handler.held() == handler.purses() + handler.reserved(), "held");
        require(handler.purseOnChain() == handler.purses(), "purse");
        require(handler.paidOnChain() == handler.paid(), "paid");
    }
}
