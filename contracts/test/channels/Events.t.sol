// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "../../src/channels/ISwarmChannels.sol";
import {Channel, Release, SeatLeaf, Settlement} from "../../src/channels/Channels.sol";
import {SwarmFixture} from "./support/SwarmFixture.sol";
import {Vm, vm} from "./support/Vm.sol";

/// @notice What pages and seeders rebuild their state from: each event with all its figures, in order, and no other.
contract EventsTest is SwarmFixture {
    SeatLeaf[] private leaves;
    Channel private channel;
    bytes32 private id;

    function setUp() external {
        prepare();
        SeatLeaf[] memory two = seats(2);
        leaves.push(two[0]);
        leaves.push(two[1]);
        channel = channelOf(two, 1);
        id = swarm.channelId(channel);
    }

    /// The n-th event of the contract since `recordLogs`, which must have exactly these topics and data.
    function assertLog(Vm.Log[] memory logs, uint256 place, bytes32[3] memory topics, bytes memory data) private view {
        uint256 seen = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != address(swarm) || seen++ != place) continue;
            for (uint256 j = 0; j < topics.length; ++j) {
                assertTrue(topics[j] == 0 || logs[i].topics[j] == topics[j], "topic");
            }
            assertTrue(keccak256(logs[i].data) == keccak256(data), "data");
            return;
        }
        revert("no such event");
    }

    function word(address who) private pure returns (bytes32) {
        return bytes32(uint256(uint160(who)));
    }

    function test_FundingsAndWithdrawalsAreTold() external {
        vm.recordLogs();
        vm.startPrank(payer);
        swarm.fund(signer, 5, 77);
        swarm.defund(signer, 3);
        swarm.closeOut(new Settlement[](0), signer);
        vm.stopPrank();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes32[3] memory topics = [ISwarmChannels.Funded.selector, word(payer), word(signer)];
        assertLog(logs, 0, topics, abi.encode(uint128(5), uint64(77)));
        topics[0] = ISwarmChannels.Defunded.selector;
        assertLog(logs, 1, topics, abi.encode(uint128(3)));
        assertLog(logs, 2, topics, abi.encode(PURSE + 2));
    }

    function test_AnOpeningTellsEverythingThatIsNeededToSettle() external {
        vm.recordLogs();
        openBy(signer, channel);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertLog(
            logs,
            0,
            [ISwarmChannels.Opened.selector, id, word(payer)],
            abi.encode(channel.root, channel.total, channel.closeDelaySec, channel.salt)
        );
        assertTrue(logs[0].topics[3] == word(signer), "signer");
    }

    function test_AFundingThatAPurseKeepsIsTold_AndOneThatPassesThroughIsAnOpeningAlone() external {
        (, uint64 untilSec) = swarm.purse(payer, signer);
        bytes memory first = abi.encode(channel.root, channel.total, channel.closeDelaySec, channel.salt);
        vm.startPrank(payer);
        vm.recordLogs();
        swarm.fundAndOpen(channel.total, untilSec, channel, notes[channel.salt]);
        channel.salt = saltOf("2");
        swarm.fundAndOpen(channel.total + 1, untilSec, channel, notes[channel.salt]);
        vm.stopPrank();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes memory opened = abi.encode(channel.root, channel.total, channel.closeDelaySec, channel.salt);
        assertLog(logs, 0, [ISwarmChannels.Opened.selector, id, word(payer)], first);
        assertLog(logs, 1, [ISwarmChannels.Opened.selector, bytes32(0), word(payer)], opened);
        bytes32[3] memory topics = [ISwarmChannels.Funded.selector, word(payer), word(signer)];
        assertLog(logs, 2, topics, abi.encode(channel.total + 1, untilSec));
    }

    function test_ARedemptionIsTheTokensTransferAlone_AndTheSettlementTellsTheRest() external {
        openBy(signer, channel);
        vm.recordLogs();
        redeemFirst(channel, leaves, 0, 40);
        swarm.redeem(one(rowOf(id, leaves[0].payee, 45)), noProofs());
        vm.startPrank(payer);
        swarm.startClose(channel);
        Release[] memory releases = new Release[](2);
        releases[0] = releaseOf(id, leaves[0], 50);
        releases[1] = releaseOf(id, leaves[1], 0);
        swarm.settle(channel, leaves, releases);
        vm.stopPrank();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes32[3] memory paid = [ISwarmChannels.SeatPaid.selector, id, word(leaves[0].payee)];
        assertLog(logs, 0, [ISwarmChannels.Closing.selector, id, 0], abi.encode(uint40(NOW_SEC + 1 days)));
        assertLog(logs, 1, paid, abi.encode(uint128(5)));
        assertLog(logs, 2, [ISwarmChannels.Settled.selector, id, 0], abi.encode(channel.total - 50));
    }
}
