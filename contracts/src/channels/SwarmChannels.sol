// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "./ISwarmChannels.sol";
import {SeatTree} from "./SeatTree.sol";
import {Signatures} from "../shared/Signatures.sol";
import {Slots} from "./Slots.sol";
import {Tokens} from "./Tokens.sol";
import {TypedData} from "./TypedData.sol";
import {
    Channel,
    ChannelSlot,
    ChannelStatus,
    Purse,
    RedeemRow,
    Release,
    Seat,
    SeatKey,
    SeatLeaf,
    SeatProof,
    SeatView,
    Settlement
} from "./Channels.sol";

/// @title SwarmChannels
contract SwarmChannels is ISwarmChannels, TypedData {
    using Slots for ChannelSlot;
    using Slots for Purse;
    using Slots for Seat;
    using Tokens for address;

    uint32 private constant MIN_CLOSE_DELAY_SEC = 1 hours;
    uint32 private constant MAX_CLOSE_DELAY_SEC = 30 days;

    /// @inheritdoc ISwarmChannels
    address public immutable token;

    mapping(address payer => mapping(address signer => Purse)) private _purses;
    mapping(bytes32 id => ChannelSlot) private _channels;

    constructor(address token_) {
        if (token_.code.length == 0) revert SwarmChannels_TokenHasNoCode(token_);
        token = token_;
    }

    /// @inheritdoc ISwarmChannels
    function fund(address signer, uint128 amount, uint64 untilSec) external {
        (Purse storage purse_, uint128 balance,) = _receive(signer, amount);
        // Effect:
        purse_.store(balance + amount, untilSec);
        emit Funded(msg.sender, signer, amount, untilSec);
    }

    /// @inheritdoc ISwarmChannels
    function defund(address signer, uint128 amount) external {
        Purse storage purse_ = _purses[msg.sender][signer];
        (uint128 balance, uint64 untilSec) = purse_.load();
        // Check:
        if (balance < amount) revert SwarmChannels_PurseTooLow(balance, amount);
        // Effect:
        unchecked {
            purse_.store(balance - amount, untilSec);
        }
        emit Defunded(msg.sender, signer, amount);
        // Interaction:
        token.push(msg.sender, amount);
    }

    /// @inheritdoc ISwarmChannels
    function open(Channel calldata channel, bytes calldata note, bytes calldata signature) external {
        bytes32 id = channelId(channel);
        (address payer, address signer) = (channel.payer, channel.signer);
        Purse storage purse_ = _purses[payer][signer];
        (uint128 balance, uint64 untilSec) = purse_.load();
        // Check:
        if (msg.sender != payer) {
            if (block.timestamp >= untilSec) revert SwarmChannels_PurseExpired(untilSec);
            if (msg.sender != signer && Signatures.recover(openDigest(id), signature) != signer) {
                revert SwarmChannels_BadSignature();
            }
        }
        // Effect:
        purse_.store(_open(id, channel, note, payer, signer, balance), untilSec);
    }

    /// @inheritdoc ISwarmChannels
    function fundAndOpen(uint128 amount, uint64 untilSec, Channel calldata channel, bytes calldata note) external {
        // Check:
        if (msg.sender != channel.payer) revert SwarmChannels_NotAllowed(msg.sender);
        (Purse storage purse_, uint128 balance, uint64 wasUntilSec) = _receive(channel.signer, amount);
        // Effect:
        uint128 left = _open(channelId(channel), channel, note, msg.sender, channel.signer, balance + amount);
        // What passes through the purse whole leaves it as it was.
        if (left == balance && untilSec == wasUntilSec) return;
        purse_.store(left, untilSec);
        emit Funded(msg.sender, channel.signer, amount, untilSec);
    }

    /// @inheritdoc ISwarmChannels
    function redeem(RedeemRow[] calldata rows, SeatProof[] calldata proofs) external returns (uint256 paid) {
        bytes32 separator = domainSeparator();
        uint256 nextProof = 0;
        address payee = address(0);
        uint256 due = 0;
        for (uint256 i = 0; i < rows.length; ++i) {
            RedeemRow calldata row = rows[i];
            address rowPayee = row.payee;
            if (rowPayee != payee) {
                // Interaction: what the run before this row earned. Later rows read storage anew.
                if (due > 0) token.push(payee, due);
                unchecked {
                    paid += due;
                }
                payee = rowPayee;
                due = 0;
            }
            uint256 provenCap = 0;
            if (nextProof < proofs.length) {
                SeatProof calldata proof = proofs[nextProof];
                if (proof.row == i) {
                    provenCap = _provenCap(row, rowPayee, proof);
                    ++nextProof;
                }
            }
            unchecked {
                // No more rows than fit in a block, each below 2^128.
                due += _redeemRow(separator, row, rowPayee, provenCap);
            }
        }
        // Interaction:
        if (due > 0) token.push(payee, due);
        unchecked {
            paid += due;
        }
    }

    /// @inheritdoc ISwarmChannels
    function startClose(Channel calldata channel) external {
        bytes32 id = channelId(channel);
        // Check:
        _onlyParty(channel);
        ChannelSlot storage slot = _channels[id];
        (address signer,, ChannelStatus status) = slot.load();
        if (status != ChannelStatus.Open) revert SwarmChannels_NotOpen(id);
        // Effect:
        uint40 closeAtSec = uint40(block.timestamp + channel.closeDelaySec);
        slot.store(signer, closeAtSec, ChannelStatus.Closing);
        emit Closing(id, closeAtSec);
    }

    /// @inheritdoc ISwarmChannels
    function settle(Channel calldata channel, SeatLeaf[] calldata leaves, Release[] calldata releases) external {
        // Check:
        _onlyParty(channel);
        uint128 refund = _settle(channel, leaves, releases);
        // Interaction:
        if (refund > 0) token.push(channel.payer, refund);
    }

    /// @inheritdoc ISwarmChannels
    function closeOut(Settlement[] calldata settlements, address signer) external {
        uint256 refund = 0;
        for (uint256 i = 0; i < settlements.length; ++i) {
            Settlement calldata one = settlements[i];
            // Check:
            if (msg.sender != one.channel.payer) revert SwarmChannels_NotAllowed(msg.sender);
            refund += _settle(one.channel, one.leaves, one.releases);
        }
        // Effect:
        Purse storage purse_ = _purses[msg.sender][signer];
        (uint128 left, uint64 untilSec) = purse_.load();
        if (left > 0) {
            purse_.store(0, untilSec);
            emit Defunded(msg.sender, signer, left);
            refund += left;
        }
        // Interaction:
        if (refund > 0) token.push(msg.sender, refund);
    }

    /// @inheritdoc ISwarmChannels
    function purse(address payer, address signer) external view returns (uint128 balance, uint64 untilSec) {
        return _purses[payer][signer].load();
    }

    /// @inheritdoc ISwarmChannels
    function channelState(bytes32 id)
        external
        view
        returns (ChannelStatus status, address signer, uint40 closeAtSec)
    {
        (signer, closeAtSec, status) = _channels[id].load();
    }

    /// @inheritdoc ISwarmChannels
    function seat(bytes32 id, address payee) external view returns (uint128 cap, uint128 claimed) {
        (address signer,,) = _channels[id].load();
        return _seat(id, payee, signer);
    }

    /// @inheritdoc ISwarmChannels
    function look(SeatKey[] calldata keys) external view returns (SeatView[] memory views) {
        views = new SeatView[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            SeatKey calldata key = keys[i];
            SeatView memory one = views[i];
            (one.signer, one.closeAtSec, one.status) = _channels[key.channelId].load();
            (one.cap, one.claimed) = _seat(key.channelId, key.payee, one.signer);
        }
    }

    /// @inheritdoc ISwarmChannels
    function seatTree(SeatLeaf[] calldata leaves) external pure returns (bytes32 root, uint128 total) {
        return SeatTree.build(leaves);
    }

    function _seat(bytes32 id, address payee, address signer) private view returns (uint128 cap, uint128 claimed) {
        (uint256 low, uint256 high) = Slots.seatAt(id, payee, signer).load();
        // Swapped by the settlement.
        return high > low ? (uint128(high), uint128(low)) : (uint128(low), uint128(high));
    }

    function _onlyParty(Channel calldata channel) private view {
        if (msg.sender != channel.payer && msg.sender != channel.signer) revert SwarmChannels_NotAllowed(msg.sender);
    }

    /// Takes `amount` from the sender for its purse of `signer`, which the caller has yet to write.
    function _receive(address signer, uint128 amount)
        private
        returns (Purse storage purse_, uint128 balance, uint64 wasUntilSec)
    {
        // Check:
        if (signer == address(0)) revert SwarmChannels_SignerIsZero();
        // Interaction: before the effect, because only the balance tells what arrived; so the purse is read after it.
        if (amount > 0) _pull(amount);
        purse_ = _purses[msg.sender][signer];
        (balance, wasUntilSec) = purse_.load();
    }

    /// Takes exactly `amount` from the sender. A funding nested in this one, by a token that calls back, adds to the
    /// difference, so this one reverts: neither a lock nor a count is needed (docs/decisions/0006).
    function _pull(uint128 amount) private {
        uint256 before = token.held();
        token.pull(msg.sender, amount);
        uint256 current = token.held();
        if (current < before || current - before < amount) revert SwarmChannels_ReceivedTooLittle();
        if (current - before > amount) revert SwarmChannels_Reentered();
    }

    /// Opens a channel out of `balance`; returns what is left, which the caller has yet to write.
    function _open(
        bytes32 id,
        Channel calldata channel,
        bytes calldata note,
        address payer,
        address signer,
        uint128 balance
    ) private returns (uint128) {
        (uint128 total, uint32 closeDelaySec) = (channel.total, channel.closeDelaySec);
        // Check:
        if (signer == address(0)) revert SwarmChannels_SignerIsZero();
        if (total == 0) revert SwarmChannels_TotalIsZero();
        if (closeDelaySec < MIN_CLOSE_DELAY_SEC || closeDelaySec > MAX_CLOSE_DELAY_SEC) {
            revert SwarmChannels_CloseDelayOutOfRange(closeDelaySec);
        }
        // The id commits to the note, so whoever sends the opening must send it too.
        if (_hash(note) != channel.salt) revert SwarmChannels_NoteMismatch(id);
        ChannelSlot storage slot = _channels[id];
        (,, ChannelStatus status) = slot.load();
        if (status != ChannelStatus.Unknown) revert SwarmChannels_AlreadyOpened(id);
        if (balance < total) revert SwarmChannels_PurseTooLow(balance, total);
        // Effect:
        slot.store(signer, 0, ChannelStatus.Open);
        emit Opened(id, payer, signer, channel.root, total, closeDelaySec, channel.salt);
        unchecked {
            return balance - total;
        }
    }

    /// `keccak256(note)` in memory that is used again.
    function _hash(bytes calldata note) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, note.offset, note.length)
            hash := keccak256(free, note.length)
        }
    }

    /// The cap that a proof shows for a row's payee, or 0.
    function _provenCap(RedeemRow calldata row, address payee, SeatProof calldata proof) private view returns (uint128) {
        if (payee == address(0) || payee == address(this)) return 0;
        Channel calldata channel = proof.channel;
        if (channelId(channel) != row.channelId) return 0;
        uint128 cap = proof.cap;
        bytes32 leaf = SeatTree.leafHash(payee, proof.delegate, cap);
        return SeatTree.isUnder(leaf, cap, proof.path, channel.root, channel.total) ? cap : 0;
    }

    /// What a row earns its payee; 0 when it is skipped. A seat that is on the chain is found by who signed: no other signer's
    /// slot holds anything, and the settlement closes the slot itself, so that the channel's need not be read.
    function _redeemRow(bytes32 separator, RedeemRow calldata row, address payee, uint256 provenCap)
        private
        returns (uint256 earned)
    {
        bytes32 id = row.channelId;
        uint256 cumulative = row.cumulative;
        // Check:
        address signer = Signatures.recover(_voucherDigest(separator, id, payee, cumulative), row.r, row.vs);
        if (signer == address(0)) return 0;
        Seat storage seat_ = Slots.seatAt(id, payee, signer);
        (uint256 cap, uint256 claimed) = seat_.load();
        // A payer could plant a second, smaller leaf of the same payee: the greater cap holds, both being in the total.
        if (provenCap > cap && _channels[id].isLiveOf(signer)) cap = provenCap;
        if (cumulative <= claimed) return 0;
        if (cumulative > cap) return 0;
        // Effect:
        seat_.store(cap, cumulative);
        unchecked {
            earned = cumulative - claimed;
        }
    }

    function _isLive(ChannelStatus status) private pure returns (bool) {
        return status == ChannelStatus.Open || status == ChannelStatus.Closing;
    }

    /// Ends a channel and pays its released seats; returns what is the payer's.
    function _settle(Channel calldata channel, SeatLeaf[] calldata leaves, Release[] calldata releases)
        private
        returns (uint128 refund)
    {
        bytes32 id = channelId(channel);
        bool isOver = _end(id, channel, leaves);
        refund = channel.total;
        uint256 nextRelease = 0;
        uint128[] memory dues = new uint128[](leaves.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            SeatLeaf calldata leaf = leaves[i];
            address payee = leaf.payee;
            // Effect:
            uint128 claimed = _closeSeat(id, payee, channel.signer);
            uint128 last = claimed;
            // Check:
            if (nextRelease < releases.length && releases[nextRelease].payee == payee) {
                last = _released(id, leaf, releases[nextRelease]);
                ++nextRelease;
                if (last < claimed) last = claimed;
            } else if (!isOver && claimed != leaf.cap) {
                revert SwarmChannels_SeatStillOpen(payee);
            }
            refund -= last;
            if (last > claimed) {
                dues[i] = last - claimed;
                emit SeatPaid(id, payee, last - claimed);
            }
        }
        // Check: a release that matched no leaf in its order would otherwise be dropped without a word.
        if (nextRelease != releases.length) revert SwarmChannels_BadRelease(releases[nextRelease].payee);
        emit Settled(id, refund);
        // Interaction: after every seat is closed, because rows of a known seat do not ask for the channel's status.
        for (uint256 i = 0; i < dues.length; ++i) {
            if (dues[i] > 0) token.push(leaves[i].payee, dues[i]);
        }
    }

    /// Ends a live channel, from when on no proof counts. Returns whether its close delay is over.
    function _end(bytes32 id, Channel calldata channel, SeatLeaf[] calldata leaves) private returns (bool) {
        ChannelSlot storage slot = _channels[id];
        (address signer, uint40 closeAtSec, ChannelStatus status) = slot.load();
        // Check:
        if (!_isLive(status)) revert SwarmChannels_NotOpen(id);
        (bytes32 root, uint128 total) = SeatTree.build(leaves);
        if (root != channel.root || total != channel.total) revert SwarmChannels_TreeMismatch(id);
        // Effect:
        slot.store(signer, closeAtSec, ChannelStatus.Settled);
        return status == ChannelStatus.Closing && block.timestamp >= closeAtSec;
    }

    /// What a seat has claimed, after which it pays no more.
    function _closeSeat(bytes32 id, address payee, address signer) private returns (uint128) {
        Seat storage seat_ = Slots.seatAt(id, payee, signer);
        (uint256 cap, uint256 claimed) = seat_.load();
        if (claimed < cap) seat_.store(claimed, cap);
        return uint128(claimed);
    }

    /// The figure of a valid release; reverts on any other.
    function _released(bytes32 id, SeatLeaf calldata leaf, Release calldata release) private view returns (uint128) {
        address by = Signatures.recover(releaseDigest(id, leaf.payee, release.cumulative), release.signature);
        bool isTheirs = by != address(0) && (by == leaf.payee || by == leaf.delegate);
        if (!isTheirs || release.cumulative > leaf.cap || leaf.payee == address(this)) {
            revert SwarmChannels_BadRelease(leaf.payee);
        }
        return release.cumulative;
    }
}
