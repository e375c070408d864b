// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "../../src/channels/ISwarmChannels.sol";
import {SeatTree} from "../../src/channels/SeatTree.sol";
import {Channel, ProofStep, RedeemRow, SeatLeaf, SeatProof} from "../../src/channels/Channels.sol";
import {SeatPaths} from "./support/SeatPaths.sol";
import {SwarmFixture} from "./support/SwarmFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice Trees that our own builder would never make: a payer may commit to anything, and gains nothing by it.
contract TreesTest is SwarmFixture {
    function setUp() external {
        prepare();
    }

    function opened(bytes32 root, uint128 total) private returns (Channel memory channel) {
        channel = Channel(payer, signer, root, total, 1 hours, saltOf("odd"));
        openBy(signer, channel);
    }

    function pays(Channel memory channel, SeatLeaf memory leaf, ProofStep[] memory path, uint128 figure)
        private
        returns (bool)
    {
        uint256 held = token.balanceOf(address(swarm));
        SeatProof memory proof = SeatProof(0, channel, leaf.delegate, leaf.cap, path);
        swarm.redeem(one(rowOf(swarm.channelId(channel), leaf.payee, figure)), one(proof));
        return token.balanceOf(address(swarm)) != held;
    }

    function test_SumsThatWrapAroundProveNothing() external {
        SeatLeaf[] memory two = seats(2);
        (two[0].cap, two[1].cap) = (type(uint128).max, 2);
        bytes32[2] memory hashes;
        for (uint256 i = 0; i < 2; ++i) {
            hashes[i] = SeatTree.leafHash(two[i].payee, two[i].delegate, two[i].cap);
        }
        Channel memory channel = opened(SeatTree.nodeHash(hashes[0], two[0].cap, hashes[1], two[1].cap), 1);
        for (uint256 i = 0; i < 2; ++i) {
            ProofStep[] memory path = new ProofStep[](1);
            path[0] = ProofStep(hashes[1 - i], two[1 - i].cap, i == 1);
            assertTrue(!pays(channel, two[i], path, 1), "paid out of others' money");
        }
    }

    function test_ASeatThatNoSettlementCanListIsNotPaid() external {
        SeatLeaf[] memory many = new SeatLeaf[](17);
        for (uint256 i = 0; i < many.length; ++i) {
            many[i] = SeatLeaf(address(uint160(i + 1)), address(0), 1 ether);
        }
        (bytes32 root, uint128 total) = SeatPaths.rootOf(many);
        Channel memory channel = opened(root, total);
        (,, ProofStep[] memory path) = SeatPaths.walk(many, 5);
        assertEq(path.length, 5, "steps");
        assertTrue(!pays(channel, many[5], path, 1), "five steps");
    }

    function test_ATotalThatIsNotTheTreesSumSettlesNothing() external {
        SeatLeaf[] memory three = seats(3);
        (bytes32 root, uint128 total) = SeatPaths.rootOf(three);
        uint128[2] memory lies = [uint128(1), total + 1];
        for (uint256 i = 0; i < lies.length; ++i) {
            Channel memory channel = opened(root, lies[i]);
            bytes32 id = swarm.channelId(channel);
            vm.startPrank(payer);
            swarm.startClose(channel);
            vm.warp(NOW_SEC + 30 days);
            vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_TreeMismatch.selector, id));
            swarm.settle(channel, three, noReleases());
            vm.stopPrank();
            vm.warp(NOW_SEC);
        }
    }

    function test_ASeatWithoutACapIsNoSeat() external {
        SeatLeaf[] memory three = seats(3);
        three[2].cap = 0;
        vm.expectRevert(abi.encodeWithSelector(ISwarmChannels.SwarmChannels_BadLeaf.selector, 2));
        swarm.seatTree(three);
    }

    function test_ASeatOfNobodySpoilsNoBatch() external {
        SeatLeaf[] memory two = seats(2);
        two[0].payee = address(0);
        (bytes32 root, uint128 total) = SeatPaths.rootOf(two);
        Channel memory channel = opened(root, total);
        bytes32 id = swarm.channelId(channel);
        RedeemRow[] memory rows = new RedeemRow[](2);
        SeatProof[] memory proofs = new SeatProof[](2);
        for (uint256 i = 0; i < 2; ++i) {
            rows[i] = rowOf(id, two[i].payee, 7);
            proofs[i] = proofOf(i, channel, two, i);
        }
        swarm.redeem(rows, proofs);
        assertEq(token.balanceOf(two[1].payee), 7, "paid");
        assertEq(token.balanceOf(address(0)), 0, "nobody");
    }

    function test_ASeatOfTheContractItselfIsNotPaid() external {
        SeatLeaf[] memory own = seats(1);
        own[0].payee = address(swarm);
        (bytes32 root, uint128 total) = SeatPaths.rootOf(own);
        Channel memory channel = opened(root, total);
        bytes32 id = swarm.channelId(channel);
        swarm.redeem(one(rowOf(id, address(swarm), 5)), one(proofOf(0, channel, own, 0)));
        assertEq(claimedOf(id, address(swarm)), 0, "claimed");
    }

    function test_AProofBeforeItsRowProvesNothingForAnother() external {
        SeatLeaf[] memory two = seats(2);
        (bytes32 root, uint128 total) = SeatPaths.rootOf(two);
        Channel memory channel = opened(root, total);
        bytes32 id = swarm.channelId(channel);
        RedeemRow[] memory rows = new RedeemRow[](3);
        (rows[0], rows[1]) = (rowOf(id, two[1].payee, 3), rowOf(id, two[0].payee, 4));
        rows[2] = rowOf(id, two[1].payee, 5);
        SeatProof[] memory proofs = new SeatProof[](2);
        (proofs[0], proofs[1]) = (proofOf(1, channel, two, 0), proofOf(0, channel, two, 1));
        swarm.redeem(rows, proofs);
        // Out of order: the first waits for its row, the second comes too late.
        assertEq(token.balanceOf(two[0].payee), 4, "in its place");
        assertEq(token.balanceOf(two[1].payee), 0, "out of order");
    }
}
