// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    Channel, ChannelStatus, RedeemRow, Release, SeatLeaf, SeatProof, Settlement
} from "../../../src/channels/Channels.sol";
import {SwarmWorld} from "./SwarmWorld.sol";
import {vm} from "./Vm.sol";

/// @notice What honest people do. Each action says beforehand whether it must succeed, and the ledger then holds the contract
/// to the exact figures.
abstract contract HonestHandler is SwarmWorld {
    uint64 internal constant FAR_SEC = 4_000_000_000;

    /// A settlement at work, for functions that would have too many variables.
    struct Plan {
        SeatLeaf[] leaves;
        Release[] releases;
        uint128[] last;
    }

    function fund(uint256 seed) external acts(seed) {
        uint256 ends = roll(16);
        uint64 untilSec = ends == 0 ? 0 : ends == 1 ? uint64(nowSec + roll(2 days)) : FAR_SEC;
        _fund(roll(PAYERS), roll(SIGNERS), uint128(roll(20) == 0 ? 0 : roll(60 * CAP)), untilSec);
        count("fund");
    }

    function _fund(uint256 payer_, uint256 signer_, uint128 amount, uint64 untilSec) internal {
        vm.prank(payers[payer_]);
        swarm.fund(signers[signer_], amount, untilSec);
        noteFunded(payer_, signer_, amount, untilSec);
    }

    function defund(uint256 seed) external acts(seed) {
        (uint256 by, uint256 of_) = (roll(PAYERS), roll(SIGNERS));
        uint128 balance = purseOf[by][of_];
        // Mostly a little, so that the purses stay full enough for channels.
        uint128 amount = roll(10) == 0 ? balance : uint128(roll(uint256(balance) / 8 + 1));
        vm.prank(payers[by]);
        swarm.defund(signers[of_], amount);
        noteDefunded(by, of_, amount);
        count("defund");
    }

    /// By the payer, by the signer, by anyone with the signer's word: it works exactly when purse and time allow it.
    function open(uint256 seed) external acts(seed) {
        (uint256 by, uint256 of_, uint256 how) = (roll(PAYERS), roll(SIGNERS), roll(3));
        uint256 life = plan(by, of_);
        Channel memory channel = lives[life].channel;
        bool isDue = purseOf[by][of_] >= channel.total && (how == 0 || nowSec < untilOf[by][of_]);
        bytes memory word = how == 2 ? signed(signerKey(life), swarm.openDigest(lives[life].id)) : bytes("");
        vm.prank(how == 0 ? channel.payer : how == 1 ? channel.signer : thief);
        try swarm.open(channel, notes[channel.salt], word) {
            assertTrue(isDue, "opened without the money or after the end");
            noteOpened(life);
            count(how == 0 ? "openByPayer" : how == 1 ? "openBySigner" : "openByWord");
        } catch {
            assertTrue(!isDue, "a due opening was refused");
            unplan();
            count("openRefused");
        }
    }

    function fundAndOpen(uint256 seed) external acts(seed) {
        (uint256 by, uint256 of_) = (roll(PAYERS), roll(SIGNERS));
        uint256 life = plan(by, of_);
        Channel memory channel = lives[life].channel;
        // Now and then the purse pays a part, or all: an amount of 0 moves nothing in.
        uint128 balance = purseOf[by][of_];
        uint128 missing = balance >= channel.total ? 0 : channel.total - balance;
        uint128 amount = roll(2) == 0 ? missing : channel.total;
        vm.prank(channel.payer);
        swarm.fundAndOpen(amount, FAR_SEC, channel, notes[channel.salt]);
        noteFunded(by, of_, amount, FAR_SEC);
        noteOpened(life);
        count("fundAndOpen");
    }

    /// Any seat of any live channel: a voucher within the cap pays its difference in full, whoever sends it.
    function redeemOne(uint256 seed) external acts(seed) {
        _redeemOne();
    }

    function _redeemOne() private {
        uint256 life = pickLive();
        if (life == lives.length) return;
        uint256 payee = pickSeat(life);
        Spot storage spot = spots[life][payee];
        if (spot.claimed == spot.cap) return;
        uint128 figure = spot.claimed + 1 + uint128(roll(spot.cap - spot.claimed));
        SeatProof[] memory proofs = spot.isKnown && roll(2) == 0
            ? noProofs()
            : one(proofOf(0, lives[life].channel, leavesOf(life), placeOf(life, payee)));
        uint256 before = token.balanceOf(payees[payee]);
        swarm.redeem(one(voucherRow(life, payee, figure)), proofs);
        assertEq(token.balanceOf(payees[payee]) - before, figure - spot.claimed, "a valid voucher");
        notePaid(payee, figure - spot.claimed);
        count(spot.isKnown ? "redeemRepeat" : "redeemFirst");
        (spot.claimed, spot.isKnown) = (figure, true);
    }

    /// The signer's row, remembered as a promise.
    function voucherRow(uint256 life, uint256 payee, uint128 figure) internal returns (RedeemRow memory) {
        Spot storage spot = spots[life][payee];
        if (figure <= spot.cap && figure > spot.promised) spot.promised = figure;
        return rowBy(signerKey(life), lives[life].id, payees[payee], figure);
    }

    /// A voucher that stays in the payee's pocket; the invariant looks after it.
    function pocket(uint256 seed) external acts(seed) {
        uint256 life = pickLive();
        if (life == lives.length) return;
        uint256 payee = pickSeat(life);
        voucherRow(life, payee, uint128(1 + roll(spots[life][payee].cap)));
        count("pocket");
    }

    function startClose(uint256 seed) external acts(seed) {
        uint256 life = pickLive();
        if (life == lives.length) return;
        bool isDue = lives[life].status == ChannelStatus.Open;
        vm.prank(roll(2) == 0 ? lives[life].channel.payer : lives[life].channel.signer);
        try swarm.startClose(lives[life].channel) {
            assertTrue(isDue, "closed twice");
            lives[life].status = ChannelStatus.Closing;
            lives[life].closeAtSec = nowSec + lives[life].channel.closeDelaySec;
            count("startClose");
        } catch {
            assertTrue(!isDue, "a due close was refused");
            count("startCloseAgainRefused");
        }
    }

    function wait(uint256 seed) external acts(seed) {
        nowSec += roll(roll(4) == 0 ? 12 hours : 10 minutes);
        vm.warp(nowSec);
        count("wait");
    }

    function donate(uint256 seed) external acts(seed) {
        uint256 amount = roll(CAP);
        vm.prank(thief);
        token.transfer(address(swarm), amount);
        expectedBalance[thief] -= amount;
        donated += amount;
        count("donate");
    }

    /// Every seat released or used up: at any time.
    function settleReleased(uint256 seed) external acts(seed) {
        // Endings are rarer than payments, or no channel would live long enough.
        if (roll(3) != 0) return _redeemOne();
        uint256 life = pickLive();
        if (life == lives.length) return;
        Plan memory terms = planSettlement(life, 0);
        vm.prank(roll(2) == 0 ? lives[life].channel.payer : lives[life].channel.signer);
        swarm.settle(lives[life].channel, terms.leaves, terms.releases);
        applySettlement(life, terms);
        count("settleReleased");
    }

    /// Seats are silent: it works exactly when the delay is over, and their claims stand.
    function settleSilent(uint256 seed) external acts(seed) {
        uint256 life = pickLive();
        if (life == lives.length) return;
        if (lives[life].status == ChannelStatus.Closing && nowSec < lives[life].closeAtSec && roll(2) == 0) {
            nowSec = lives[life].closeAtSec - roll(2);
            vm.warp(nowSec);
        }
        Plan memory terms = planSettlement(life, 1 + roll(2));
        bool isOver = lives[life].status == ChannelStatus.Closing && nowSec >= lives[life].closeAtSec;
        bool isDue = isOver || !isAnySilent(life, terms);
        vm.prank(roll(2) == 0 ? lives[life].channel.payer : lives[life].channel.signer);
        try swarm.settle(lives[life].channel, terms.leaves, terms.releases) {
            assertTrue(isDue, "settled over a silent seat");
            applySettlement(life, terms);
            count(isOver ? "settleAfterDelay" : "settleUsedUp");
        } catch {
            assertTrue(!isDue, "a due settlement was refused");
            count("settleEarlyRefused");
        }
    }

    /// Up to three channels of one payer and one of its purses, with one refund.
    function closeOut(uint256 seed) external acts(seed) {
        if (roll(4) != 0) return _redeemOne();
        (uint256 by, uint256 of_) = (roll(PAYERS), roll(SIGNERS));
        uint256[] memory mine = new uint256[](3);
        uint256 size = 0;
        uint256 from = lives.length == 0 ? 0 : roll(lives.length);
        for (uint256 i = 0; i < lives.length && size < mine.length; ++i) {
            uint256 life = (from + i) % lives.length;
            if (isLive(life) && lives[life].payer == by) mine[size++] = life;
        }
        Settlement[] memory settlements = new Settlement[](size);
        Plan[] memory plans = new Plan[](size);
        for (uint256 i = 0; i < size; ++i) {
            plans[i] = planSettlement(mine[i], 0);
            settlements[i] = Settlement(lives[mine[i]].channel, plans[i].leaves, plans[i].releases);
        }
        vm.prank(payers[by]);
        swarm.closeOut(settlements, signers[of_]);
        for (uint256 i = 0; i < size; ++i) {
            applySettlement(mine[i], plans[i]);
        }
        noteDefunded(by, of_, purseOf[by][of_]);
        count(size == 0 ? "closeOutPurse" : "closeOut");
    }

    /// `silence`: 0 for a release of each seat that is not used up, 1 for some, 2 for none.
    function planSettlement(uint256 life, uint256 silence) internal returns (Plan memory terms) {
        terms.leaves = leavesOf(life);
        terms.last = new uint128[](terms.leaves.length);
        Release[] memory releases = new Release[](terms.leaves.length);
        uint256 used = 0;
        for (uint256 i = 0; i < terms.leaves.length; ++i) {
            Spot storage spot = spots[life][lives[life].payees[i]];
            terms.last[i] = spot.claimed;
            bool isUsedUp = spot.claimed == spot.cap;
            if (silence == 2 || (isUsedUp && roll(2) == 0) || (silence == 1 && roll(3) == 0)) continue;
            uint128 figure = roll(3) == 0 ? uint128(roll(uint256(spot.cap) + 1)) : spot.promised;
            releases[used++] = releaseFor(life, terms.leaves[i], figure);
            if (figure > spot.claimed) terms.last[i] = figure;
        }
        terms.releases = new Release[](used);
        for (uint256 i = 0; i < used; ++i) {
            terms.releases[i] = releases[i];
        }
    }

    /// By the delegate where there is one and the dice say so, else by the payee.
    function releaseFor(uint256 life, SeatLeaf memory leaf, uint128 figure) internal returns (Release memory) {
        address by = leaf.delegate == address(0) || roll(3) == 0 ? leaf.payee : leaf.delegate;
        return releaseBy(keyBehind[by], lives[life].id, leaf.payee, figure);
    }

    function isAnySilent(uint256 life, Plan memory terms) internal view returns (bool) {
        uint256 next = 0;
        for (uint256 i = 0; i < terms.leaves.length; ++i) {
            if (next < terms.releases.length && terms.releases[next].payee == terms.leaves[i].payee) ++next;
            else if (spots[life][lives[life].payees[i]].claimed != terms.leaves[i].cap) return true;
        }
        return false;
    }

    function applySettlement(uint256 life, Plan memory terms) internal {
        uint128 refund = lives[life].channel.total;
        for (uint256 i = 0; i < terms.leaves.length; ++i) {
            uint256 payee = lives[life].payees[i];
            notePaid(payee, terms.last[i] - spots[life][payee].claimed);
            refund -= terms.last[i];
        }
        noteSettled(life, refund);
    }
}
