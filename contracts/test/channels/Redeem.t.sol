// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrc20} from "../../src/shared/ITrc20.sol";
import {Channel, ProofStep, RedeemRow, SeatLeaf, SeatProof} from "../../src/channels/Channels.sol";
import {SeatPaths} from "./support/SeatPaths.sol";
import {SwarmFixture} from "./support/SwarmFixture.sol";
import {Vm, vm} from "./support/Vm.sol";

contract RedeemTest is SwarmFixture {
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

    function test_TheFirstRowRecordsTheSeatAndPays() external {
        redeemFirst(channel, leaves, 0, 40);
        (uint128 cap, uint128 claimed) = swarm.seat(id, payee);
        assertEq(cap, CAP, "cap");
        assertEq(claimed, 40, "claimed");
        assertEq(token.balanceOf(payee), 40, "paid");
    }

    function test_LaterRowsNeedNoProofAndPayTheDifference() external {
        redeemFirst(channel, leaves, 0, 40);
        swarm.redeem(one(rowOf(id, payee, 100)), noProofs());
        assertEq(token.balanceOf(payee), 100, "paid");
    }

    function test_EachSeatOfTreesOfEveryShapeRedeems() external {
        for (uint256 count = 1; count <= 9; ++count) {
            SeatLeaf[] memory some = seats(count);
            Channel memory each = channelOf(some, 100 + count);
            openBy(payer, each);
            for (uint256 i = 0; i < count; ++i) {
                uint256 before = token.balanceOf(some[i].payee);
                redeemFirst(each, some, i, CAP);
                assertEq(token.balanceOf(some[i].payee), before + CAP, "paid");
            }
        }
    }

    function test_AStaleRowIsSkipped() external {
        redeemFirst(channel, leaves, 0, 40);
        swarm.redeem(one(rowOf(id, payee, 40)), noProofs());
        swarm.redeem(one(rowOf(id, payee, 39)), noProofs());
        assertEq(token.balanceOf(payee), 40, "paid");
    }

    function test_AnOverCapRowIsSkipped() external {
        redeemFirst(channel, leaves, 0, CAP + 1);
        assertEq(token.balanceOf(payee), 0, "first");
        redeemFirst(channel, leaves, 0, 40);
        swarm.redeem(one(rowOf(id, payee, CAP + 1)), noProofs());
        assertEq(token.balanceOf(payee), 40, "later");
    }

    function test_ARowWithoutProofOfAnUnknownSeatIsSkipped() external {
        swarm.redeem(one(rowOf(id, payee, 40)), noProofs());
        assertEq(token.balanceOf(payee), 0, "paid");
    }

    function test_ARowOfAnUnknownChannelIsSkipped() external {
        Channel memory never = channelOf(leaves, 2);
        redeemFirst(never, leaves, 0, 40);
        assertEq(token.balanceOf(payee), 0, "paid");
    }

    function test_BadProofsAreSkipped() external {
        SeatProof[] memory bad = new SeatProof[](8);
        for (uint256 i = 0; i < bad.length; ++i) {
            bad[i] = proofOf(0, channel, leaves, 0);
        }
        bad[0].cap += 1;
        bad[1].delegate = stranger;
        bad[2].path[0].isLeft = !bad[2].path[0].isLeft;
        bad[3].path[0].sum += 1;
        bad[4].path = new ProofStep[](0);
        bad[5].channel.salt = bytes32(uint256(9));
        bad[6].channel.total += 1;
        bad[7].path[0].sum = type(uint128).max;
        for (uint256 i = 0; i < bad.length; ++i) {
            swarm.redeem(one(rowOf(id, payee, 40)), one(bad[i]));
            assertEq(token.balanceOf(payee), 0, "paid");
        }
        ProofStep[] memory long = new ProofStep[](8);
        bad[0] = proofOf(0, channel, leaves, 0);
        bad[0].path = long;
        swarm.redeem(one(rowOf(id, payee, 40)), one(bad[0]));
        assertEq(token.balanceOf(payee), 0, "long path");
    }

    function test_RowsOfOnePayeeInARunArePaidByOneTransfer() external {
        Channel memory second = channelOf(leaves, 2);
        bytes32 secondId = openBy(signer, second);
        RedeemRow[] memory rows = new RedeemRow[](3);
        rows[0] = rowOf(id, payee, 40);
        rows[1] = rowOf(secondId, payee, 2);
        rows[2] = rowOf(id, leaves[1].payee, 5);
        SeatProof[] memory proofs = new SeatProof[](3);
        proofs[0] = proofOf(0, channel, leaves, 0);
        proofs[1] = proofOf(1, second, leaves, 0);
        proofs[2] = proofOf(2, channel, leaves, 1);
        vm.recordLogs();
        swarm.redeem(rows, proofs);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 transfers = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == ITrc20.Transfer.selector) ++transfers;
        }
        assertEq(transfers, 2, "transfers");
        assertEq(token.balanceOf(payee), 42, "first");
        assertEq(token.balanceOf(leaves[1].payee), 5, "second");
    }

    function test_KnownBug_AFrontRunRowDoesNotRevertTheBatch() external {
        RedeemRow[] memory rows = new RedeemRow[](2);
        rows[0] = rowOf(id, payee, 40);
        rows[1] = rowOf(id, leaves[1].payee, 50);
        SeatProof[] memory proofs = new SeatProof[](2);
        proofs[0] = proofOf(0, channel, leaves, 0);
        proofs[1] = proofOf(1, channel, leaves, 1);
        vm.prank(stranger);
        swarm.redeem(one(rows[0]), one(proofs[0]));
        swarm.redeem(rows, proofs);
        assertEq(token.balanceOf(payee), 40, "first");
        assertEq(token.balanceOf(leaves[1].payee), 50, "second");
    }

    function test_KnownBug_AVoucherDoesNotReplayOnAReopenedChannel() external {
        redeemFirst(channel, leaves, 0, 40);
        Channel memory reopened = channelOf(leaves, 2);
        bytes32 reopenedId = openBy(signer, reopened);
        RedeemRow memory row = rowOf(id, payee, 40);
        row.channelId = reopenedId;
        swarm.redeem(one(row), one(proofOf(0, reopened, leaves, 0)));
        assertEq(token.balanceOf(payee), 40, "paid");
    }

    function test_KnownBug_ASignatureOfOneTypeIsNoVoucher() external {
        SeatProof[] memory proof = one(proofOf(0, channel, leaves, 0));
        swarm.redeem(one(rowSigned(SIGNER_KEY, swarm.releaseDigest(id, payee, 40), id, payee, 40)), proof);
        swarm.redeem(one(rowSigned(SIGNER_KEY, swarm.openDigest(id), id, payee, 40)), proof);
        assertEq(token.balanceOf(payee), 0, "paid");
    }

    function test_KnownBug_TheDigestBindsChainAndContract() external {
        SeatProof[] memory proof = one(proofOf(0, channel, leaves, 0));
        RedeemRow[] memory here = one(rowOf(id, payee, 40));
        vm.chainId(123456);
        swarm.redeem(here, proof);
        swarm.redeem(one(rowOf(id, payee, 40)), proof);
        assertEq(token.balanceOf(payee), 0, "other chain");
        vm.chainId(31337);
        useToken(token);
        openBy(signer, channel);
        here[0].channelId = swarm.channelId(channel);
        assertTrue(here[0].channelId != id, "same id on two contracts");
        swarm.redeem(here, proof);
        assertEq(token.balanceOf(payee), 0, "other contract");
    }

    function test_TheChainIdIsTheLowFourBytes() external {
        bytes32 small = swarm.channelId(channel);
        vm.chainId((uint256(7) << 32) | 31337);
        assertTrue(swarm.channelId(channel) == small, "channel id");
    }

    function test_KnownBug_HighSIsNoSignature() external {
        RedeemRow memory row = rowOf(id, payee, 40);
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        uint256 s = uint256(row.vs) & (type(uint256).max >> 1);
        uint256 flippedV = (uint256(row.vs) >> 255) ^ 1;
        // A high s does not even fit beside v unless it is just above half the order.
        row.vs = bytes32(((order - s) & (type(uint256).max >> 1)) | (flippedV << 255));
        swarm.redeem(one(row), one(proofOf(0, channel, leaves, 0)));
        row.vs = bytes32(order / 2 + 1);
        swarm.redeem(one(row), one(proofOf(0, channel, leaves, 0)));
        assertEq(token.balanceOf(payee), 0, "paid");
    }

    function test_KnownBug_TheZeroSignerSignsNothing() external {
        RedeemRow memory row = RedeemRow(id, payee, 40, 0, 0);
        swarm.redeem(one(row), one(proofOf(0, channel, leaves, 0)));
        Channel memory unsigned = channel;
        unsigned.signer = address(0);
        vm.prank(payer);
        vm.expectRevert();
        swarm.open(unsigned, notes[unsigned.salt], "");
        row.channelId = swarm.channelId(unsigned);
        swarm.redeem(one(row), one(proofOf(0, unsigned, leaves, 0)));
        assertEq(token.balanceOf(payee), 0, "paid");
    }

    function test_OnlyTheChannelsSignerSignsVouchers() external {
        SeatProof[] memory proof = one(proofOf(0, channel, leaves, 0));
        swarm.redeem(one(rowBy(PAYER_KEY, id, payee, 40)), proof);
        swarm.redeem(one(rowBy(payeeKey(0), id, payee, 40)), proof);
        assertEq(token.balanceOf(payee), 0, "paid");
    }

    function test_KnownBug_ASmallerDuplicateLeafCannotLockAPayeeOut() external {
        SeatLeaf[] memory twice = new SeatLeaf[](2);
        twice[0] = SeatLeaf(payee, leaves[0].delegate, 100);
        twice[1] = SeatLeaf(payee, leaves[0].delegate, 1);
        Channel memory crooked = channelOf(twice, 3);
        bytes32 crookedId = openBy(signer, crooked);
        redeemFirst(crooked, twice, 1, 1);
        redeemFirst(crooked, twice, 0, 90);
        assertEq(token.balanceOf(payee), 90, "paid");
        redeemFirst(crooked, twice, 1, 101);
        swarm.redeem(one(rowOf(crookedId, payee, 101)), noProofs());
        assertEq(token.balanceOf(payee), 90, "not above the greater cap");
    }

    function test_KnownBug_ASumNodeCommitsBothSums() external {
        // The payer claims a total of one cap for a tree of two: no seat under the lie can be proven.
        (bytes32 root,,) = SeatPaths.walk(leaves, 0);
        Channel memory lie = Channel(payer, signer, root, CAP, 1 days, saltOf("5"));
        bytes32 lieId = openBy(signer, lie);
        for (uint256 i = 0; i < leaves.length; ++i) {
            SeatProof memory proof = proofOf(0, lie, leaves, i);
            swarm.redeem(one(rowOf(lieId, leaves[i].payee, 1)), one(proof));
            for (uint256 step = 0; step < proof.path.length; ++step) {
                proof.path[step].sum = 0;
            }
            swarm.redeem(one(rowOf(lieId, leaves[i].payee, 1)), one(proof));
            assertEq(token.balanceOf(leaves[i].payee), 0, "paid");
        }
    }

    function test_KnownBug_AnInnerNodeIsNoLeaf() external {
        // 0x00 and 0x01 keep a node's 97 bytes from being read as a leaf's 57: any leaf must be built as one.
        (bytes32 root, uint128 total, ProofStep[] memory path) = SeatPaths.walk(leaves, 2);
        ProofStep[] memory none = new ProofStep[](0);
        SeatProof memory proof = SeatProof(0, channel, address(0), total, none);
        swarm.redeem(one(rowOf(id, address(uint160(uint256(root))), total)), one(proof));
        proof.path = path;
        proof.cap = path[0].sum;
        swarm.redeem(one(rowOf(id, stranger, path[0].sum)), one(proof));
        assertEq(token.balanceOf(address(swarm)), PURSE, "held");
    }

    function test_KnownBug_RedeemStaysOpenWhileClosingAndEndsWithTheSettlement() external {
        redeemFirst(channel, leaves, 0, 40);
        vm.prank(payer);
        swarm.startClose(channel);
        swarm.redeem(one(rowOf(id, payee, 50)), noProofs());
        vm.warp(NOW_SEC + 1 days + 5);
        redeemFirst(channel, leaves, 1, 60);
        assertEq(token.balanceOf(payee) + token.balanceOf(leaves[1].payee), 110, "paid while closing");
        vm.prank(payer);
        swarm.settle(channel, leaves, noReleases());
        swarm.redeem(one(rowOf(id, payee, 51)), noProofs());
        redeemFirst(channel, leaves, 2, 1);
        assertEq(token.balanceOf(payee) + token.balanceOf(leaves[2].payee), 50, "paid after");
    }

    function test_AKnownSeatPaysNoOtherSigner() external {
        redeemFirst(channel, leaves, 0, 40);
        swarm.redeem(one(rowBy(PAYER_KEY, id, payee, 50)), noProofs());
        swarm.redeem(one(RedeemRow(id, payee, 50, 0, 0)), noProofs());
        // The payer's second channel has the same seats and another signer, whose word counts there only.
        Channel memory second = channelOf(leaves, 2);
        second.signer = payer;
        vm.startPrank(payer);
        token.approve(address(swarm), CAP * 3);
        swarm.fundAndOpen(CAP * 3, UNTIL_SEC, second, notes[second.salt]);
        vm.stopPrank();
        swarm.redeem(one(rowBy(PAYER_KEY, id, payee, 50)), one(proofOf(0, second, leaves, 0)));
        swarm.redeem(one(rowBy(PAYER_KEY, id, payee, 50)), one(proofOf(0, channel, leaves, 0)));
        assertEq(token.balanceOf(payee), 40, "paid");
    }

    function test_ASettledSeatShowsWhatItClaimedAndPaysNothingMore() external {
        redeemFirst(channel, leaves, 0, 40);
        redeemFirst(channel, leaves, 1, CAP);
        vm.prank(payer);
        swarm.startClose(channel);
        vm.warp(NOW_SEC + 1 days);
        vm.prank(payer);
        swarm.settle(channel, leaves, noReleases());
        (uint128 cap, uint128 claimed) = swarm.seat(id, payee);
        assertTrue(cap == CAP && claimed == 40, "seat");
        (cap, claimed) = swarm.seat(id, leaves[1].payee);
        assertTrue(cap == CAP && claimed == CAP, "seat that is used up");
        uint128[5] memory figures = [uint128(1), 40, 41, CAP, CAP + 1];
        for (uint256 i = 0; i < figures.length; ++i) {
            swarm.redeem(one(rowOf(id, payee, figures[i])), noProofs());
            redeemFirst(channel, leaves, 0, figures[i]);
            redeemFirst(channel, leaves, 1, figures[i]);
            redeemFirst(channel, leaves, 2, figures[i]);
        }
        assertEq(token.balanceOf(payee), 40, "paid");
        assertEq(token.balanceOf(address(swarm)), PURSE - 3 * CAP, "held");
    }

    /// A word of 2^256 - 60 hashes as the sum 2^128 - 60 and would bring a cap of 100 down to a total of 40.
    function test_KnownBug_ASumBeyondItsTypeProvesNothing() external {
        bytes32 leaf = keccak256(abi.encodePacked(bytes1(0x00), payee, address(0), uint128(100)));
        ProofStep[] memory path = new ProofStep[](1);
        path[0] = ProofStep(bytes32(uint256(7)), type(uint128).max - 59, false);
        bytes32 root = keccak256(abi.encodePacked(bytes1(0x01), leaf, uint128(100), path[0].hash, path[0].sum));
        Channel memory lie = Channel(payer, signer, root, 40, 1 days, saltOf("8"));
        bytes32 lieId = openBy(signer, lie);
        SeatProof memory proof = SeatProof(0, lie, address(0), 100, path);
        bytes memory data = abi.encodeCall(swarm.redeem, (one(rowOf(lieId, payee, 100)), one(proof)));
        assembly ("memory-safe") {
            // The last but one word is the step's sum.
            mstore(add(data, sub(mload(data), 32)), not(59))
        }
        (bool success,) = address(swarm).call(data);
        assertTrue(success, "skipped, not reverted");
        assertEq(token.balanceOf(payee), 0, "paid");
    }
}
