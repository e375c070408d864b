// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "../../src/channels/ISwarmChannels.sol";
import {Channel, ChannelStatus} from "../../src/channels/Channels.sol";
import {SwarmFixture} from "./support/SwarmFixture.sol";
import {vm} from "./support/Vm.sol";

contract OpenTest is SwarmFixture {
    function setUp() external {
        prepare();
    }

    function test_FundCreditsThePurseAndSetsItsEnd() external {
        vm.prank(payer);
        swarm.fund(signer, 5, 77);
        (uint128 balance, uint64 untilSec) = swarm.purse(payer, signer);
        assertEq(balance, PURSE + 5, "balance");
        assertEq(untilSec, 77, "untilSec");
        assertEq(token.balanceOf(address(swarm)), PURSE + 5, "held");
    }

    function test_FundOfZeroMovesOnlyTheEnd() external {
        vm.prank(payer);
        swarm.fund(signer, 0, 0);
        (uint128 balance, uint64 untilSec) = swarm.purse(payer, signer);
        assertEq(balance, PURSE, "balance");
        assertEq(untilSec, 0, "untilSec");
    }

    function test_FundRefusesASignerOfZero() external {
        vm.prank(payer);
        vm.expectRevert(ISwarmChannels.SwarmChannels_SignerIsZero.selector);
        swarm.fund(address(0), 1, UNTIL_SEC);
    }

    function test_DefundReturnsTheMoney() external {
        uint256 before = token.balanceOf(payer);
        vm.prank(payer);
        swarm.defund(signer, PURSE);
        assertEq(token.balanceOf(payer), before + PURSE, "returned");
        assertEq(purseBalance(), 0, "purse");
    }

    function test_DefundTakesNoMoreThanThePurse() external {
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_PurseTooLow.selector, PURSE, PURSE + 1));
        swarm.defund(signer, PURSE + 1);
    }

    function test_DefundReachesOnlyTheSendersPurse() external {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_PurseTooLow.selector, 0, 1));
        swarm.defund(signer, 1);
    }

    function test_PayerAndSignerOpen() external {
        Channel memory first = channelOf(seats(3), 1);
        bytes32 id = openBy(payer, first);
        openBy(signer, channelOf(seats(2), 2));
        (ChannelStatus status, address by, uint40 closeAtSec) = swarm.channelState(id);
        assertTrue(status == ChannelStatus.Open && by == signer && closeAtSec == 0, "state");
        assertEq(purseBalance(), PURSE - 5 * CAP, "purse");
    }

    function test_AnyoneOpensWithTheSignersWord() external {
        Channel memory channel = channelOf(seats(3), 1);
        bytes memory signature = signed(SIGNER_KEY, swarm.openDigest(swarm.channelId(channel)));
        vm.prank(stranger);
        swarm.open(channel, notes[channel.salt], signature);
        assertTrue(statusOf(swarm.channelId(channel)) == ChannelStatus.Open, "open");
    }

    function test_AStrangerNeedsTheSignersWordOnThisVeryChannel() external {
        Channel memory channel = channelOf(seats(3), 1);
        bytes memory other = signed(SIGNER_KEY, swarm.openDigest(swarm.channelId(channelOf(seats(3), 2))));
        bytes memory byPayee = signed(payeeKey(0), swarm.openDigest(swarm.channelId(channel)));
        bytes[3] memory attempts = [bytes(""), other, byPayee];
        for (uint256 i = 0; i < attempts.length; ++i) {
            vm.prank(stranger);
            vm.expectRevert(ISwarmChannels.SwarmChannels_BadSignature.selector);
            swarm.open(channel, notes[channel.salt], attempts[i]);
        }
    }

    function test_AfterThePursesEndOnlyThePayerOpens() external {
        Channel memory channel = channelOf(seats(3), 1);
        bytes memory signature = signed(SIGNER_KEY, swarm.openDigest(swarm.channelId(channel)));
        vm.warp(UNTIL_SEC);
        bytes memory expired = abi.encodeWithSelector(ISwarmChannels.SwarmChannels_PurseExpired.selector, UNTIL_SEC);
        vm.prank(signer);
        vm.expectRevert(expired);
        swarm.open(channel, notes[channel.salt], "");
        vm.prank(stranger);
        vm.expectRevert(expired);
        swarm.open(channel, notes[channel.salt], signature);
        openBy(payer, channel);
    }

    function test_OpenRefusesWhatThePurseCannotCover() external {
        Channel memory channel = channelOf(seats(3), 1);
        vm.prank(payer);
        swarm.defund(signer, PURSE - 1);
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_PurseTooLow.selector, 1, 3 * CAP));
        swarm.open(channel, notes[channel.salt], "");
    }

    function test_OpenRefusesATotalOfZeroAndDelaysOutOfRange() external {
        Channel memory channel = channelOf(seats(3), 1);
        uint32[3] memory delays = [uint32(1 hours - 1), 30 days + 1, 0];
        for (uint256 i = 0; i < delays.length; ++i) {
            channel.closeDelaySec = delays[i];
            vm.prank(payer);
            vm.expectRevert(
                abi.encodeWithSelector(ISwarmChannels.SwarmChannels_CloseDelayOutOfRange.selector, delays[i])
            );
            swarm.open(channel, notes[channel.salt], "");
        }
        channel.closeDelaySec = 1 hours;
        channel.total = 0;
        vm.prank(payer);
        vm.expectRevert(ISwarmChannels.SwarmChannels_TotalIsZero.selector);
        swarm.open(channel, notes[channel.salt], "");
        channel.total = 1;
        openBy(payer, channel);
        channel.closeDelaySec = 30 days;
        openBy(payer, channel);
    }

    function test_AnOpeningCarriesTheNoteThatItsSaltIsTheHashOf() external {
        Channel memory channel = channelOf(seats(3), 1);
        bytes memory note = notes[channel.salt];
        bytes32 id = swarm.channelId(channel);
        bytes memory word = signed(SIGNER_KEY, swarm.openDigest(id));
        bytes memory mismatch = abi.encodeWithSelector(ISwarmChannels.SwarmChannels_NoteMismatch.selector, id);
        bytes[4] memory lies = [bytes(""), abi.encodePacked(note, uint8(0)), noteOf(seats(2), 1), noteOf(seats(3), 2)];
        for (uint256 i = 0; i < lies.length; ++i) {
            // Neither a relay nor a front-runner can strip or change it, nor the payer forget it.
            vm.prank(stranger);
            vm.expectRevert(mismatch);
            swarm.open(channel, lies[i], word);
            vm.prank(signer);
            vm.expectRevert(mismatch);
            swarm.open(channel, lies[i], "");
            vm.prank(payer);
            vm.expectRevert(mismatch);
            swarm.fundAndOpen(0, UNTIL_SEC, channel, lies[i]);
        }
        vm.prank(stranger);
        swarm.open(channel, note, word);
        assertTrue(statusOf(id) == ChannelStatus.Open, "open");
    }

    function test_FundAndOpenDoesBoth() external {
        Channel memory channel = channelOf(seats(3), 1);
        vm.prank(payer);
        swarm.fundAndOpen(7, 99, channel, notes[channel.salt]);
        (uint128 balance, uint64 untilSec) = swarm.purse(payer, signer);
        assertEq(balance, PURSE + 7 - 3 * CAP, "purse");
        assertEq(untilSec, 99, "untilSec");
        assertTrue(statusOf(swarm.channelId(channel)) == ChannelStatus.Open, "open");
    }

    function test_FundAndOpenIsThePayersAlone() external {
        Channel memory channel = channelOf(seats(3), 1);
        vm.prank(signer);
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_NotAllowed.selector, signer));
        swarm.fundAndOpen(0, UNTIL_SEC, channel, notes[channel.salt]);
    }

    function test_AnIdNeverOpensTwiceNotEvenOnceSettled() external {
        Channel memory channel = channelOf(seats(1), 1);
        bytes32 id = openBy(payer, channel);
        bytes memory again = abi.encodeWithSelector(ISwarmChannels.SwarmChannels_AlreadyOpened.selector, id);
        vm.prank(payer);
        vm.expectRevert(again);
        swarm.open(channel, notes[channel.salt], "");
        redeemFirst(channel, seats(1), 0, CAP);
        vm.startPrank(payer);
        swarm.settle(channel, seats(1), noReleases());
        vm.expectRevert(again);
        swarm.open(channel, notes[channel.salt], "");
        vm.stopPrank();
    }
}
