// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "../../../src/channels/ISwarmChannels.sol";
import {
    Channel, ProofStep, RedeemRow, Release, SeatLeaf, SeatProof, Settlement
} from "../../../src/channels/Channels.sol";
import {HonestHandler} from "./HonestHandler.sol";
import {vm} from "./Vm.sol";

/// @notice What thieves, and honest people's mistakes, try beside them. A call that must fail must fail; a row that must be
/// skipped pays nothing and spoils no other.
abstract contract HostileHandler is HonestHandler {
    uint256 private constant MAX_ROWS = 6;

    /// Up to six rows of every kind, good and bad, of many channels; a thief may have sent a part of them before.
    function redeemMixed(uint256 seed) external acts(seed) {
        if (lives.length == 0) return;
        uint256 size = 1 + roll(MAX_ROWS);
        RedeemRow[] memory rows = new RedeemRow[](size);
        SeatProof[] memory proofs = new SeatProof[](size);
        uint256[2][] memory whose = new uint256[2][](size);
        uint256 used = 0;
        for (uint256 i = 0; i < size; ++i) {
            uint256 life = roll(4) == 0 ? roll(lives.length) : pickLive() % lives.length;
            uint256 payee = pickSeat(life);
            whose[i] = [life, payee];
            SeatProof memory proof = proofOf(i, lives[life].channel, leavesOf(life), placeOf(life, payee));
            uint256 kind = roll(11);
            if (kind != 0) proofs[used++] = proof;
            rows[i] = _mixedRow(kind, life, payee, proof);
        }
        SeatProof[] memory exact = new SeatProof[](used);
        for (uint256 i = 0; i < used; ++i) {
            exact[i] = proofs[i];
        }
        if (roll(3) == 0) _frontRun(rows, exact);
        vm.prank(roll(2) == 0 ? thief : rows[0].payee);
        swarm.redeem(rows, exact);
        _applyRows(rows, exact, whose);
        count("redeemMixed");
    }

    /// A row of one kind; spoils the proof where the kind says so.
    function _mixedRow(uint256 kind, uint256 life, uint256 payee, SeatProof memory proof)
        private
        returns (RedeemRow memory row)
    {
        Spot storage spot = spots[life][payee];
        uint128 figure = spot.claimed == spot.cap ? spot.cap : spot.claimed + 1 + uint128(roll(spot.cap - spot.claimed));
        if (kind == 1) figure = spot.cap + 1 + uint128(roll(CAP));
        if (kind == 2) figure = uint128(roll(uint256(spot.claimed) + 1));
        if (kind == 3) return rowBy(wrongKey(life), lives[life].id, payees[payee], figure);
        row = voucherRow(life, payee, figure);
        if (kind == 4) row.payee = payees[roll(PAYEES)];
        if (kind == 5) row.channelId = lives[roll(lives.length)].id;
        if (kind == 6) row.cumulative += 1 + uint128(roll(1000));
        if (kind == 7) proof.cap += 1 + uint128(roll(CAP));
        if (kind == 8) _bend(proof);
    }

    function _bend(SeatProof memory proof) private {
        uint256 how = roll(4);
        if (how == 0) proof.delegate = thief;
        if (how == 1) proof.channel.total += 1;
        if (how == 2) proof.channel.salt = ~proof.channel.salt;
        if (how != 3) return;
        if (proof.path.length == 0) proof.path = new ProofStep[](1);
        proof.path[0].sum += 1;
    }

    /// A thief's copy of the first row, sent before the batch.
    function _frontRun(RedeemRow[] memory rows, SeatProof[] memory proofs) private {
        RedeemRow[] memory copy = one(rows[0]);
        SeatProof[] memory its = proofs.length > 0 && proofs[0].row == 0 ? one(proofs[0]) : noProofs();
        vm.prank(thief);
        swarm.redeem(copy, its);
        count("frontRun");
    }

    /// What the batch must have paid, a copy of a row before it or not: the highest good figure of each seat.
    function _applyRows(RedeemRow[] memory rows, SeatProof[] memory proofs, uint256[2][] memory whose) private {
        uint256 next = 0;
        for (uint256 i = 0; i < rows.length; ++i) {
            bool hasProof = next < proofs.length && proofs[next].row == i;
            bool isProven = hasProof && _isTrue(proofs[next], whose[i][0], whose[i][1]);
            if (hasProof) ++next;
            _applyRow(rows[i], whose[i][0], whose[i][1], isProven);
        }
    }

    function _applyRow(RedeemRow memory row, uint256 life, uint256 payee, bool isProven) private {
        Spot storage spot = spots[life][payee];
        bool isTheirs = row.channelId == lives[life].id && row.payee == payees[payee];
        bool isWithin = row.cumulative > spot.claimed && row.cumulative <= spot.cap;
        bool isKnown = spot.isKnown || isProven;
        if (!isTheirs || !isWithin || !isKnown || !isLive(life) || !_isSignersRow(life, row)) {
            count("rowSkipped");
            return;
        }
        notePaid(payee, row.cumulative - spot.claimed);
        (spot.claimed, spot.isKnown) = (row.cumulative, true);
        count("rowPaid");
    }

    /// Signing is deterministic: the signer's own row is the only good one.
    function _isSignersRow(uint256 life, RedeemRow memory row) private view returns (bool) {
        RedeemRow memory good = rowBy(signerKey(life), row.channelId, row.payee, row.cumulative);
        return good.r == row.r && good.vs == row.vs;
    }

    function _isTrue(SeatProof memory proof, uint256 life, uint256 payee) private view returns (bool) {
        SeatProof memory good = proofOf(proof.row, lives[life].channel, leavesOf(life), placeOf(life, payee));
        return keccak256(abi.encode(good)) == keccak256(abi.encode(proof));
    }

    /// A payee, with a signer on its side, shows another seat's proof as its own.
    function takeOverCap(uint256 seed) external acts(seed) {
        uint256 life = pickLive();
        if (life == lives.length) return;
        uint256 victim = pickSeat(life);
        SeatProof memory proof = proofOf(0, lives[life].channel, leavesOf(life), placeOf(life, victim));
        uint256 other = roll(PAYEES);
        address taker = other == victim ? thief : payees[other];
        if (taker != thief && spots[life][other].isKnown) return;
        RedeemRow memory row = rowBy(signerKey(life), lives[life].id, taker, 1 + uint128(roll(proof.cap)));
        _paysNobody(one(row), one(proof));
        count("takeOverCapSkipped");
    }

    /// Anything ever signed, shown where it was not meant: as a voucher of another channel or payee, or of another type.
    function replay(uint256 seed) external acts(seed) {
        uint256 life = pickLive();
        if (life == lives.length) return;
        uint256 payee = pickSeat(life);
        uint128 figure = spots[life][payee].cap;
        bytes32 id = lives[life].id;
        uint256 other = roll(lives.length);
        bytes32 digest;
        uint256 how = roll(5);
        if (how == 0) digest = swarm.releaseDigest(id, payees[payee], figure);
        if (how == 1) digest = swarm.openDigest(id);
        if (how == 2) digest = swarm.voucherDigest(id, thief, figure);
        if (how == 3) digest = swarm.voucherDigest(id, payees[payee], figure - 1);
        if (how == 4 && other == life) return;
        if (how == 4) digest = swarm.voucherDigest(lives[other].id, payees[payee], figure);
        RedeemRow memory row = rowSigned(signerKey(life), digest, id, payees[payee], figure);
        _paysNobody(one(row), one(proofOf(0, lives[life].channel, leavesOf(life), placeOf(life, payee))));
        count("replaySkipped");
    }

    /// Everything that was redeemed, once more: nothing moves.
    function replayPaid(uint256 seed) external acts(seed) {
        if (lives.length == 0) return;
        uint256 life = roll(2) == 0 ? roll(lives.length) : pickLive() % lives.length;
        uint256 payee = pickSeat(life);
        Spot storage spot = spots[life][payee];
        uint128 figure = isLive(life) ? spot.claimed : spot.promised;
        if (figure == 0) return;
        RedeemRow memory row = rowBy(signerKey(life), lives[life].id, payees[payee], figure);
        _paysNobody(one(row), one(proofOf(0, lives[life].channel, leavesOf(life), placeOf(life, payee))));
        count(isLive(life) ? "replayPaidSkipped" : "replaySettledSkipped");
    }

    function _paysNobody(RedeemRow[] memory rows, SeatProof[] memory proofs) private {
        uint256 held = token.balanceOf(address(swarm));
        vm.prank(thief);
        swarm.redeem(rows, proofs);
        assertEq(token.balanceOf(address(swarm)), held, "a bad row paid");
    }

    /// Without the signer's word on this very channel, within its time, a stranger opens nothing.
    function openForged(uint256 seed) external acts(seed) {
        (uint256 by, uint256 of_) = (roll(PAYERS), roll(SIGNERS));
        uint256 life = plan(by, of_);
        Channel memory channel = lives[life].channel;
        _fund(by, of_, channel.total, FAR_SEC);
        bytes32 id = lives[life].id;
        uint256 how = roll(5);
        bytes memory word;
        if (how == 0) word = signed(wrongKey(life), swarm.openDigest(id));
        if (how == 1) word = signed(signerKey(life), swarm.voucherDigest(id, channel.payer, channel.total));
        if (how == 2) word = signed(signerKey(life), swarm.releaseDigest(id, channel.payer, channel.total));
        if (how == 3) word = signed(signerKey(life), swarm.openDigest(keccak256(abi.encode(id))));
        _refused(thief, abi.encodeCall(ISwarmChannels.open, (channel, notes[channel.salt], word)));
        _refused(thief, abi.encodeCall(ISwarmChannels.fundAndOpen, (1, FAR_SEC, channel, notes[channel.salt])));
        unplan();
        count("openForgedRefused");
    }

    /// No id opens twice, though the purse could pay for it.
    function reopen(uint256 seed) external acts(seed) {
        if (lives.length == 0) return;
        uint256 life = roll(lives.length);
        Channel memory channel = lives[life].channel;
        _fund(lives[life].payer, lives[life].signer, channel.total, FAR_SEC);
        bytes memory word = signed(signerKey(life), swarm.openDigest(lives[life].id));
        _refused(thief, abi.encodeCall(ISwarmChannels.open, (channel, notes[channel.salt], word)));
        _refused(channel.signer, abi.encodeCall(ISwarmChannels.open, (channel, notes[channel.salt], "")));
        _refused(channel.payer, abi.encodeCall(ISwarmChannels.open, (channel, notes[channel.salt], "")));
        _refused(channel.payer, abi.encodeCall(ISwarmChannels.fundAndOpen, (1, FAR_SEC, channel, notes[channel.salt])));
        count("reopenRefused");
    }

    /// Another's purse, another's channel, more than is there.
    function steal(uint256 seed) external acts(seed) {
        (uint256 by, uint256 of_) = (roll(PAYERS), roll(SIGNERS));
        _refused(thief, abi.encodeCall(ISwarmChannels.defund, (signers[of_], 1)));
        _refused(signers[of_], abi.encodeCall(ISwarmChannels.defund, (signers[of_], 1)));
        bytes memory tooMuch = abi.encodeCall(ISwarmChannels.defund, (signers[of_], purseOf[by][of_] + 1));
        _refused(payers[by], tooMuch);
        uint256 held = token.balanceOf(address(swarm));
        vm.prank(thief);
        swarm.closeOut(new Settlement[](0), signers[of_]);
        assertEq(token.balanceOf(address(swarm)), held, "a thief closed a purse");
        count("stealRefused");
    }

    /// A settlement with one thing wrong.
    function settleWrong(uint256 seed) external acts(seed) {
        uint256 life = pickLive();
        if (life == lives.length) return;
        Plan memory terms = planSettlement(life, 0);
        Channel memory channel = lives[life].channel;
        address sender = roll(2) == 0 ? channel.payer : channel.signer;
        uint256 how = roll(terms.releases.length == 0 ? 5 : 10);
        if (how == 0) sender = roll(2) == 0 ? thief : payees[pickSeat(life)];
        if (sender == channel.payer && how == 0) return;
        if (how == 1) terms.leaves[0].cap += 1;
        if (how == 2) terms.leaves[0].delegate = thief;
        if (how == 3) terms.leaves = _withTwice(terms.leaves);
        if (how == 4) channel.total += 1;
        if (how >= 5) _spoilRelease(life, terms, how);
        _refused(sender, abi.encodeCall(ISwarmChannels.settle, (channel, terms.leaves, terms.releases)));
        if (how == 0) _refused(sender, abi.encodeCall(ISwarmChannels.startClose, (channel)));
        Settlement[] memory settlements = new Settlement[](1);
        settlements[0] = Settlement(channel, terms.leaves, terms.releases);
        _refused(sender, abi.encodeCall(ISwarmChannels.closeOut, (settlements, channel.signer)));
        count("settleWrongRefused");
    }

    function _withTwice(SeatLeaf[] memory leaves) private pure returns (SeatLeaf[] memory more) {
        more = new SeatLeaf[](leaves.length + 1);
        more[0] = leaves[0];
        for (uint256 i = 0; i < leaves.length; ++i) {
            more[i + 1] = leaves[i];
        }
    }

    function _spoilRelease(uint256 life, Plan memory terms, uint256 how) private {
        Release memory release = terms.releases[roll(terms.releases.length)];
        bytes32 id = lives[life].id;
        uint256 payee = 0;
        while (payees[payee] != release.payee) ++payee;
        if (how == 5) release.cumulative += 1;
        // The signer and the thief sign for nobody; payees do not sign for one another.
        if (how == 6) release.signature = signed(THIEF_KEY, swarm.releaseDigest(id, release.payee, release.cumulative));
        if (how == 7) {
            release.cumulative = spots[life][payee].cap + 1;
            bytes32 digest = swarm.releaseDigest(id, release.payee, release.cumulative);
            release.signature = signed(keyBehind[release.payee], digest);
        }
        if (how == 8) {
            bytes32 digest = swarm.voucherDigest(id, release.payee, release.cumulative);
            release.signature = signed(keyBehind[release.payee], digest);
        }
        if (how == 9) {
            bytes32 digest = swarm.releaseDigest(keccak256(abi.encode(id)), release.payee, release.cumulative);
            release.signature = signed(keyBehind[release.payee], digest);
        }
    }

    /// What is settled stays settled.
    function settleAgain(uint256 seed) external acts(seed) {
        if (lives.length == 0) return;
        uint256 life = roll(lives.length);
        if (isLive(life)) return;
        Channel memory channel = lives[life].channel;
        SeatLeaf[] memory leaves = leavesOf(life);
        Release[] memory releases = new Release[](leaves.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            releases[i] = releaseFor(life, leaves[i], leaves[i].cap);
        }
        _refused(channel.payer, abi.encodeCall(ISwarmChannels.settle, (channel, leaves, releases)));
        _refused(channel.signer, abi.encodeCall(ISwarmChannels.startClose, (channel)));
        count("settleAgainRefused");
    }

    function _refused(address sender, bytes memory data) private {
        vm.prank(sender);
        (bool success,) = address(swarm).call(data);
        assertTrue(!success, "a call that had to fail went through");
    }
}
