// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "../../src/channels/ISwarmChannels.sol";
import {ITrc20} from "../../src/shared/ITrc20.sol";
import {
    Channel, ChannelStatus, RedeemRow, Release, SeatLeaf, SeatProof, Settlement
} from "../../src/channels/Channels.sol";
import {FalseToken, FeeToken, Ledger, LyingToken, Puppet} from "./support/HostileTokens.sol";
import {ReentrantToken} from "./support/ReentrantToken.sol";
import {StubToken} from "./support/StubToken.sol";
import {SwarmFixture} from "./support/SwarmFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice Known bugs again: tokens that lie, and calls from within a transfer. One payer, a contract, does all of it here.
contract KnownTokenBugsTest is SwarmFixture {
    uint256 private constant OPS = 9;
    SeatLeaf[] private leaves;
    Channel[] private channels;
    Puppet private puppet;

    /// A world on another token: a funded purse, two open channels and two that may still be opened.
    function start(Ledger other) private {
        prepare();
        token = ITrc20(address(other));
        swarm = ISwarmChannels(vm.deployCode("artifacts/SwarmChannels.json", abi.encode(token)));
        puppet = new Puppet();
        payer = address(puppet);
        token.transfer(payer, PURSE);
        act(abi.encodeCall(ISwarmChannels.fund, (signer, 9 * CAP, UNTIL_SEC)));
        SeatLeaf[] memory two = seats(2);
        for (uint256 i = 0; i < 4; ++i) {
            if (i < 2) leaves.push(two[i]);
            channels.push(channelOf(two, i));
            if (i < 2) openBy(signer, channels[i]);
        }
    }

    function act(bytes memory data) private {
        puppet.run(address(swarm), data);
    }

    function tries(bytes memory data) private returns (bool success) {
        (success,) = address(puppet).call(abi.encodeCall(Puppet.run, (address(swarm), data)));
    }

    /// Two vouchers of a channel, with their proofs.
    function redeemCall(uint256 which) private view returns (bytes memory) {
        bytes32 id = swarm.channelId(channels[which]);
        RedeemRow[] memory rows = new RedeemRow[](2);
        SeatProof[] memory proofs = new SeatProof[](2);
        for (uint256 i = 0; i < 2; ++i) {
            rows[i] = rowOf(id, leaves[i].payee, 40);
            proofs[i] = proofOf(i, channels[which], leaves, i);
        }
        return abi.encodeCall(ISwarmChannels.redeem, (rows, proofs));
    }

    function settlementOf(uint256 which) private view returns (Settlement memory) {
        bytes32 id = swarm.channelId(channels[which]);
        Release[] memory releases = new Release[](2);
        for (uint256 i = 0; i < 2; ++i) {
            releases[i] = releaseOf(id, leaves[i], 50);
        }
        return Settlement(channels[which], leaves, releases);
    }

    function settleCall(uint256 which) private view returns (bytes memory) {
        Settlement memory its = settlementOf(which);
        return abi.encodeCall(ISwarmChannels.settle, (its.channel, its.leaves, its.releases));
    }

    function closeOutCall() private view returns (bytes memory) {
        Settlement[] memory both = new Settlement[](2);
        (both[0], both[1]) = (settlementOf(0), settlementOf(1));
        return abi.encodeCall(ISwarmChannels.closeOut, (both, signer));
    }

    /// Everything that one can do; those before `OPS - 3` move tokens.
    function op(uint256 which) private view returns (bytes memory) {
        if (which == 0) return abi.encodeCall(ISwarmChannels.fund, (signer, 3 * CAP, UNTIL_SEC));
        if (which == 1) {
            return
                abi.encodeCall(
                    ISwarmChannels.fundAndOpen, (3 * CAP, UNTIL_SEC, channels[2], notes[channels[2].salt])
                );
        }
        if (which == 2) return abi.encodeCall(ISwarmChannels.defund, (signer, CAP));
        if (which == 3) return redeemCall(0);
        if (which == 4) return settleCall(1);
        if (which == 5) return closeOutCall();
        if (which == 6) return abi.encodeCall(ISwarmChannels.open, (channels[3], notes[channels[3].salt], ""));
        if (which == 7) return redeemCall(1);
        return abi.encodeCall(ISwarmChannels.startClose, (channels[0]));
    }

    /// What the contract owes: the purse, and of each channel that is not settled what no seat has claimed.
    function owed() private view returns (uint256 sum) {
        sum = purseBalance();
        for (uint256 i = 0; i < channels.length; ++i) {
            bytes32 id = swarm.channelId(channels[i]);
            if (statusOf(id) != ChannelStatus.Open && statusOf(id) != ChannelStatus.Closing) continue;
            sum += channels[i].total - claimedOf(id, leaves[0].payee) - claimedOf(id, leaves[1].payee);
        }
    }

    /// Each call that moves tokens, called into by each call, in each of its transfers, before and after the money moves.
    function test_ReentryThroughEveryTransferChangesNoSum() external {
        ReentrantToken reentrant = new ReentrantToken();
        start(reentrant);
        uint256 before = vm.snapshotState();
        uint256 done = 0;
        for (uint256 i = 0; i < (OPS - 3) * OPS * 4 * 2; ++i) {
            (uint256 outer, uint256 inner, uint256 skips) = (i / 72, i / 8 % OPS, i / 2 % 4);
            bytes memory call = abi.encodeCall(Puppet.run, (address(swarm), op(inner)));
            reentrant.arm(skips, i % 2 == 1, address(puppet), call);
            tries(op(outer));
            if (reentrant.isDone()) ++done;
            assertEq(token.balanceOf(address(swarm)), owed(), "the contract holds what it owes");
            for (uint256 j = 0; j < 2; ++j) {
                assertTrue(token.balanceOf(leaves[j].payee) <= 100, "a payee gained");
            }
            vm.revertToState(before);
        }
        assertTrue(done > 150, "too few calls went in");
    }

    function test_AFeeOnTransferIsNeverCreditedInFull() external {
        prepare();
        token = ITrc20(address(new FeeToken()));
        swarm = ISwarmChannels(vm.deployCode("artifacts/SwarmChannels.json", abi.encode(token)));
        (bool success,) = address(swarm).call(abi.encodeCall(ISwarmChannels.fund, (signer, 100, UNTIL_SEC)));
        (uint128 credited,) = swarm.purse(address(this), signer);
        assertEq(credited, success ? 90 : 0, "credited");
        assertEq(token.balanceOf(address(swarm)), credited, "held");
    }

    function test_ATokenThatSaysFalseStopsEveryPaymentAndLosesNone() external {
        FalseToken stubborn = new FalseToken();
        start(stubborn);
        stubborn.setRefuses(true);
        for (uint256 i = 0; i < OPS - 3; ++i) {
            assertTrue(!tries(op(i)), "paid by a word");
        }
        stubborn.setRefuses(false);
        act(op(3));
        act(op(5));
        assertEq(token.balanceOf(leaves[0].payee), 100, "paid in the end");
        assertEq(token.balanceOf(address(swarm)), 0, "nothing is left");
    }

    function test_AnAnswerCutShortIsNoYes() external {
        StubToken stub = new StubToken();
        start(stub);
        // The key's address is what a careless reader of 31 bytes finds behind them: a word that ends in one.
        address one_ = address(1);
        act(abi.encodeCall(ISwarmChannels.fund, (one_, 5, UNTIL_SEC)));
        stub.setIsShort(true);
        assertTrue(!tries(abi.encodeCall(ISwarmChannels.defund, (one_, 5))), "booked");
        (uint128 balance,) = swarm.purse(payer, one_);
        assertEq(balance, 5, "purse");
    }

    function test_ATokenThatMovesNothingFundsNothing() external {
        LyingToken lying = new LyingToken();
        start(lying);
        uint256 held = purseBalance();
        lying.setLies(true);
        assertTrue(!tries(op(0)) && !tries(op(1)), "funded by a lie");
        assertEq(purseBalance(), held, "purse");
    }
}
