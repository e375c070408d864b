// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Channel, RedeemRow, Release, SeatLeaf, SeatProof} from "../../src/channels/Channels.sol";
import {SwarmFixture} from "./support/SwarmFixture.sol";
import {vm} from "./support/Vm.sol";

contract FuzzTest is SwarmFixture {
    function setUp() external {
        prepare();
    }

    function randomSeats(uint256 seed, uint256 count) private pure returns (SeatLeaf[] memory leaves) {
        leaves = seats(count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i].cap = uint128(1 + uint256(keccak256(abi.encode(seed, i))) % CAP);
        }
    }

    function testFuzz_PaidAndRefundedAreWhatWasFunded(uint256 seed, uint8 countSeed, uint128[8] calldata figures)
        external
    {
        uint256 count = 1 + countSeed % 8;
        SeatLeaf[] memory leaves = randomSeats(seed, count);
        Channel memory channel = channelOf(leaves, seed);
        bytes32 id = openBy(signer, channel);
        uint256 paid = 0;
        Release[] memory releases = new Release[](count);
        for (uint256 i = 0; i < count; ++i) {
            // Some vouchers are over the cap: those pay nothing.
            uint128 voucher = figures[i] % (leaves[i].cap + leaves[i].cap / 4 + 1);
            redeemFirst(channel, leaves, i, voucher);
            uint128 claimed = voucher > leaves[i].cap ? 0 : voucher;
            assertEq(token.balanceOf(leaves[i].payee), claimed, "claimed");
            uint128 last = uint128(uint256(keccak256(abi.encode(seed, i, "last"))) % (leaves[i].cap + 1));
            releases[i] = releaseOf(id, leaves[i], last);
            paid += last > claimed ? last : claimed;
        }
        uint256 before = token.balanceOf(payer);
        vm.prank(payer);
        swarm.settle(channel, leaves, releases);
        assertEq(token.balanceOf(payer) - before, channel.total - paid, "refund");
        assertEq(token.balanceOf(address(swarm)), purseBalance(), "only the purse is left");
    }

    function testFuzz_RowsInAnyOrderPayTheHighestVoucher(uint128[6] calldata figures) external {
        SeatLeaf[] memory leaves = seats(3);
        Channel memory channel = channelOf(leaves, 1);
        bytes32 id = openBy(signer, channel);
        RedeemRow[] memory rows = new RedeemRow[](6);
        SeatProof[] memory proofs = new SeatProof[](6);
        uint128[3] memory highest;
        for (uint256 i = 0; i < 6; ++i) {
            uint128 figure = figures[i] % (CAP + 1);
            rows[i] = rowOf(id, leaves[i % 3].payee, figure);
            proofs[i] = proofOf(i, channel, leaves, i % 3);
            if (figure > highest[i % 3]) highest[i % 3] = figure;
        }
        swarm.redeem(rows, proofs);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(token.balanceOf(leaves[i].payee), highest[i], "paid");
        }
    }

    function testFuzz_NoChangedSignatureRedeems(bytes32 r, bytes32 vs, uint128 figure) external {
        SeatLeaf[] memory leaves = seats(2);
        Channel memory channel = channelOf(leaves, 1);
        bytes32 id = openBy(signer, channel);
        uint128 cumulative = 1 + figure % CAP;
        RedeemRow memory good = rowOf(id, leaves[0].payee, cumulative);
        RedeemRow memory bad = RedeemRow(id, leaves[0].payee, cumulative, good.r ^ r, good.vs ^ vs);
        vm.assume(r != 0 || vs != 0);
        swarm.redeem(one(bad), one(proofOf(0, channel, leaves, 0)));
        assertEq(token.balanceOf(leaves[0].payee), 0, "paid");
    }

    function testFuzz_NoOtherCapProves(uint256 seed, uint8 countSeed, uint8 pick, uint128 cap) external {
        uint256 count = 1 + countSeed % 16;
        SeatLeaf[] memory leaves = randomSeats(seed, count);
        Channel memory channel = channelOf(leaves, seed);
        bytes32 id = openBy(signer, channel);
        uint256 index = pick % count;
        vm.assume(cap != leaves[index].cap);
        SeatProof memory proof = proofOf(0, channel, leaves, index);
        proof.cap = cap;
        swarm.redeem(one(rowOf(id, leaves[index].payee, 1)), one(proof));
        assertEq(token.balanceOf(leaves[index].payee), 0, "paid");
    }
}
