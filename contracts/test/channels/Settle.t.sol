// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "../../src/channels/ISwarmChannels.sol";
import {Channel, ChannelStatus, Release, SeatLeaf, Settlement} from "../../src/channels/Channels.sol";
import {SeatPaths} from "./support/SeatPaths.sol";
import {SwarmFixture} from "./support/SwarmFixture.sol";
import {vm} from "./support/Vm.sol";

contract SettleTest is SwarmFixture {
    SeatLeaf[] private leaves;
    Channel private channel;
    bytes32 private id;

    function setUp() external {
        prepare();
        SeatLeaf[] memory three = seats(3);
        for (uint256 i = 0; i < 3; ++i) {
            leaves.push(three[i]);
        }
        channel = channelOf(three, 1);
        id = openBy(signer, channel);
    }

    function allReleases() private view returns (Release[] memory releases) {
        releases = new Release[](3);
        for (uint256 i = 0; i < 3; ++i) {
            releases[i] = releaseOf(id, leaves[i], uint128(10 * (i + 1)));
        }
    }

    function settleBy(address sender, Release[] memory releases) private {
        vm.prank(sender);
        swarm.settle(channel, leaves, releases);
    }

    function refuses(address sender, Release[] memory releases, bytes memory reason) private {
        vm.prank(sender);
        vm.expectRevert(reason);
        swarm.settle(channel, leaves, releases);
    }

    function test_AllReleasedSettlesAtOnceAndPaysEveryone() external {
        uint256 before = token.balanceOf(payer);
        settleBy(payer, allReleases());
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(token.balanceOf(leaves[i].payee), 10 * (i + 1), "payee");
        }
        assertEq(token.balanceOf(payer), before + 3 * CAP - 60, "refund");
        assertTrue(statusOf(id) == ChannelStatus.Settled, "status");
    }

    function test_TheSignerSettlesToo() external {
        settleBy(signer, allReleases());
        assertTrue(statusOf(id) == ChannelStatus.Settled, "status");
    }

    function test_ThePayeeItselfMayRelease() external {
        Release[] memory releases = allReleases();
        uint256 key = keyOf(leaves[1].payee, FIRST_PAYEE_KEY, 3);
        releases[1] = releaseBy(key, id, leaves[1].payee, 33);
        settleBy(payer, releases);
        assertEq(token.balanceOf(leaves[1].payee), 33, "payee");
    }

    function test_AStrangerNeitherClosesNorSettles() external {
        Release[] memory releases = allReleases();
        bytes memory reason = abi.encodeWithSelector(ISwarmChannels.SwarmChannels_NotAllowed.selector, stranger);
        refuses(stranger, releases, reason);
        vm.prank(stranger);
        vm.expectRevert(reason);
        swarm.startClose(channel);
    }

    function test_AnOpenSeatHoldsTheSettlementUntilTheDelayIsOver() external {
        Release[] memory releases = one(releaseOf(id, leaves[0], 10));
        bytes memory open = abi.encodeWithSelector(
            ISwarmChannels.SwarmChannels_SeatStillOpen.selector, leaves[1].payee
        );
        refuses(payer, releases, open);
        vm.prank(payer);
        swarm.startClose(channel);
        refuses(payer, releases, open);
        vm.warp(NOW_SEC + 1 days - 1);
        refuses(payer, releases, open);
        vm.warp(NOW_SEC + 1 days);
        redeemFirst(channel, leaves, 1, 25);
        settleBy(payer, releases);
        assertEq(token.balanceOf(leaves[0].payee), 10, "released");
        assertEq(token.balanceOf(leaves[1].payee), 25, "keeps its claim");
        assertEq(token.balanceOf(leaves[2].payee), 0, "silent");
    }

    function test_UsedUpSeatsNeedNoRelease() external {
        for (uint256 i = 0; i < 3; ++i) {
            redeemFirst(channel, leaves, i, CAP);
        }
        uint256 before = token.balanceOf(payer);
        settleBy(payer, noReleases());
        assertEq(token.balanceOf(payer), before, "nothing left");
    }

    function test_AReleaseBelowTheClaimChangesNothing() external {
        redeemFirst(channel, leaves, 0, 70);
        settleBy(payer, allReleases());
        assertEq(token.balanceOf(leaves[0].payee), 70, "payee");
        assertEq(token.balanceOf(address(swarm)), PURSE - 3 * CAP, "held");
    }

    function test_AReleaseAboveTheClaimPaysTheDifference() external {
        redeemFirst(channel, leaves, 2, 4);
        settleBy(payer, allReleases());
        assertEq(token.balanceOf(leaves[2].payee), 30, "payee");
    }

    function test_BadReleasesRevert() external {
        address payee = leaves[0].payee;
        bytes memory reason = abi.encodeWithSelector(ISwarmChannels.SwarmChannels_BadRelease.selector, payee);
        Release[] memory releases = allReleases();
        releases[0] = releaseOf(id, leaves[0], CAP + 1);
        refuses(payer, releases, reason);
        releases[0] = releaseBy(SIGNER_KEY, id, payee, 0);
        refuses(payer, releases, reason);
        releases[0] = releaseBy(PAYER_KEY, id, payee, 0);
        refuses(payer, releases, reason);
        releases[0] = releaseOf(id, leaves[0], 10);
        releases[0].cumulative = 9;
        refuses(payer, releases, reason);
        releases[0].signature = "";
        refuses(payer, releases, reason);
        releases[0] = releaseOf(id, leaves[0], 10);
        releases[0].signature = bytes.concat(releases[0].signature, hex"00");
        refuses(payer, releases, reason);
        uint256 delegateKey = keyOf(leaves[0].delegate, FIRST_DELEGATE_KEY, 3);
        releases[0] = Release(payee, 10, signed(delegateKey, swarm.voucherDigest(id, payee, 10)));
        refuses(payer, releases, reason);
    }

    function test_KnownBug_ADelegateOfTwoSeatsReleasesOnlyTheNamedOne() external {
        SeatLeaf[] memory shared = seats(2);
        shared[1].delegate = shared[0].delegate;
        Channel memory other = channelOf(shared, 2);
        bytes32 otherId = openBy(signer, other);
        Release[] memory releases = new Release[](2);
        releases[0] = releaseOf(otherId, shared[0], 5);
        releases[1] = Release(shared[1].payee, 5, releases[0].signature);
        vm.prank(payer);
        vm.expectRevert(
            abi.encodeWithSelector(ISwarmChannels.SwarmChannels_BadRelease.selector, shared[1].payee)
        );
        swarm.settle(other, shared, releases);
    }

    function test_KnownBug_HighSAndOtherVAreNoRelease() external {
        Release[] memory releases = allReleases();
        bytes32 digest = swarm.releaseDigest(id, leaves[0].payee, 10);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(leaves[0].delegate, FIRST_DELEGATE_KEY, 3), digest);
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        bytes memory reason =
            abi.encodeWithSelector(ISwarmChannels.SwarmChannels_BadRelease.selector, leaves[0].payee);
        releases[0].signature = abi.encodePacked(r, order - uint256(s), v == 27 ? uint8(28) : uint8(27));
        refuses(payer, releases, reason);
        releases[0].signature = abi.encodePacked(r, s, v - 27);
        refuses(payer, releases, reason);
    }

    function test_KnownBug_AZeroDelegateReleasesNothing() external {
        SeatLeaf[] memory bare = seats(1);
        bare[0].delegate = address(0);
        Channel memory other = channelOf(bare, 2);
        openBy(signer, other);
        Release[] memory releases = one(Release(bare[0].payee, 0, new bytes(65)));
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_BadRelease.selector, bare[0].payee));
        swarm.settle(other, bare, releases);
    }

    function test_AReleaseOutOfOrderIsNotDroppedInSilence() external {
        Release[] memory releases = allReleases();
        (releases[0], releases[1]) = (releases[1], releases[0]);
        vm.prank(payer);
        swarm.startClose(channel);
        vm.warp(NOW_SEC + 1 days);
        refuses(
            payer, releases, abi.encodeWithSelector(ISwarmChannels.SwarmChannels_BadRelease.selector, leaves[0].payee)
        );
    }

    function test_TheListMustRebuildTheTree() external {
        Release[] memory releases = allReleases();
        leaves[1].cap += 1;
        refuses(payer, releases, abi.encodeWithSelector(ISwarmChannels.SwarmChannels_TreeMismatch.selector, id));
        leaves[1].cap -= 1;
        leaves.pop();
        refuses(payer, releases, abi.encodeWithSelector(ISwarmChannels.SwarmChannels_TreeMismatch.selector, id));
        leaves.pop();
        leaves.pop();
        refuses(payer, releases, abi.encodeWithSelector(ISwarmChannels.SwarmChannels_BadLeaf.selector, 0));
    }

    function test_KnownBug_ADuplicateLeafIsNoTree() external {
        SeatLeaf[] memory twice = new SeatLeaf[](2);
        twice[0] = leaves[0];
        twice[1] = leaves[0];
        Channel memory crooked = channelOf(twice, 2);
        openBy(signer, crooked);
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_BadLeaf.selector, 1));
        swarm.settle(crooked, twice, noReleases());
    }

    function test_16SeatsSettleAnd17DoNot() external {
        SeatLeaf[] memory most = seats(17);
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_BadLeaf.selector, 17));
        swarm.seatTree(most);
        SeatLeaf[] memory all = new SeatLeaf[](16);
        for (uint256 i = 0; i < 16; ++i) {
            all[i] = most[i];
            all[i].cap = 1 ether;
        }
        (bytes32 root, uint128 total) = swarm.seatTree(all);
        (bytes32 walked, uint128 sum) = SeatPaths.rootOf(all);
        assertTrue(root == walked && total == sum, "tree");
        Channel memory big = channelOf(all, 4);
        bytes32 bigId = openBy(signer, big);
        Release[] memory releases = new Release[](16);
        for (uint256 i = 0; i < 16; ++i) {
            uint256 key = keyOf(all[i].delegate, FIRST_DELEGATE_KEY, 17);
            releases[i] = releaseBy(key, bigId, all[i].payee, 1);
        }
        vm.prank(payer);
        swarm.settle(big, all, releases);
        assertEq(token.balanceOf(all[15].payee), 1, "last");
    }

    function test_SettleAndCloseRefuseWhatIsNotOpen() external {
        Release[] memory releases = allReleases();
        settleBy(payer, releases);
        bytes memory reason = abi.encodeWithSelector(ISwarmChannels.SwarmChannels_NotOpen.selector, id);
        refuses(payer, releases, reason);
        vm.prank(payer);
        vm.expectRevert(reason);
        swarm.startClose(channel);
        channel.salt = bytes32(uint256(77));
        id = swarm.channelId(channel);
        reason = abi.encodeWithSelector(ISwarmChannels.SwarmChannels_NotOpen.selector, id);
        refuses(payer, releases, reason);
    }

    function test_CloseStartsOnceSoThatItsEndCannotMove() external {
        vm.prank(signer);
        swarm.startClose(channel);
        (ChannelStatus status,, uint40 closeAtSec) = swarm.channelState(id);
        assertTrue(status == ChannelStatus.Closing, "status");
        assertEq(closeAtSec, NOW_SEC + 1 days, "closeAtSec");
        vm.warp(NOW_SEC + 60);
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_NotOpen.selector, id));
        swarm.startClose(channel);
    }

    function test_CloseOutSettlesManyAndEmptiesThePurseWithOneRefund() external {
        SeatLeaf[] memory two = seats(2);
        Channel memory second = channelOf(two, 2);
        bytes32 secondId = openBy(signer, second);
        Settlement[] memory settlements = new Settlement[](2);
        settlements[0] = Settlement(channel, leaves, allReleases());
        Release[] memory releases = new Release[](2);
        releases[0] = releaseOf(secondId, two[0], 1);
        releases[1] = releaseOf(secondId, two[1], 2);
        settlements[1] = Settlement(second, two, releases);
        vm.prank(payer);
        swarm.closeOut(settlements, signer);
        assertEq(token.balanceOf(payer), 2 * PURSE - 63, "refund");
        assertEq(token.balanceOf(address(swarm)), 0, "held");
        assertEq(purseBalance(), 0, "purse");
        (, uint64 untilSec) = swarm.purse(payer, signer);
        assertEq(untilSec, UNTIL_SEC, "untilSec");
    }

    function test_CloseOutIsThePayersAlone() external {
        Settlement[] memory settlements = new Settlement[](1);
        settlements[0] = Settlement(channel, leaves, allReleases());
        vm.prank(signer);
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_NotAllowed.selector, signer));
        swarm.closeOut(settlements, signer);
    }

    function test_CloseOutOfNothingIsHarmless() external {
        vm.prank(stranger);
        swarm.closeOut(new Settlement[](0), signer);
        assertEq(purseBalance(), PURSE - 3 * CAP, "purse");
    }

    function test_AChannelThatSeatsTheContractItselfSettlesAfterItsDelay() external {
        SeatLeaf[] memory odd = new SeatLeaf[](1);
        odd[0] = SeatLeaf(address(swarm), leaves[0].delegate, CAP);
        Channel memory other = channelOf(odd, 2);
        bytes32 otherId = openBy(signer, other);
        redeemFirst(other, odd, 0, 5);
        Release[] memory releases = one(releaseOf(otherId, odd[0], 5));
        vm.startPrank(payer);
        vm.expectRevert(
            abi.encodeWithSelector(ISwarmChannels.SwarmChannels_BadRelease.selector, address(swarm))
        );
        swarm.settle(other, odd, releases);
        swarm.startClose(other);
        vm.warp(NOW_SEC + 1 days);
        swarm.settle(other, odd, noReleases());
        vm.stopPrank();
        assertEq(token.balanceOf(payer), PURSE + CAP, "refund");
    }
}
