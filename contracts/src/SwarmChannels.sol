// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "./interfaces/ISwarmChannels.sol";
import {ITrc20} from "./interfaces/ITrc20.sol";
import {SeatTree} from "./libraries/SeatTree.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Tokens} from "./libraries/Tokens.sol";
import {TypedData} from "./TypedData.sol";
import {
    Channel,
    ChannelSlot,
    ChannelStatus,
    Purse,
    RedeemRow,
    Release,
    Seat,
    SeatLeaf,
    SeatProof,
    Settlement
} from "./types/Channels.sol";

/// @title SwarmChannels
contract SwarmChannels is ISwarmChannels, TypedData {
    using Tokens for address;

    uint32 private constant MIN_CLOSE_DELAY_SEC = 1 hours;
    uint32 private constant MAX_CLOSE_DELAY_SEC = 30 days;

    /// @inheritdoc ISwarmChannels
    address public immutable token;

    mapping(address payer => mapping(address signer => Purse)) private _purses;
    mapping(bytes32 id => ChannelSlot) private _channels;
    mapping(bytes32 id => mapping(address payee => Seat)) private _seats;

    /// Counts incoming transfers: one that nests inside another would be credited twice. A count needs one write where
    /// a lock needs two. Outgoing transfers need neither, because every effect stands before them.
    uint256 private _pulls = 1;

    constructor(address token_) {
        if (token_.code.length == 0) revert SwarmChannels_TokenHasNoCode(token_);
        token = token_;
    }

    /// @inheritdoc ISwarmChannels
    function fund(address signer, uint128 amount, uint64 untilSec) external {
        _fund(signer, amount, untilSec);
    }

    /// @inheritdoc ISwarmChannels
    function defund(address signer, uint128 amount) external {
        // Effect:
        _withdraw(_purses[msg.sender][signer], amount);
        emit Defunded(msg.sender, signer, amount);
        // Interaction:
        token.push(msg.sender, amount);
    }

    /// @inheritdoc ISwarmChannels
    function open(Channel calldata channel, bytes calldata signature) external {
        bytes32 id = channelId(channel);
        // Check:
        if (msg.sender != channel.payer) {
            uint64 untilSec = _purses[channel.payer][channel.signer].untilSec;
            if (block.timestamp >= untilSec) revert SwarmChannels_PurseExpired(untilSec);
            if (msg.sender != channel.signer && Signatures.recover(openDigest(id), signature) != channel.signer) {
                revert SwarmChannels_BadSignature();
            }
        }
        _open(id, channel);
    }

    /// @inheritdoc ISwarmChannels
    function fundAndOpen(uint128 amount, uint64 untilSec, Channel calldata channel) external {
        // Check:
        if (msg.sender != channel.payer) revert SwarmChannels_NotAllowed(msg.sender);
        _fund(channel.signer, amount, untilSec);
        _open(channelId(channel), channel);
    }

    /// @inheritdoc ISwarmChannels
    function redeem(RedeemRow[] calldata rows, SeatProof[] calldata proofs) external {
        bytes32 separator = domainSeparator();
        uint256 nextProof = 0;
        address payee = address(0);
        uint256 due = 0;
        for (uint256 i = 0; i < rows.length; ++i) {
            RedeemRow calldata row = rows[i];
            uint128 provenCap = 0;
            if (nextProof < proofs.length && proofs[nextProof].row == i) {
                provenCap = _provenCap(row, proofs[nextProof]);
                ++nextProof;
            }
            address rowPayee = row.payee;
            if (rowPayee != payee) {
                // Interaction: what the run before this row earned. Later rows read storage anew.
                if (due > 0) token.push(payee, due);
                payee = rowPayee;
                due = 0;
            }
            due += _redeemRow(separator, row, rowPayee, provenCap);
        }
        // Interaction:
        if (due > 0) token.push(payee, due);
    }

    /// @inheritdoc ISwarmChannels
    function startClose(Channel calldata channel) external {
        bytes32 id = channelId(channel);
        // Check:
        _onlyParty(channel);
        ChannelSlot storage slot = _channels[id];
        if (slot.status != ChannelStatus.Open) revert SwarmChannels_NotOpen(id);
        // Effect:
        uint40 closeAtSec = uint40(block.timestamp + channel.closeDelaySec);
        _channels[id] = ChannelSlot(channel.signer, closeAtSec, ChannelStatus.Closing);
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
        uint128 left = _purses[msg.sender][signer].balance;
        if (left > 0) {
            _purses[msg.sender][signer].balance = 0;
            emit Defunded(msg.sender, signer, left);
            refund += left;
        }
        // Interaction:
        if (refund > 0) token.push(msg.sender, refund);
    }

    /// @inheritdoc ISwarmChannels
    function purse(address payer, address signer) external view returns (uint128 balance, uint64 untilSec) {
        Purse memory found = _purses[payer][signer];
        return (found.balance, found.untilSec);
    }

    /// @inheritdoc ISwarmChannels
    function channelState(bytes32 id)
        external
        view
        returns (ChannelStatus status, address signer, uint40 closeAtSec)
    {
        ChannelSlot memory slot = _channels[id];
        return (slot.status, slot.signer, slot.closeAtSec);
    }

    /// @inheritdoc ISwarmChannels
    function seat(bytes32 id, address payee) external view returns (uint128 cap, uint128 claimed) {
        Seat memory found = _seats[id][payee];
        return (found.cap, found.claimed);
    }

    /// @inheritdoc ISwarmChannels
    function seatTree(SeatLeaf[] calldata leaves) external pure returns (bytes32 root, uint128 total) {
        return SeatTree.build(leaves);
    }

    function _onlyParty(Channel calldata channel) private view {
        if (msg.sender != channel.payer && msg.sender != channel.signer) revert SwarmChannels_NotAllowed(msg.sender);
    }

    function _fund(address signer, uint128 amount, uint64 untilSec) private {
        // Check:
        if (signer == address(0)) revert SwarmChannels_SignerIsZero();
        // Interaction: before the effect, because only the balance tells what arrived; `_pull` bars nesting.
        uint128 received = amount == 0 ? 0 : _pull(amount);
        // Effect:
        Purse storage found = _purses[msg.sender][signer];
        _purses[msg.sender][signer] = Purse(found.balance + received, untilSec);
        emit Funded(msg.sender, signer, received, untilSec);
    }

    /// Takes `amount` from the sender and says what arrived, which a fee can make less and nothing can make more.
    function _pull(uint128 amount) private returns (uint128) {
        uint256 serial = ++_pulls;
        uint256 before = ITrc20(token).balanceOf(address(this));
        token.pull(msg.sender, amount);
        if (_pulls != serial) revert SwarmChannels_Reentered();
        uint256 current = ITrc20(token).balanceOf(address(this));
        if (current <= before) revert SwarmChannels_NothingReceived();
        uint256 received = current - before;
        return received < amount ? uint128(received) : amount;
    }

    function _withdraw(Purse storage from, uint128 amount) private {
        uint128 balance = from.balance;
        if (balance < amount) revert SwarmChannels_PurseTooLow(balance, amount);
        unchecked {
            from.balance = balance - amount;
        }
    }

    function _open(bytes32 id, Channel calldata channel) private {
        // Check:
        if (channel.signer == address(0)) revert SwarmChannels_SignerIsZero();
        if (channel.total == 0) revert SwarmChannels_TotalIsZero();
        if (channel.closeDelaySec < MIN_CLOSE_DELAY_SEC || channel.closeDelaySec > MAX_CLOSE_DELAY_SEC) {
            revert SwarmChannels_CloseDelayOutOfRange(channel.closeDelaySec);
        }
        if (_channels[id].status != ChannelStatus.Unknown) revert SwarmChannels_AlreadyOpened(id);
        // Effect:
        _withdraw(_purses[channel.payer][channel.signer], channel.total);
        _channels[id] = ChannelSlot(channel.signer, 0, ChannelStatus.Open);
        emit Opened(
            id, channel.payer, channel.signer, channel.root, channel.total, channel.closeDelaySec, channel.salt
        );
    }

    /// The cap that a proof shows for a row's payee, or 0.
    function _provenCap(RedeemRow calldata row, SeatProof calldata proof) private view returns (uint128) {
        if (row.payee == address(0) || row.payee == address(this)) return 0;
        if (channelId(proof.channel) != row.channelId) return 0;
        bytes32 leaf = SeatTree.leafHash(row.payee, proof.delegate, proof.cap);
        return SeatTree.isUnder(leaf, proof.cap, proof.path, proof.channel.root, proof.channel.total) ? proof.cap : 0;
    }

    /// What a row earns its payee; 0 when it is skipped.
    function _redeemRow(bytes32 separator, RedeemRow calldata row, address payee, uint128 provenCap)
        private
        returns (uint256)
    {
        bytes32 id = row.channelId;
        uint128 cumulative = row.cumulative;
        Seat storage seat_ = _seats[id][payee];
        (uint128 cap, uint128 claimed) = (seat_.cap, seat_.claimed);
        // A payer could plant a second, smaller leaf of the same payee: the greater cap holds, both being in the total.
        if (provenCap > cap) cap = provenCap;
        // Check:
        if (cumulative <= claimed || cumulative > cap) return 0;
        ChannelSlot storage slot = _channels[id];
        (address signer, ChannelStatus status) = (slot.signer, slot.status);
        if (status != ChannelStatus.Open && status != ChannelStatus.Closing) return 0;
        bytes32 digest = _voucherDigest(separator, id, payee, cumulative);
        if (Signatures.recover(digest, row.r, row.vs) != signer) return 0;
        // Effect:
        assembly ("memory-safe") {
            // Both halves in one write, which the compiler makes two.
            sstore(seat_.slot, or(shl(128, cumulative), cap))
        }
        unchecked {
            emit Redeemed(id, payee, cumulative - claimed);
            return cumulative - claimed;
        }
    }

    /// Ends a channel and pays its released seats; returns what is the payer's.
    function _settle(Channel calldata channel, SeatLeaf[] calldata leaves, Release[] calldata releases)
        private
        returns (uint128 refund)
    {
        bytes32 id = channelId(channel);
        ChannelSlot memory slot = _channels[id];
        // Check:
        if (slot.status != ChannelStatus.Open && slot.status != ChannelStatus.Closing) {
            revert SwarmChannels_NotOpen(id);
        }
        (bytes32 root, uint128 total) = SeatTree.build(leaves);
        if (root != channel.root || total != channel.total) revert SwarmChannels_TreeMismatch(id);
        bool isOver = slot.status == ChannelStatus.Closing && block.timestamp >= slot.closeAtSec;
        // Effect: from here on no row of this channel is redeemed, so transfers may stand between the seats.
        _channels[id] = ChannelSlot(slot.signer, slot.closeAtSec, ChannelStatus.Settled);
        refund = total;
        uint256 nextRelease = 0;
        for (uint256 i = 0; i < leaves.length; ++i) {
            SeatLeaf calldata leaf = leaves[i];
            uint128 claimed = _seats[id][leaf.payee].claimed;
            uint128 last = claimed;
            if (nextRelease < releases.length && releases[nextRelease].payee == leaf.payee) {
                last = _released(id, leaf, releases[nextRelease]);
                ++nextRelease;
                if (last < claimed) last = claimed;
            } else if (!isOver && claimed != leaf.cap) {
                revert SwarmChannels_SeatStillOpen(leaf.payee);
            }
            refund -= last;
            if (last > claimed) {
                emit Redeemed(id, leaf.payee, last - claimed);
                // Interaction:
                token.push(leaf.payee, last - claimed);
            }
        }
        // Check: a release that matched no leaf in its order would otherwise be dropped without a word.
        if (nextRelease != releases.length) revert SwarmChannels_BadRelease(releases[nextRelease].payee);
        emit Settled(id, refund);
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
