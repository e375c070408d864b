// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "../../src/channels/ISwarmChannels.sol";
import {Channel, ChannelStatus, ProofStep, RedeemRow, Release, SeatLeaf, SeatProof} from "../../src/channels/Channels.sol";
import {SwarmFixture} from "./support/SwarmFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice What went wrong in contracts of this kind, one test each: signatures, trees and races. Tokens that misbehave
/// are in KnownTokenBugs.t.sol.
contract KnownBugsTest is SwarmFixture {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    SeatLeaf[] private leaves;
    Channel private channel;
    bytes32 private id;
    address private payee;

    function setUp() external {
        prepare();
        SeatLeaf[] memory three = seats(3);
        for (uint256 i = 0; i < 3; ++i) {
            leaves.push(three[i]);
        }
        channel = channelOf(three, 1);
        id = openBy(signer, channel);
        payee = leaves[0].payee;
    }

    function proof(uint256 index) private view returns (SeatProof[] memory) {
        return one(proofOf(0, channel, leaves, index));
    }

    function opens(Channel memory which, bytes memory word) private returns (bool success) {
        vm.prank(stranger);
        (success,) = address(swarm).call(abi.encodeCall(ISwarmChannels.open, (which, notes[which.salt], word)));
    }

    function settles(Channel memory which, SeatLeaf[] memory its, Release[] memory releases)
        private
        returns (bool success)
    {
        vm.prank(payer);
        (success,) = address(swarm).call(abi.encodeCall(ISwarmChannels.settle, (which, its, releases)));
    }

    function allReleases(uint128 figure) private view returns (Release[] memory releases) {
        releases = new Release[](3);
        for (uint256 i = 0; i < 3; ++i) {
            releases[i] = releaseOf(id, leaves[i], figure);
        }
    }

    function test_AVoucherDoesNotReplayOnAReopenedChannel() external {
        RedeemRow memory row = rowOf(id, payee, 40);
        swarm.redeem(one(row), proof(0));
        assertTrue(settles(channel, leaves, allReleases(50)), "settled");
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_AlreadyOpened.selector, id));
        swarm.open(channel, notes[channel.salt], "");
        Channel memory again = channelOf(leaves, 2);
        bytes32 againId = openBy(signer, again);
        swarm.redeem(one(row), one(proofOf(0, again, leaves, 0)));
        row.channelId = againId;
        swarm.redeem(one(row), one(proofOf(0, again, leaves, 0)));
        assertEq(token.balanceOf(payee), 50, "paid");
    }

    function test_AnOpeningDoesNotReplay() external {
        bytes memory word = signed(SIGNER_KEY, swarm.openDigest(id));
        assertTrue(!opens(channel, word), "while open");
        assertTrue(settles(channel, leaves, allReleases(1)), "settled");
        assertTrue(!opens(channel, word), "once settled");
        assertTrue(!opens(channelOf(leaves, 2), word), "another channel");
    }

    /// One key is signer, payee and delegate here: nothing but the type tells its signatures apart.
    function test_ASignatureOfOneTypeIsNoneOfAnother() external {
        SeatLeaf[] memory own = new SeatLeaf[](1);
        own[0] = SeatLeaf(signer, signer, CAP);
        Channel memory mine = channelOf(own, 7);
        bytes32 mineId = swarm.channelId(mine);
        bytes memory voucher = signed(SIGNER_KEY, swarm.voucherDigest(mineId, signer, 40));
        bytes memory release = signed(SIGNER_KEY, swarm.releaseDigest(mineId, signer, 40));
        bytes memory word = signed(SIGNER_KEY, swarm.openDigest(mineId));
        assertTrue(!opens(mine, voucher), "voucher as opening");
        assertTrue(!opens(mine, release), "release as opening");
        assertTrue(opens(mine, word), "opening");
        SeatProof[] memory its = one(proofOf(0, mine, own, 0));
        swarm.redeem(one(rowSigned(SIGNER_KEY, swarm.releaseDigest(mineId, signer, 40), mineId, signer, 40)), its);
        swarm.redeem(one(rowSigned(SIGNER_KEY, swarm.openDigest(mineId), mineId, signer, 40)), its);
        assertEq(token.balanceOf(signer), 0, "release or opening as voucher");
        assertTrue(!settles(mine, own, one(Release(signer, 40, voucher))), "voucher as release");
        assertTrue(!settles(mine, own, one(Release(signer, 40, word))), "opening as release");
        swarm.redeem(one(rowBy(SIGNER_KEY, mineId, signer, 40)), its);
        assertTrue(settles(mine, own, one(Release(signer, 40, release))), "release");
        assertEq(token.balanceOf(signer), 40, "voucher");
    }

    function test_TheDomainIsTheWholeOfTip712() external view {
        bytes32 domainType =
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 expected = keccak256(
            abi.encode(domainType, keccak256("SwarmChannels"), keccak256("1"), block.chainid & 0xffffffff, swarm)
        );
        assertTrue(swarm.domainSeparator() == expected, "domain");
        bytes32 voucher = keccak256("Voucher(bytes32 channel,address payee,uint128 cumulative)");
        bytes32 hash = keccak256(abi.encode(voucher, id, payee, uint128(9)));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", expected, hash));
        assertTrue(swarm.voucherDigest(id, payee, 9) == digest, "voucher");
        bytes32 release = keccak256("Release(bytes32 channel,address payee,uint128 cumulative)");
        hash = keccak256(abi.encode(release, id, payee, uint128(9)));
        digest = keccak256(abi.encodePacked(hex"1901", expected, hash));
        assertTrue(swarm.releaseDigest(id, payee, 9) == digest, "release");
        hash = keccak256(abi.encode(keccak256("Open(bytes32 channel)"), id));
        assertTrue(swarm.openDigest(id) == keccak256(abi.encodePacked(hex"1901", expected, hash)), "opening");
    }

    function test_ADigestOfAnotherChainOrContractSignsNothing() external {
        ISwarmChannels here = swarm;
        ISwarmChannels there = ISwarmChannels(vm.deployCode("artifacts/SwarmChannels.json", abi.encode(token)));
        Channel memory next = channelOf(leaves, 2);
        bytes32 nextId = here.channelId(next);
        for (uint256 i = 0; i < 2; ++i) {
            // The digests of the other place, about the ids of this one.
            if (i == 0) swarm = there;
            else vm.chainId(31338);
            RedeemRow memory row = rowOf(id, payee, 40);
            Release[] memory releases = allReleases(5);
            bytes memory word = signed(SIGNER_KEY, swarm.openDigest(nextId));
            swarm = here;
            vm.chainId(31337);
            swarm.redeem(one(row), proof(0));
            assertEq(token.balanceOf(payee), 0, "voucher");
            assertTrue(!settles(channel, leaves, releases), "release");
            assertTrue(!opens(next, word), "opening");
        }
        assertTrue(settles(channel, leaves, allReleases(5)), "the same, signed here");
    }

    function test_AnIdBindsChainContractAndEveryField() external {
        ISwarmChannels there = ISwarmChannels(vm.deployCode("artifacts/SwarmChannels.json", abi.encode(token)));
        assertTrue(there.channelId(channel) != id, "contract");
        vm.chainId(31338);
        assertTrue(swarm.channelId(channel) != id, "chain");
        vm.chainId(31337);
        for (uint256 i = 0; i < 6; ++i) {
            Channel memory other = channel;
            if (i == 0) other.payer = stranger;
            if (i == 1) other.signer = stranger;
            if (i == 2) other.root = ~other.root;
            if (i == 3) other.total += 1;
            if (i == 4) other.closeDelaySec += 1;
            if (i == 5) other.salt = ~other.salt;
            assertTrue(swarm.channelId(other) != id, "field");
        }
    }

    function test_AVoucherIsPaidWhileClosingAndAfterTheDelay() external {
        vm.prank(payer);
        swarm.startClose(channel);
        swarm.redeem(one(rowOf(id, payee, 40)), proof(0));
        vm.warp(NOW_SEC + 40 days);
        swarm.redeem(one(rowOf(id, payee, 60)), noProofs());
        redeemFirst(channel, leaves, 1, 70);
        assertEq(token.balanceOf(payee), 60, "first");
        assertEq(token.balanceOf(leaves[1].payee), 70, "second");
    }

    function test_FrontRunAndBadRowsRevertNoBatch() external {
        RedeemRow[] memory rows = new RedeemRow[](5);
        SeatProof[] memory proofs = new SeatProof[](3);
        for (uint256 i = 0; i < 3; ++i) {
            rows[i] = rowOf(id, leaves[i].payee, uint128(10 * (i + 1)));
            proofs[i] = proofOf(i, channel, leaves, i);
        }
        rows[3] = RedeemRow(id, payee, type(uint128).max, bytes32(type(uint256).max), bytes32(type(uint256).max));
        rows[4] = rowOf(keccak256("unknown"), payee, 1);
        vm.startPrank(stranger);
        swarm.redeem(one(rows[1]), one(proofOf(0, channel, leaves, 1)));
        swarm.redeem(one(rowOf(id, leaves[2].payee, 31)), one(proofOf(0, channel, leaves, 2)));
        vm.stopPrank();
        swarm.redeem(rows, proofs);
        assertEq(token.balanceOf(payee), 10, "first");
        assertEq(token.balanceOf(leaves[1].payee), 20, "copied");
        assertEq(token.balanceOf(leaves[2].payee), 31, "overtaken");
    }

    function test_ASkippedRowLeavesNoTrace() external {
        swarm.redeem(one(rowOf(id, payee, 40)), proof(0));
        vm.recordLogs();
        swarm.redeem(one(rowOf(id, payee, 40)), proof(0));
        swarm.redeem(one(rowOf(id, payee, 39)), noProofs());
        swarm.redeem(one(rowOf(id, payee, 0)), noProofs());
        swarm.redeem(one(rowOf(id, leaves[1].payee, 0)), proof(1));
        assertEq(vm.getRecordedLogs().length, 0, "events");
        (uint128 cap,) = swarm.seat(id, leaves[1].payee);
        assertEq(cap, 0, "a seat that earned nothing is not written");
    }

    function highS(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, ORDER - uint256(s), v == 27 ? uint8(28) : uint8(27));
    }

    function test_AHighSIsNoSignature() external {
        Channel memory next = channelOf(leaves, 2);
        assertTrue(!opens(next, highS(SIGNER_KEY, swarm.openDigest(swarm.channelId(next)))), "opening");
        Release[] memory releases = allReleases(5);
        uint256 delegateKey = keyOf(leaves[0].delegate, FIRST_DELEGATE_KEY, 3);
        releases[0].signature = highS(delegateKey, swarm.releaseDigest(id, payee, 5));
        assertTrue(!settles(channel, leaves, releases), "release");
        // A row has 255 bits for s, and the twin of a low s needs more: it cannot even be written down, nor its low bits pass.
        (uint8 v, bytes32 r, bytes32 low) = vm.sign(SIGNER_KEY, swarm.voucherDigest(id, payee, 40));
        uint256 twin = ORDER - uint256(low);
        assertTrue(twin >> 255 == 1, "too long for a row");
        uint256 flipped = v == 27 ? 1 << 255 : 0;
        swarm.redeem(one(RedeemRow(id, payee, 40, r, bytes32((twin & (type(uint256).max >> 1)) | flipped))), proof(0));
        swarm.redeem(one(RedeemRow(id, payee, 40, r, bytes32(twin))), proof(0));
        assertEq(token.balanceOf(payee), 0, "voucher");
    }

    function test_TheZeroAddressSignsNothing() external {
        RedeemRow memory row = RedeemRow(id, payee, 40, 0, 0);
        swarm.redeem(one(row), proof(0));
        Channel memory nobodys = channelOf(leaves, 2);
        nobodys.signer = address(0);
        bytes32 nobodysId = swarm.channelId(nobodys);
        vm.startPrank(payer);
        vm.expectRevert(ISwarmChannels.SwarmChannels_SignerIsZero.selector);
        swarm.fund(address(0), 1, UNTIL_SEC);
        vm.expectRevert(ISwarmChannels.SwarmChannels_SignerIsZero.selector);
        swarm.fundAndOpen(nobodys.total, UNTIL_SEC, nobodys, notes[nobodys.salt]);
        vm.expectRevert();
        swarm.open(nobodys, notes[nobodys.salt], "");
        vm.stopPrank();
        // A channel that does not exist has no signer either: its rows must not be taken for the zero key's.
        row.channelId = nobodysId;
        swarm.redeem(one(row), one(proofOf(0, nobodys, leaves, 0)));
        assertEq(token.balanceOf(payee), 0, "paid");
        assertTrue(!opens(nobodys, new bytes(65)), "opened");
        SeatLeaf[] memory bare = seats(1);
        bare[0].delegate = address(0);
        Channel memory other = channelOf(bare, 3);
        openBy(signer, other);
        assertTrue(!settles(other, bare, one(Release(bare[0].payee, 0, new bytes(65)))), "released");
    }

    function test_ADuplicateLeafGivesNoSecondCap() external {
        SeatLeaf[] memory twice = new SeatLeaf[](2);
        twice[0] = SeatLeaf(payee, leaves[0].delegate, 70);
        twice[1] = SeatLeaf(payee, stranger, 30);
        Channel memory crooked = channelOf(twice, 3);
        bytes32 crookedId = openBy(signer, crooked);
        redeemFirst(crooked, twice, 1, 30);
        redeemFirst(crooked, twice, 0, 70);
        RedeemRow[] memory rows = new RedeemRow[](2);
        (rows[0], rows[1]) = (rowOf(crookedId, payee, 71), rowOf(crookedId, payee, 100));
        SeatProof[] memory proofs = new SeatProof[](2);
        (proofs[0], proofs[1]) = (proofOf(0, crooked, twice, 0), proofOf(1, crooked, twice, 1));
        swarm.redeem(rows, proofs);
        assertEq(token.balanceOf(payee), 70, "the greater of both, not their sum");
        assertTrue(!settles(crooked, twice, noReleases()), "no tree to settle by");
    }

    function test_ASmallerLeafLowersNoCap() external {
        SeatLeaf[] memory twice = new SeatLeaf[](2);
        twice[0] = SeatLeaf(payee, leaves[0].delegate, 100);
        twice[1] = SeatLeaf(payee, leaves[0].delegate, 50);
        Channel memory crooked = channelOf(twice, 3);
        bytes32 crookedId = openBy(signer, crooked);
        redeemFirst(crooked, twice, 0, 10);
        redeemFirst(crooked, twice, 1, 20);
        swarm.redeem(one(rowOf(crookedId, payee, 90)), noProofs());
        assertEq(token.balanceOf(payee), 90, "paid");
    }

    function test_TwoProofsOfOneSeatPayItsCapOnce() external {
        RedeemRow[] memory rows = new RedeemRow[](3);
        SeatProof[] memory proofs = new SeatProof[](3);
        for (uint256 i = 0; i < 3; ++i) {
            rows[i] = rowOf(id, payee, i == 2 ? CAP + 1 : CAP);
            proofs[i] = proofOf(i, channel, leaves, 0);
        }
        swarm.redeem(rows, proofs);
        assertEq(token.balanceOf(payee), CAP, "paid");
        (uint128 cap, uint128 claimed) = swarm.seat(id, payee);
        assertTrue(cap == CAP && claimed == CAP, "seat");
    }

    /// What a tree whose nodes commit only the total would let through: caps moved between siblings.
    function test_ASumNodeCommitsBothChildrensSums() external {
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 step = 0; step < proofOf(0, channel, leaves, i).path.length; ++step) {
                SeatProof memory moved = proofOf(0, channel, leaves, i);
                moved.cap += 1;
                moved.path[step].sum -= 1;
                swarm.redeem(one(rowOf(id, leaves[i].payee, 1)), one(moved));
            }
            Channel memory lie = channel;
            lie.total = CAP;
            lie.salt = saltOf(abi.encode(i + 10));
            bytes32 lieId = openBy(signer, lie);
            SeatProof memory small = proofOf(0, lie, leaves, i);
            for (uint256 step = 0; step < small.path.length; ++step) {
                small.path[step].sum = 0;
            }
            swarm.redeem(one(rowOf(lieId, leaves[i].payee, 1)), one(small));
            assertEq(token.balanceOf(leaves[i].payee), 0, "paid");
        }
    }

    function test_ANodeIsNoLeafAndALeafNoNode() external {
        // A second preimage would need a leaf whose hash is a node's. The best try at one: the root's own parts as a leaf.
        ProofStep[] memory path = proofOf(0, channel, leaves, 2).path;
        SeatProof memory asLeaf = SeatProof(0, channel, address(0), channel.total, new ProofStep[](0));
        swarm.redeem(one(rowOf(id, address(uint160(uint256(channel.root))), 1)), one(asLeaf));
        asLeaf.cap = path[0].sum;
        asLeaf.path = path;
        swarm.redeem(one(rowOf(id, address(uint160(uint256(path[0].hash))), 1)), one(asLeaf));
        // And a leaf hashed as a node of two: the same bytes under the other prefix.
        bytes32 leafAsNode = keccak256(abi.encodePacked(bytes1(0x01), payee, leaves[0].delegate, CAP));
        Channel memory odd = Channel(payer, signer, leafAsNode, CAP, 1 days, saltOf("4"));
        bytes32 oddId = openBy(signer, odd);
        SeatProof memory bare = SeatProof(0, odd, leaves[0].delegate, CAP, new ProofStep[](0));
        swarm.redeem(one(rowOf(oddId, payee, 1)), one(bare));
        // Without any prefix neither.
        odd.root = keccak256(abi.encodePacked(payee, leaves[0].delegate, CAP));
        oddId = openBy(signer, odd);
        bare.channel = odd;
        swarm.redeem(one(rowOf(oddId, payee, 1)), one(bare));
        assertEq(token.balanceOf(address(swarm)), PURSE, "held");
    }

    function test_AFrontRunReleaseGainsNobodyAndLosesNothing() external {
        Release[] memory releases = allReleases(30);
        // A copy of what waits to be mined: the thief is no party, and a voucher that overtakes it changes no sum.
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_NotAllowed.selector, stranger));
        swarm.settle(channel, leaves, releases);
        vm.prank(stranger);
        swarm.redeem(one(rowOf(id, payee, 20)), proof(0));
        redeemFirst(channel, leaves, 1, 45);
        uint256 before = token.balanceOf(payer);
        assertTrue(settles(channel, leaves, releases), "settled");
        assertEq(token.balanceOf(payee), 30, "the release, whoever redeemed before it");
        assertEq(token.balanceOf(leaves[1].payee), 45, "an older release lowers no claim");
        assertEq(token.balanceOf(leaves[2].payee), 30, "third");
        assertEq(token.balanceOf(payer) - before, 3 * CAP - 105, "refund");
        assertTrue(statusOf(id) == ChannelStatus.Settled, "status");
    }

    function test_AReleaseOfOneSeatOrChannelIsNoneOfAnother() external {
        Channel memory second = channelOf(leaves, 2);
        bytes32 secondId = openBy(signer, second);
        Release[] memory releases = allReleases(0);
        assertTrue(!settles(second, leaves, releases), "channel");
        releases[1] = Release(leaves[1].payee, 0, releases[0].signature);
        assertTrue(!settles(channel, leaves, releases), "seat");
        assertTrue(statusOf(secondId) == ChannelStatus.Open, "status");
    }
}
