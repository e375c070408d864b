// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "../../src/channels/ISwarmChannels.sol";
import {ITrc20} from "../../src/shared/ITrc20.sol";
import {BttToken} from "../../src/shared/testing/BttToken.sol";
import {Channel, RedeemRow, Release, SeatLeaf, SeatProof} from "../../src/channels/Channels.sol";
import {FalseToken, FeeToken, HookToken, LyingToken, Puppet, SilentToken} from "./support/HostileTokens.sol";
import {SwarmFixture} from "./support/SwarmFixture.sol";
import {vm} from "./support/Vm.sol";

contract HostileTokensTest is SwarmFixture {
    SeatLeaf[] private leaves;

    function setUp() external {
        prepare();
        SeatLeaf[] memory two = seats(2);
        leaves.push(two[0]);
        leaves.push(two[1]);
    }

    /// One whole life: open, redeem, settle; everything that went in comes out.
    function life() private {
        uint256 held = token.balanceOf(address(swarm));
        Channel memory channel = channelOf(leaves, 1);
        bytes32 id = openBy(signer, channel);
        redeemFirst(channel, leaves, 0, 40);
        Release[] memory releases = new Release[](2);
        releases[0] = releaseOf(id, leaves[0], 50);
        releases[1] = releaseOf(id, leaves[1], 60);
        vm.startPrank(payer);
        swarm.settle(channel, leaves, releases);
        assertEq(token.balanceOf(address(swarm)), held - 110 - (2 * CAP - 110), "held");
        swarm.defund(signer, purseBalance());
        vm.stopPrank();
        assertEq(token.balanceOf(address(swarm)), 0, "empty");
    }

    function test_ATokenMustHaveCode() external {
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_TokenHasNoCode.selector, stranger));
        vm.deployCode("artifacts/SwarmChannels.json", abi.encode(stranger));
    }

    function test_ASilentTokenIsAccepted() external {
        useToken(ITrc20(address(new SilentToken())));
        life();
        assertEq(token.balanceOf(leaves[0].payee), 50, "paid");
    }

    function test_KnownBug_AFeeOnTransferIsRefused() external {
        ITrc20 fee = ITrc20(address(new FeeToken()));
        swarm = ISwarmChannels(vm.deployCode("artifacts/SwarmChannels.json", abi.encode(fee)));
        fee.transfer(payer, PURSE);
        uint256 before = fee.balanceOf(payer);
        Channel memory next = channelOf(leaves, 1);
        vm.startPrank(payer);
        vm.expectRevert(ISwarmChannels.SwarmChannels_ReceivedTooLittle.selector);
        swarm.fund(signer, PURSE / 2, UNTIL_SEC);
        vm.expectRevert(ISwarmChannels.SwarmChannels_ReceivedTooLittle.selector);
        swarm.fundAndOpen(2 * CAP, UNTIL_SEC, next, notes[next.salt]);
        vm.stopPrank();
        assertEq(fee.balanceOf(payer), before, "payer");
        assertEq(purseBalance(), 0, "purse");
    }

    function test_KnownBug_AFalseReturnReverts() external {
        FalseToken bad = new FalseToken();
        useToken(ITrc20(address(bad)));
        Channel memory channel = channelOf(leaves, 1);
        bytes32 id = openBy(signer, channel);
        RedeemRow[] memory rows = one(rowOf(id, leaves[0].payee, 40));
        SeatProof[] memory proofs = one(proofOf(0, channel, leaves, 0));
        bad.setRefuses(true);
        bytes4 reason = ISwarmChannels.SwarmChannels_TokenRefused.selector;
        vm.expectRevert(reason);
        swarm.redeem(rows, proofs);
        assertEq(claimedOf(id, leaves[0].payee), 0, "claimed");
        vm.startPrank(payer);
        vm.expectRevert(reason);
        swarm.fund(signer, 1, UNTIL_SEC);
        vm.expectRevert(reason);
        swarm.defund(signer, 1);
        vm.stopPrank();
    }

    function test_ATransferThatNeverHappenedIsNotCredited() external {
        LyingToken bad = new LyingToken();
        useToken(ITrc20(address(bad)));
        bad.setLies(true);
        vm.prank(payer);
        vm.expectRevert(ISwarmChannels.SwarmChannels_ReceivedTooLittle.selector);
        swarm.fund(signer, 5, UNTIL_SEC);
    }

    function test_TheTokensOwnReasonIsPassedOn() external {
        vm.startPrank(payer);
        token.approve(address(swarm), 3);
        vm.expectRevert(abi.encodeWithSelector(BttToken.BttToken_AllowanceTooLow.selector, address(swarm), 3, 5));
        swarm.fund(signer, 5, UNTIL_SEC);
        vm.stopPrank();
    }

    function test_KnownBug_ReenteringFundCannotCreditTwice() external {
        HookToken hook = new HookToken();
        useToken(ITrc20(address(hook)));
        Puppet puppet = new Puppet();
        token.transfer(address(puppet), 100);
        bytes memory inner = abi.encodeCall(ISwarmChannels.fund, (signer, 40, UNTIL_SEC));
        hook.arm(address(puppet), abi.encodeCall(Puppet.run, (address(swarm), inner)));
        vm.expectRevert(ISwarmChannels.SwarmChannels_Reentered.selector);
        puppet.run(address(swarm), abi.encodeCall(ISwarmChannels.fund, (signer, 60, UNTIL_SEC)));
    }

    function test_KnownBug_ReenteringDefundFindsThePurseEmpty() external {
        HookToken hook = new HookToken();
        useToken(ITrc20(address(hook)));
        Puppet puppet = new Puppet();
        token.transfer(address(puppet), 100);
        puppet.run(address(swarm), abi.encodeCall(ISwarmChannels.fund, (signer, 100, UNTIL_SEC)));
        bytes memory inner = abi.encodeCall(ISwarmChannels.defund, (signer, 100));
        hook.arm(address(puppet), abi.encodeCall(Puppet.run, (address(swarm), inner)));
        puppet.run(address(swarm), inner);
        assertTrue(hook.hookFailed(), "inner");
        assertEq(token.balanceOf(address(puppet)), 100, "puppet");
        assertEq(token.balanceOf(address(swarm)), PURSE, "held");
    }

    function test_KnownBug_ReenteringRedeemPaysOnce() external {
        HookToken hook = new HookToken();
        useToken(ITrc20(address(hook)));
        Channel memory channel = channelOf(leaves, 1);
        bytes32 id = openBy(signer, channel);
        RedeemRow[] memory rows = new RedeemRow[](2);
        rows[0] = rowOf(id, leaves[0].payee, 40);
        rows[1] = rowOf(id, leaves[1].payee, 50);
        SeatProof[] memory proofs = new SeatProof[](2);
        proofs[0] = proofOf(0, channel, leaves, 0);
        proofs[1] = proofOf(1, channel, leaves, 1);
        hook.arm(address(swarm), abi.encodeCall(ISwarmChannels.redeem, (rows, proofs)));
        swarm.redeem(rows, proofs);
        assertTrue(!hook.hookFailed(), "inner");
        assertEq(token.balanceOf(leaves[0].payee), 40, "first");
        assertEq(token.balanceOf(leaves[1].payee), 50, "second");
    }

    function test_KnownBug_RedeemingInsideTheSettlementPaysNothing() external {
        HookToken hook = new HookToken();
        useToken(ITrc20(address(hook)));
        Channel memory channel = channelOf(leaves, 1);
        bytes32 id = openBy(signer, channel);
        RedeemRow[] memory rows = one(rowOf(id, leaves[1].payee, CAP));
        hook.arm(
            address(swarm), abi.encodeCall(ISwarmChannels.redeem, (rows, one(proofOf(0, channel, leaves, 1))))
        );
        Release[] memory releases = new Release[](2);
        releases[0] = releaseOf(id, leaves[0], 50);
        releases[1] = releaseOf(id, leaves[1], 60);
        vm.prank(payer);
        swarm.settle(channel, leaves, releases);
        assertEq(token.balanceOf(leaves[1].payee), 60, "second");
        assertEq(token.balanceOf(address(swarm)), PURSE - 2 * CAP, "held");
    }

    /// A seat that is on the chain needs no proof: the settlement must have closed it before the first transfer.
    function test_KnownBug_RedeemingAKnownSeatInsideTheSettlementPaysNothing() external {
        HookToken hook = new HookToken();
        useToken(ITrc20(address(hook)));
        Channel memory channel = channelOf(leaves, 1);
        bytes32 id = openBy(signer, channel);
        redeemFirst(channel, leaves, 1, 20);
        RedeemRow[] memory rows = one(rowOf(id, leaves[1].payee, CAP));
        hook.arm(address(swarm), abi.encodeCall(ISwarmChannels.redeem, (rows, noProofs())));
        Release[] memory releases = new Release[](2);
        releases[0] = releaseOf(id, leaves[0], 50);
        releases[1] = releaseOf(id, leaves[1], 60);
        vm.prank(payer);
        swarm.settle(channel, leaves, releases);
        assertTrue(!hook.hookFailed(), "inner");
        assertEq(token.balanceOf(leaves[1].payee), 60, "second");
        assertEq(token.balanceOf(address(swarm)), PURSE - 2 * CAP, "held");
    }

    function test_KnownBug_PayingOutWhileFundingCreditsNothing() external {
        HookToken hook = new HookToken();
        useToken(ITrc20(address(hook)));
        Puppet puppet = new Puppet();
        token.transfer(address(puppet), 100);
        puppet.run(address(swarm), abi.encodeCall(ISwarmChannels.fund, (signer, 40, UNTIL_SEC)));
        bytes memory inner = abi.encodeCall(ISwarmChannels.defund, (signer, 40));
        hook.arm(address(puppet), abi.encodeCall(Puppet.run, (address(swarm), inner)));
        vm.expectRevert(ISwarmChannels.SwarmChannels_ReceivedTooLittle.selector);
        puppet.run(address(swarm), abi.encodeCall(ISwarmChannels.fund, (signer, 60, UNTIL_SEC)));
    }
}
