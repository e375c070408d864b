// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    Channel, ChannelStatus, RedeemRow, Release, SeatLeaf, SeatProof, Settlement
} from "../../src/types/Channels.sol";
import {SwarmFixture} from "./SwarmFixture.sol";
import {vm} from "./Vm.sol";

/// @notice Random lives of channels, with a ledger of its own that never asks the contract for a sum.
contract SwarmHandler is SwarmFixture {
    uint256 public funded;
    uint256 public purses;
    uint256 public reserved;
    uint256 public paid;
    uint256 public refunded;
    mapping(bytes32 id => mapping(uint256 seat => uint128)) public claimed;
    mapping(bytes32 id => uint256 closeAtSec) public closeAtSecOf;
    Channel[] private _channels;
    uint256[] private _counts;
    uint256 public opened;
    uint256 public redeemed;
    uint256 public settled;
    uint256 private _nowSec;

    constructor() {
        prepare();
        funded = PURSE;
        purses = PURSE;
        _nowSec = NOW_SEC;
    }

    function swarmAddress() external view returns (address) {
        return address(swarm);
    }

    function held() external view returns (uint256) {
        return token.balanceOf(address(swarm));
    }

    function purseOnChain() external view returns (uint256) {
        return purseBalance();
    }

    function fund(uint96 amountSeed) external {
        uint128 amount = uint128(amountSeed % 1_000 ether);
        if (token.balanceOf(payer) < amount) return;
        vm.prank(payer);
        swarm.fund(signer, amount, UNTIL_SEC);
        funded += amount;
        purses += amount;
    }

    function defund(uint128 amountSeed) external {
        uint128 amount = uint128(amountSeed % (purses / 4 + 1));
        vm.prank(payer);
        swarm.defund(signer, amount);
        purses -= amount;
        refunded += amount;
    }

    function open(uint8 countSeed, bool isBySigner) external {
        uint256 count = 1 + countSeed % 4;
        Channel memory channel = channelOf(seats(count), _channels.length);
        if (purses < channel.total) return;
        openBy(isBySigner ? signer : payer, channel);
        purses -= channel.total;
        reserved += channel.total;
        _channels.push(channel);
        _counts.push(count);
        ++opened;
    }

    /// Up to three rows, good, stale, over the cap or by the wrong key.
    function redeem(uint256 seed) external {
        if (_channels.length == 0) return;
        RedeemRow[] memory rows = new RedeemRow[](3);
        SeatProof[] memory proofs = new SeatProof[](3);
        uint256 due = 0;
        for (uint256 i = 0; i < 3; ++i) {
            seed = uint256(keccak256(abi.encode(seed, i)));
            uint256 which = seed % _channels.length;
            uint256 index = (seed >> 32) % _counts[which];
            uint128 figure = uint128((seed >> 64) % (CAP + CAP / 8));
            bool isForged = (seed >> 200) % 5 == 0;
            Channel memory channel = _channels[which];
            SeatLeaf[] memory leaves = seats(_counts[which]);
            bytes32 id = swarm.channelId(channel);
            rows[i] = rowBy(isForged ? PAYER_KEY : SIGNER_KEY, id, leaves[index].payee, figure);
            proofs[i] = proofOf(i, channel, leaves, index);
            bool isLive = statusOf(id) != ChannelStatus.Settled;
            if (isLive && !isForged && figure <= CAP && figure > claimed[id][index]) {
                due += figure - claimed[id][index];
                claimed[id][index] = figure;
                ++redeemed;
            }
        }
        vm.prank(stranger);
        swarm.redeem(rows, proofs);
        reserved -= due;
        paid += due;
    }

    function startClose(uint256 seed) external {
        if (_channels.length == 0) return;
        Channel memory channel = _channels[seed % _channels.length];
        bytes32 id = swarm.channelId(channel);
        if (statusOf(id) != ChannelStatus.Open) return;
        vm.prank(seed & 1 == 0 ? payer : signer);
        swarm.startClose(channel);
        closeAtSecOf[id] = _nowSec + 1 days;
    }

    function wait(uint32 sec) external {
        _nowSec += sec % 1 days;
        vm.warp(_nowSec);
    }

    /// With all releases; or, when its delay is over, with none.
    function settle(uint256 seed, bool isCloseOut) external {
        if (_channels.length == 0) return;
        uint256 which = seed % _channels.length;
        Channel memory channel = _channels[which];
        bytes32 id = swarm.channelId(channel);
        if (statusOf(id) == ChannelStatus.Settled) return;
        SeatLeaf[] memory leaves = seats(_counts[which]);
        bool isOver = closeAtSecOf[id] != 0 && _nowSec >= closeAtSecOf[id];
        Release[] memory releases = new Release[](isOver && seed % 2 == 0 ? 0 : leaves.length);
        uint256 due = 0;
        uint256 before = 0;
        for (uint256 i = 0; i < leaves.length; ++i) {
            before += claimed[id][i];
            if (releases.length == 0) continue;
            uint128 last = uint128(uint256(keccak256(abi.encode(seed, i))) % (CAP + 1));
            releases[i] = releaseOf(id, leaves[i], last);
            if (last > claimed[id][i]) {
                due += last - claimed[id][i];
                claimed[id][i] = last;
            }
        }
        if (isCloseOut) {
            Settlement[] memory settlements = new Settlement[](1);
            settlements[0] = Settlement(channel, leaves, releases);
            vm.prank(payer);
            swarm.closeOut(settlements, signer);
            refunded += purses;
            purses = 0;
        } else {
            vm.prank(signer);
            swarm.settle(channel, leaves, releases);
        }
        uint256 left = channel.total - before;
        reserved -= left;
        paid += due;
        refunded += left - due;
        ++settled;
    }

    /// No payee holds more than its caps, and what the chain says it claimed is what it was paid.
    function paidOnChain() external view returns (uint256 sum) {
        SeatLeaf[] memory leaves = seats(4);
        for (uint256 i = 0; i < leaves.length; ++i) {
            sum += token.balanceOf(leaves[i].payee);
        }
    }
}
