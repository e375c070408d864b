// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChannelStatus, SeatLeaf, SeatProof} from "../../../src/channels/Channels.sol";
import {HostileHandler} from "./HostileHandler.sol";
import {vm} from "./Vm.sol";

/// @notice The world of an invariant run, with the questions that are asked of it after each call.
contract SwarmOracle is HostileHandler {
    /// funded = purses + reserved + paid + refunded, held by the contract to the unit, and everyone owns what they must.
    function checkLedger() external view {
        require(funded == purses + reserved + paid + refunded, "the ledger adds up");
        require(token.balanceOf(address(swarm)) == purses + reserved + donated, "the contract holds it");
        require(token.balanceOf(thief) == expectedBalance[thief], "the thief");
        for (uint256 i = 0; i < PAYERS; ++i) {
            require(token.balanceOf(payers[i]) == expectedBalance[payers[i]], "a payer");
            for (uint256 j = 0; j < SIGNERS; ++j) {
                (uint128 balance, uint64 untilSec) = swarm.purse(payers[i], signers[j]);
                require(balance == purseOf[i][j] && untilSec == untilOf[i][j], "a purse");
            }
        }
        for (uint256 i = 0; i < PAYEES; ++i) {
            require(token.balanceOf(payees[i]) == expectedBalance[payees[i]], "a payee");
        }
    }

    /// The contract's own figures of one channel a call, each in turn.
    function checkChannel() external view {
        if (lives.length == 0) return;
        uint256 life = calls % lives.length;
        (ChannelStatus status,, uint40 closeAtSec) = swarm.channelState(lives[life].id);
        require(status == lives[life].status, "a status");
        require(status != ChannelStatus.Closing || closeAtSec == lives[life].closeAtSec, "the end of a delay");
        uint256[] storage seated = lives[life].payees;
        uint256 claims = 0;
        for (uint256 i = 0; i < seated.length; ++i) {
            Spot storage spot = spots[life][seated[i]];
            (uint128 cap, uint128 claimed) = swarm.seat(lives[life].id, payees[seated[i]]);
            require(cap == (spot.isKnown ? spot.cap : 0) && claimed == spot.claimed, "a seat");
            claims += claimed;
        }
        require(claims <= lives[life].channel.total, "more than the total");
        (uint128 none,) = swarm.seat(lives[life].id, thief);
        require(none == 0, "a cap was taken over");
    }

    /// The highest voucher of one seat a call, each in turn, pays in full. What this changes is thrown away.
    function checkVoucher() external {
        if (lives.length == 0) return;
        uint256 life = (calls / 3) % lives.length;
        if (isLive(life)) _cash(life, lives[life].payees[calls % lives[life].payees.length]);
    }

    /// Pays a seat's highest voucher and holds the contract to the figure.
    function _cash(uint256 life, uint256 payee) private {
        Spot storage spot = spots[life][payee];
        if (spot.promised <= spot.claimed) return;
        uint256 before = token.balanceOf(payees[payee]);
        SeatProof[] memory proofs = one(proofOf(0, lives[life].channel, leavesOf(life), placeOf(life, payee)));
        swarm.redeem(one(rowBy(signerKey(life), lives[life].id, payees[payee], spot.promised)), proofs);
        require(token.balanceOf(payees[payee]) == before + spot.promised - spot.claimed, "a voucher was denied");
        notePaid(payee, spot.promised - spot.claimed);
        spot.claimed = spot.promised;
    }

    /// Everyone goes home: vouchers are cashed, silent channels closed after their delay, purses emptied. Nothing is left.
    function windDown() external {
        for (uint256 life = 0; life < lives.length; ++life) {
            if (lives[life].status != ChannelStatus.Open) continue;
            vm.prank(lives[life].channel.payer);
            swarm.startClose(lives[life].channel);
            lives[life].status = ChannelStatus.Closing;
        }
        vm.warp(nowSec + 31 days);
        for (uint256 life = 0; life < lives.length; ++life) {
            if (isLive(life)) _goHome(life);
        }
        for (uint256 i = 0; i < PAYERS * SIGNERS; ++i) {
            (uint256 by, uint256 of_) = (i / SIGNERS, i % SIGNERS);
            vm.prank(payers[by]);
            swarm.defund(signers[of_], purseOf[by][of_]);
            noteDefunded(by, of_, purseOf[by][of_]);
        }
        require(token.balanceOf(address(swarm)) == donated && purses + reserved == 0, "something is stuck");
        require(funded == paid + refunded, "something is lost");
        this.checkLedger();
    }

    function _goHome(uint256 life) private {
        SeatLeaf[] memory leaves = leavesOf(life);
        uint128 refund = lives[life].channel.total;
        for (uint256 i = 0; i < leaves.length; ++i) {
            _cash(life, lives[life].payees[i]);
            refund -= spots[life][lives[life].payees[i]].claimed;
        }
        vm.prank(lives[life].channel.signer);
        swarm.settle(lives[life].channel, leaves, noReleases());
        noteSettled(life, refund);
    }
}
